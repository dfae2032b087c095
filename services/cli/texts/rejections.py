"""Why an import refuses a row, in the words of the trend service and in Russian."""

_RUSSIAN = {
    "the day cannot be read": "день не прочитать",
    "the day is missing": "день не указан",
    "the day is in the future": "день в будущем",
    "the product is missing": "товар не указан",
    "the niche is missing": "ниша не указана",
    "the number cannot be read": "число не прочитать",
    "a return: units are below zero": "возврат: штук меньше нуля",
    "the price is below zero": "цена меньше нуля",
    "a refund: revenue is below zero": "возврат денег: выручка меньше нуля",
    "the price is zero": "цена — ноль",
    "revenue without units": "выручка без штук",
    "units without revenue": "штуки без выручки",
    "no number of sales": "нет ни одного числа продаж",
    "more fields than the header": "полей больше, чем в заголовке",
    "the value cannot be read": "значение не прочитать",
}

TEXTS = {f"why.{why}": (why, russian) for why, russian in _RUSSIAN.items()}
