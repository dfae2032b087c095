"""What the doctor finds."""

TEXTS = {
    "check.folder": ("folder", "папка"),
    "check.house": ("house", "дом"),
    "check.store": ("store", "хранилище"),
    "check.markets": ("markets", "рынки"),
    "check.letters": ("dead letters", "недоставленное"),
    "check.builtin": ("built-in market", "встроенный рынок"),
    "check.clock": ("clock", "часы"),
    "check.order": ("order of time", "порядок времени"),
    "doctor.remote": ("not used: SCOUT_URL is {url}", "не нужна: SCOUT_URL — {url}"),
    "doctor.open": ("open at {where}", "открыт: {where}"),
    "doctor.readable": ("readable", "читается"),
    "doctor.store.fix": (
        "Look into the log: SCOUT_LOG_LEVEL=DEBUG scout doctor",
        "Посмотрите журнал: SCOUT_LOG_LEVEL=DEBUG scout doctor",
    ),
    "doctor.no_markets": ("none yet", "пока нет"),
    "doctor.letters": ("{n} [letter|letters]", "{n} [сообщение|сообщения|сообщений]"),
    "doctor.no_package": ("the package {name} is not installed", "пакет {name} не установлен"),
    "doctor.future": (
        "the newest run began at {time}, which is still to come",
        "последний запуск начался в {time}, а это ещё впереди",
    ),
    "doctor.future.fix": ("Set the clock of this machine.", "Поставьте часы этой машины."),
}
