"""What each command does, as its help says; the first line stands in the list of commands."""

_SCOUT = (
    """Finds product niches worth entering on a marketplace, and proves how well it finds them.

Start with `scout demo`, or with `scout import FILE --market NAME`.""",
    """Находит товарные ниши, в которые стоит входить на маркетплейсе, и проверяет, насколько хорошо это удаётся.

Начните с `scout demo` или с `scout import FILE --market NAME`.""",
)

_IMPORT = (
    """Take a table of sales into a market.

FILE is CSV or Parquet. Columns are guessed by their headers; --mapping overrides a guess. A bad row is kept aside,
counted and named, and the rest goes on.""",
    """Загрузить таблицу продаж в рынок.

FILE — CSV или Parquet. Столбцы узнаются по заголовкам; --mapping называет столбец сам. Негодная строка откладывается,
считается и называется, остальные загружаются.""",
)

TEXTS = {
    "command.scout": _SCOUT,
    "command.import": _IMPORT,
    "command.demo": (
        "Score a real market as of a past day, and show what then happened.",
        "Оценить настоящий рынок на день в прошлом и показать, что было потом.",
    ),
    "command.market": ("The markets that were imported.", "Загруженные рынки."),
    "command.market.list": ("List the markets.", "Список рынков."),
    "command.market.show": ("Show one market.", "Показать один рынок."),
    "command.market.settings": (
        (
            "Show or set what Scout cannot see of a market: its tariffs, your costs, sellers that are none.\n\n"
            "It is a TOML file: save what this prints, change it, and set it with --set FILE."
        ),
        (
            "Показать или задать то, чего Scout не видит: тарифы, ваши затраты, кто не продавец.\n\n"
            "Это файл TOML: сохраните напечатанное, измените и задайте параметром --set FILE."
        ),
    ),
    "command.niche": ("Look at niches, analyse them, watch them.", "Смотреть ниши, анализировать, следить."),
    "command.niche.list": ("List the niches of a market.", "Список ниш рынка."),
    "command.niche.show": (
        "Show a niche: its scores, why, and what they stand on.\n\nNICHE is its id or its name.",
        "Показать нишу: оценки, почему они такие и на чём стоят.\n\nNICHE — её id или название.",
    ),
    "command.niche.analyze": (
        "Analyse and score one niche, or with --all every niche of a market.\n\nNICHE is its id or its name.",
        "Проанализировать и оценить одну нишу, а с --all — все ниши рынка.\n\nNICHE — её id или название.",
    ),
    "command.niche.watch": (
        "Analyse a niche again whenever new data comes.",
        "Анализировать нишу снова, как только появятся новые данные.",
    ),
    "command.niche.unwatch": ("Stop watching a niche.", "Больше не следить за нишей."),
    "command.top": (
        "The niches with the highest opportunity scores.",
        "Ниши с самой высокой оценкой возможности.",
    ),
    "command.backtest": (
        "Score past days from the past alone, and compare with what then happened.",
        "Оценить прошлые дни только по их прошлому и сравнить с тем, что было потом.",
    ),
    "command.export": ("Save a report as a file.", "Сохранить отчёт в файл."),
    "command.export.leaderboard": (
        "Save the niches of a market with their scores.",
        "Сохранить ниши рынка с оценками.",
    ),
    "command.export.niche": (
        "Save everything about one niche.\n\nNICHE is its id or its name.",
        "Сохранить всё об одной нише.\n\nNICHE — её id или название.",
    ),
    "command.run": (
        "What was asked for, how it goes and how it ended.",
        "Что было поручено, как идёт и чем кончилось.",
    ),
    "command.run.list": ("List runs, the newest first.", "Список запусков, новые сверху."),
    "command.run.show": ("Show one run, stage by stage.", "Показать запуск по шагам."),
    "command.run.watch": (
        "Wait for a run, or for every run of a batch.",
        "Дождаться запуска или всех запусков пакета.",
    ),
    "command.run.stats": (
        "Count what each replica of the services did.\n\nA container's host is its short id, as `docker ps` shows it.",
        "Посчитать, что сделала каждая копия служб.\n\nХост контейнера — его короткий id, как в `docker ps`.",
    ),
    "command.agent": (
        "The software employee: its state and what it did today.",
        "Программный сотрудник: состояние и что сделано сегодня.",
    ),
    "command.event": ("What was said in the house.", "Что сказали друг другу службы."),
    "command.event.list": ("List events in the order of the journal.", "Список событий в порядке журнала."),
    "command.event.catalog": (
        "List every event there is, who tells it and who hears it.",
        "Список всех событий: кто сообщает, кто слышит.",
    ),
    "command.event.publish": (
        (
            "Tell the house an event from outside, and wait for what comes of it.\n\n"
            "TYPE is a key that `scout event catalog` marks as open to others, FILE its data as JSON (- reads stdin)."
        ),
        (
            "Сообщить дому событие извне и дождаться, что из него выйдет.\n\n"
            "TYPE — ключ, открытый для других в `scout event catalog`, FILE — данные в JSON (- читает stdin)."
        ),
    ),
    "command.event.tail": (
        "Print events as they are written, until Ctrl-C.",
        "Печатать события по мере записи, пока не нажмут Ctrl-C.",
    ),
    "command.letter": (
        "Dead letters: messages that nobody could handle.",
        "Недоставленное: сообщения, с которыми никто не справился.",
    ),
    "command.letter.list": ("List dead letters.", "Список недоставленного."),
    "command.letter.show": ("Show a dead letter whole.", "Показать недоставленное сообщение целиком."),
    "command.letter.redrive": (
        "Send a dead letter again, as it was or with another body.",
        "Отправить недоставленное снова: как было или с другим телом.",
    ),
    "command.letter.purge": (
        "Delete the body of a dead letter for good; the record stays.",
        "Удалить тело недоставленного сообщения навсегда; запись остаётся.",
    ),
    "command.doctor": (
        "Check the folder, the house, the store, the data and the clock.",
        "Проверить папку, дом, хранилище, данные и часы.",
    ),
    "command.serve": (
        "Keep the house open and serve its API, until Ctrl-C.",
        "Держать дом открытым с его API, пока не нажмут Ctrl-C.",
    ),
}
