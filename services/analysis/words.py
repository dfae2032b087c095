"""Numbers and counted nouns as people write them in Russian and English."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from contracts.text import Lang

THIN = "\u202f"  # narrow no-break space: between thousands in Russian
SPACE = "\u00a0"  # no-break space: before a unit
MINUS = "\u2212"

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "RUB": "₽", "CNY": "¥", "KZT": "₸"}
_MONTHS: dict[Lang, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
}  # fmt: skip
_WHOLE = 100


def number(value: float, lang: Lang, digits: int = 0) -> str:
    """A number with `digits` decimals, thousands apart, and a true minus sign."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    text = f"{abs(rounded):,.{digits}f}"
    if lang == "ru":
        text = text.replace(",", THIN).replace(".", ",")
    return (MINUS if rounded < 0 else "") + text


def money(value: float, currency: str, lang: Lang) -> str:
    """An amount with its sign where people of that language put it; cents only under a hundred."""
    digits = 0 if abs(value) >= _WHOLE else 2
    sign = _SIGNS.get(currency, currency)
    amount = number(value, lang, digits)
    if lang == "ru" or len(sign) > 1:
        return f"{amount}{SPACE}{sign}"
    return f"{MINUS}{sign}{amount[1:]}" if amount.startswith(MINUS) else f"{sign}{amount}"


def percent(share: float, lang: Lang) -> str:
    """A share as a percentage; one decimal under 10 %."""
    value = share * 100
    return f"{number(value, lang, 1 if 0 < abs(value) < 10 else 0)}{SPACE}%"  # noqa: PLR2004 - said above


def day(value: date, lang: Lang) -> str:
    """A date in words: 5 Nov 2017, 5 ноября 2017."""
    return f"{value.day}{SPACE}{_MONTHS[lang][value.month - 1]}{SPACE}{value.year}"


def plural(count: int, forms: tuple[str, ...], lang: Lang) -> str:
    """The form that agrees with a whole number (CLDR rules): one, other in English; one, few, many in Russian."""
    if lang == "en":
        return forms[0] if count == 1 else forms[1]
    ten, hundred = count % 10, count % 100
    if ten == 1 and hundred != 11:  # noqa: PLR2004 - CLDR: 1, 21, 31, not 11
        return forms[0]
    return forms[1] if 2 <= ten <= 4 and not 12 <= hundred <= 14 else forms[2]  # noqa: PLR2004 - CLDR: 2-4, not 12-14


def counted(count: int, forms: tuple[str, ...], lang: Lang) -> str:
    """A whole number and its noun, in agreement: 1 niche, 2 ниши, 5 ниш."""
    return f"{number(count, lang)}{SPACE}{plural(count, forms, lang)}"
