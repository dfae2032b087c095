"""What a command says while it works and beside its tables."""

TEXTS = {
    "progress.of": ("{done} of {total} {unit}", "{done} из {total} {unit}"),
    "wait.analyze": ("Analysing", "Анализ"),
    "wait.backtest": ("Replaying history", "Проверка на истории"),
    "wait.batch": ("Analysing and scoring", "Анализ и оценка"),
    "wait.detached": (
        "Stopped waiting; accepted work is not lost. See how it goes: {command}",
        "Больше не ждём; принятая работа не пропадёт. Как она идёт: {command}",
    ),
    "wait.export": ("Writing the {form} report", "Отчёт {form}"),
    "wait.import": ("Importing {name}", "Загрузка {name}"),
    "wait.settings": ("Setting the market's settings", "Запись настроек рынка"),
    "wait.run": ("Waiting for the run", "Ждём запуск"),
    "import.rejected": (
        "{count} [row was|rows were] rejected:",
        "[Отклонена|Отклонены|Отклонено] {count} [строка|строки|строк]:",
    ),
    "import.rejected.where": (
        "--rejected FILE saves them, each with its reason.",
        "--rejected ФАЙЛ сохранит их, каждую с причиной.",
    ),
    "import.rejected.saved": ("They are in {file}, each with its reason.", "Они в {file}, каждая с причиной."),
    "import.unread": (
        "{count} [value|values] of rows that were kept could not be read, and are taken as not known:",
        "У принятых строк не прочитать {count} [значение|значения|значений]; они считаются неизвестными:",
    ),
    "import.mapping": ("Columns were read as:", "Столбцы поняты так:"),
    "market.configured": (
        (
            "Every analysis of {name} goes by these settings from now on. "
            "A house that stays open (scout serve) analyses the watched niches again by itself."
        ),
        (
            "Теперь все анализы рынка {name} идут по этим настройкам. "
            "Постоянно открытый дом (scout serve) сам анализирует ниши под наблюдением снова."
        ),
    ),
    "niche.doubts": ("Doubts: {doubts}", "Сомнения: {doubts}"),
    "niche.opening": ("+ {name}: {where}, {size} a week", "+ {name}: {where}, {size} в неделю"),
    "niche.too_little": ("Too little to score: {lack}", "Для оценки мало: {lack}"),
    "niche.unscored": (
        "Not analysed yet. Do it: scout niche analyze {id}",
        "Ещё не анализировалась. Проанализировать: scout niche analyze {id}",
    ),
    "niche.watched": (
        "Watched: it is analysed again when new data comes.",
        "Под наблюдением: с новыми данными анализ повторится.",
    ),
    "niche.unwatched": ("Not watched any more.", "Наблюдение снято."),
    "run.attempt": ("attempt {n}", "попытка {n}"),
    "run.stats.none": (
        "No worker has done anything in that time.",
        "За это время ни одна служба ничего не сделала.",
    ),
    "top.as_of": (
        "Scored as of {days}. Ranges of 80 % that overlap are ties.",
        "Оценено на {days}. Пересекающиеся интервалы 80 % — ничья.",
    ),
    "top.no_sellers": (
        "Sellers are not in the data of these niches: competition was not checked, and no gate could close.",
        "В данных этих ниш нет продавцов: конкуренция не проверена, ни один порог не мог закрыться.",
    ),
    "top.insufficient": (
        "None of these niches has enough data to be scored. Too little of: {facts}.",
        "Ни для одной из этих ниш не хватает данных для оценки. Мало: {facts}.",
    ),
    "top.none": (
        "No niche of {market} is scored yet. Do it: scout niche analyze --all --market {market}",
        "В рынке {market} ещё нет оценённых ниш. Оценить: scout niche analyze --all --market {market}",
    ),
    "top.none_of": ("No niche has the verdict “{verdict}”.", "Ни у одной ниши нет вердикта «{verdict}»."),
    "serve.open": (
        "Scout serves at {url} from {home}. Ctrl-C stops it.",
        "Scout работает на {url}, папка {home}. Ctrl-C остановит.",
    ),
    "serve.closing": (
        "Closing. Accepted work that is not done goes on at the next start.",
        "Закрываемся. Принятая и не готовая работа продолжится при следующем запуске.",
    ),
    "proof.line": ("{n} past [day|days]; {claims}", "{n} [прошлый день|прошлых дня|прошлых дней]; {claims}"),
    "proof.claim": (
        "{name} ρ {rho} ({interval}), best tenth right in {hit} (chance {chance})",
        "{name} ρ {rho} ({interval}), лучшая десятая права в {hit} (случай {chance})",
    ),
    "proof.explained": (
        "ρ: do the orders agree, from −1 to +1; 0 is chance. Brackets are 95 % intervals.",
        "ρ: совпадают ли порядки, от −1 до +1; 0 — случай. В скобках интервалы 95 %.",
    ),
}
