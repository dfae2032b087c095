"""What a backtest says, in English and Russian; `sentences` fills in numbers and names."""

EN = {
    "growth.holds": (
        "Growth holds: the score ranks the next {horizon} weeks better than chance, ρ {rho} [{lo} to {hi}], above "
        "zero at {positive} of {cuts} past days; {hit} of its top tenth landed in the true top quarter (chance 25 "
        "%). It orders a list; about a single niche it is often wrong."
    ),
    "growth.open": (
        "Growth is not proved: ρ {rho} [{lo} to {hi}] may as well be chance. Do not choose niches here by it."
    ),
    "growth.reversed": (
        "Growth is wrong here: the score runs against what happened, ρ {rho} [{lo} to {hi}]. Change its weights."
    ),
    "growth.untested": "Growth is not tested: the score is the same for all niches, or not known.",
    "entry.holds": (
        "Entry holds: newcomers earn more where the score is high, ρ {rho} [{lo} to {hi}] over {n} launches; in its"
        " top tenth {hit} of the launches beat the median one, in its bottom tenth {bottom}."
    ),
    "entry.open": "Entry is not proved: ρ {rho} [{lo} to {hi}] over {n} launches may as well be chance.",
    "entry.reversed": (
        "Entry is wrong here: newcomers earn less where the score is high, ρ {rho} [{lo} to {hi}] over {n} "
        "launches. Change its weights."
    ),
    "entry.untested": (
        "Entry is not tested: {launched} launches are known, too few to compare. Import listing dates to test it."
    ),
    "suspicious": (
        "{outcome}: a ρ of {rho} is more than honest fixed rules have reached. Look for a leak in the data first."
    ),
    "against.ahead": "{outcome}: clearly ahead of {scores}.",
    "against.level": "{outcome}: on a par with {scores}.",
    "against.behind": "{outcome}: behind {scores}, which is simpler and better here.",
    "term.helps": "{outcome}: {term} helps; it adds {loss} to ρ [{lo} to {hi}].",
    "term.unproved": "{outcome}: {term} is not shown to help; it adds {loss} to ρ [{lo} to {hi}].",
    "term.hurts": "{outcome}: {term} does harm; it adds {loss} to ρ [{lo} to {hi}]. Take its weight away.",
    "leakage.passed": (
        "No leak: with the future removed and then altered, {cells} values stayed the same (largest change "
        "{difference})."
    ),
    "leakage.failed": (
        "LEAK: with the future altered, values of the past changed by up to {difference}. No figure here can be "
        "trusted; report this as an error of Scout."
    ),
    "purge.passed": "Purged: no score has seen a week that its outcome counts.",
    "purge.failed": "NOT PURGED: scores have seen weeks that outcomes count. No figure here can be trusted.",
    "placebo.passed": (
        "{outcome}: with outcomes shuffled nothing is found, largest |ρ| {largest} over {seeds} shuffles."
    ),
    "placebo.failed": (
        "{outcome}: SKILL WITHOUT CAUSE: with outcomes shuffled |ρ| reaches {largest}, limit {limit}. Do not trust it."
    ),
    "gates.untested": "Gates are not tested: they guard against what a past day has no facts for.",
}

RU = {
    "growth.holds": (
        "Рост подтверждён: оценка упорядочивает следующие недели (их {horizon}) лучше случая, ρ {rho} [{lo}…{hi}], "
        "выше нуля в {positive} из {cuts} прошлых дат; {hit} её верхней десятой попали в истинную верхнюю четверть "
        "(случайно — 25 %). Она упорядочивает список; про одну нишу она часто ошибается."
    ),
    "growth.open": (
        "Рост не подтверждён: ρ {rho} [{lo}…{hi}] может быть случайностью. Не выбирайте по нему ниши этого рынка."
    ),
    "growth.reversed": (
        "Рост здесь неверен: оценка идёт против того, что случилось, ρ {rho} [{lo}…{hi}]. Измените её веса."
    ),
    "growth.untested": "Рост не проверен: оценка одинакова у всех ниш или неизвестна.",
    "entry.holds": (
        "Вход подтверждён: новички выручают больше там, где оценка выше, ρ {rho} [{lo}…{hi}], запусков: {n}; в её "
        "верхней десятой медианный запуск обошли {hit}, в нижней — {bottom}."
    ),
    "entry.open": "Вход не подтверждён: ρ {rho} [{lo}…{hi}] (запусков: {n}) может быть случайностью.",
    "entry.reversed": (
        "Вход здесь неверен: новички выручают меньше там, где оценка выше, ρ {rho} [{lo}…{hi}], запусков: {n}. "
        "Измените её веса."
    ),
    "entry.untested": (
        "Вход не проверен: известно запусков: {launched}, сравнивать мало. Загрузите даты появления товаров."
    ),
    "suspicious": (
        "{outcome}: ρ {rho} выше, чем достигали честные правила. Сначала поищите в данных утечку из будущего."
    ),
    "against.ahead": "{outcome}: явно лучше, чем {scores}.",
    "against.level": "{outcome}: не отличить от: {scores}.",
    "against.behind": "{outcome}: хуже, чем {scores}: проще и здесь лучше.",
    "term.helps": "{outcome}: {term} — помогает; добавляет к ρ {loss} [{lo}…{hi}].",
    "term.unproved": "{outcome}: {term} — польза не доказана; добавляет к ρ {loss} [{lo}…{hi}].",
    "term.hurts": "{outcome}: {term} — вредит; добавляет к ρ {loss} [{lo}…{hi}]. Уберите этот вес.",
    "leakage.passed": (
        "Утечки нет: когда будущее убрали, а потом изменили, значения не изменились (их {cells}, наибольшее отличие"
        " {difference})."
    ),
    "leakage.failed": (
        "УТЕЧКА: когда будущее изменили, значения прошлого изменились на {difference}. Ни одной цифре здесь верить "
        "нельзя; сообщите об этом как об ошибке Scout."
    ),
    "purge.passed": "Очищено: ни одна оценка не видела недель, по которым её проверяли.",
    "purge.failed": "НЕ ОЧИЩЕНО: оценки видели недели, по которым их проверяли. Ни одной цифре здесь верить нельзя.",
    "placebo.passed": (
        "{outcome}: с перемешанными исходами ничего не найдено, наибольшее |ρ| {largest}, перемешиваний: {seeds}."
    ),
    "placebo.failed": (
        "{outcome}: УМЕНИЕ БЕЗ ПРИЧИНЫ: с перемешанными исходами |ρ| доходит до {largest}, предел {limit}. Не верьте."
    ),
    "gates.untested": "Пороги не проверены: они берегут от того, о чём у прошлых дат нет фактов.",
}

WORDS = {
    "growth": ("growth", "рост"),
    "entry": ("entry", "вход"),
    "random": ("a coin", "монета"),
    "shipped": ("the shipped weights", "веса по умолчанию"),
    "combo_js": ("demand over competition", "спрос к конкуренции"),
    "forecast_growth": ("the damped forecast", "затухающий прогноз"),
    "momentum_4w": ("4-week momentum", "импульс 4 недель"),
    "momentum_8w": ("8-week momentum", "импульс 8 недель"),
    "level": ("the level of turnover", "уровень оборота"),
    "revenue_per_listing": ("revenue per listing", "выручка на товар"),
    "revenue_per_seller": ("revenue per seller", "выручка на продавца"),
    "concentration": ("concentration of sellers", "концентрация продавцов"),
}
