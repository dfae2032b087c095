"""What the demo says."""

TEXTS = {
    "demo.step.import": ("Import the market Complete Journey", "Загрузка рынка Complete Journey"),
    "demo.step.trends": ("Update its trends", "Обновление трендов"),
    "demo.step.analyses": ("Analyse and score its niches", "Анализ и оценка ниш"),
    "demo.step.backtest": ("Replay history", "Проверка на истории"),
    "demo.step.exports": ("Write the reports", "Отчёты"),
    "demo.done": ("done", "готово"),
    "demo.imported": ("It is imported already: {kept} rows.", "Уже загружен, строк: {kept}."),
    "demo.kept": (
        "{rows} rows: {kept} kept, {merged} merged into them, {rejected} rejected by reason.",
        "Строк {rows}: принято {kept}, слито с ними {merged}, отклонено по причинам {rejected}.",
    ),
    "demo.niches": (
        "{n} of {total} [niche|niches] scored",
        "[оценена|оценены|оценено] {n} [ниша|ниши|ниш] из {total}",
    ),
    "demo.past_only": (
        "Scored from sales up to {day} only; the last column happened afterwards.",
        "Оценено только по продажам до {day}; последний столбец случился потом.",
    ),
    "demo.market": (
        "Revenue of the whole market in the next 8 weeks against the last 8: {change}.",
        "Выручка всего рынка за следующие 8 недель к последним 8: {change}.",
    ),
    "demo.enter": (
        "Of {n} [niche|niches] marked “enter”, {beat} then grew faster than the market.",
        "Из {n} [ниши|ниш|ниш] с вердиктом «входить» быстрее рынка затем росли: {beat}.",
    ),
    "demo.no_evidence": (
        "One date is no evidence; see the backtest line.",
        "Одна дата ничего не доказывает; смотрите строку проверки.",
    ),
    "demo.unknown": (
        "What then happened is not known: weeks are missing.",
        "Что было потом, неизвестно: не хватает недель.",
    ),
    "demo.backtest": (
        "Backtest (ρ: do two orders agree, −1 to +1, 0 is chance; 95 % intervals)",
        "Проверка на истории (ρ: совпадают ли порядки, от −1 до +1, 0 — случай; интервалы 95 %)",
    ),
    "demo.agent": ("Agent", "Сотрудник"),
    "demo.niches_analyzed_today": (
        "{n} [niche|niches] analysed today",
        "{n} [ниша проанализирована|ниши проанализированы|ниш проанализировано] сегодня",
    ),
    "demo.opportunities_found": (
        "{n} [opening|openings] found by the last analysis",
        "{n} [шанс найден|шанса найдены|шансов найдено] последним анализом",
    ),
    "demo.trends_updated": ("{n} [trend|trends] updated", "{n} [тренд обновлён|тренда обновлены|трендов обновлено]"),
    "demo.report": ("Report", "Отчёт"),
    "demo.little": (
        "{n} [has|have] too little data",
        "для {n} [ниши|ниш|ниш] мало данных",
    ),
    "demo.newer": (
        "{n} [niche was|niches were] since scored as of a later day and [is|are] left out.",
        "{n} [ниша оценена|ниши оценены|ниш оценено] позже на более поздний день и не [показана|показаны|показаны].",
    ),
    "demo.failed": (
        "{n} [niche|niches] could not be analysed.",
        "{n} [ниша не проанализирована|ниши не проанализированы|ниш не проанализировано].",
    ),
    "demo.next": (
        "Look around: {house} {scout} top",
        "Осмотритесь: {house} {scout} top",
    ),
    "demo.took": ("Took {time} in all.", "Всего {time}."),
}
