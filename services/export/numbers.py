"""Numbers and dates as people write them in English and in Russian."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from contracts.report import Lang

THIN = "\u202f"  # narrow no-break space: between thousands in Russian
SPACE = "\u00a0"  # no-break space: before a unit
MINUS = "\u2212"

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "RUB": "₽", "CNY": "¥", "KZT": "₸"}
MONTHS: dict[Lang, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
}  # fmt: skip
SHORT_MONTHS: dict[Lang, tuple[str, ...]] = {
    "en": MONTHS["en"],
    "ru": ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
}
CENTS_UNDER = 100
TENTHS_UNDER = 10
CHANCE_DIGITS = 3


def number(value: float, lang: Lang, digits: int = 0, *, signed: bool = False) -> str:
    """A number with `digits` decimals, thousands apart, and a true minus sign; `signed` shows a plus too."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    text = f"{abs(rounded):,.{digits}f}"
    if lang == "ru":
        text = text.replace(",", THIN).replace(".", ",")
    plus = "+" if signed and rounded > 0 else ""
    return (MINUS if rounded < 0 else plus) + text


def money(value: float, currency: str, lang: Lang, digits: int | None = None) -> str:
    """An amount with its sign where people of that language put it; cents only under a hundred, unless told."""
    if digits is None:
        digits = 2 if 0 < abs(value) < CENTS_UNDER else 0
    sign = SIGNS.get(currency, currency)
    amount = number(value, lang, digits)
    if lang == "ru" or len(sign) > 1:
        return f"{amount}{SPACE}{sign}"
    return f"{MINUS}{sign}{amount[1:]}" if amount.startswith(MINUS) else f"{sign}{amount}"


def percent(share: float, lang: Lang, *, signed: bool = False) -> str:
    """A share as a percentage; one decimal under 10 %."""
    value = share * 100
    return f"{number(value, lang, 1 if 0 < abs(value) < TENTHS_UNDER else 0, signed=signed)}{SPACE}%"


def chance(value: float, lang: Lang) -> str:
    """A probability with three decimals; one that would be written as zero is said to be under the least of these."""
    least = 10.0**-CHANCE_DIGITS
    return f"<{SPACE}{number(least, lang, CHANCE_DIGITS)}" if value < least else number(value, lang, CHANCE_DIGITS)


def interval(low: str, high: str, lang: Lang) -> str:
    """A range of two written numbers: 91–93; in words where one of them bears a sign."""
    if low == high:
        return low
    if {low[0], high[0]} & {MINUS, "+"}:
        return f"{low} to {high}" if lang == "en" else f"от {low} до {high}"
    return f"{low}–{high}"


def day(value: date, lang: Lang) -> str:
    """A date in words: 5 Nov 2017, 5 ноября 2017."""
    return f"{value.day}{SPACE}{MONTHS[lang][value.month - 1]}{SPACE}{value.year}"


def month(value: date, lang: Lang, *, year: bool) -> str:
    """A month on an axis: Nov, and its year where asked."""
    name = SHORT_MONTHS[lang][value.month - 1]
    return f"{name}{SPACE}{value.year}" if year else name


def plural(count: int, forms: tuple[str, ...], lang: Lang) -> str:
    """The form that agrees with a whole number (CLDR rules): one, other in English; one, few, many in Russian."""
    if lang == "en":
        return forms[0] if count == 1 else forms[1]
    ten, hundred = count % 10, count % 100
    if ten == 1 and hundred != 11:  # noqa: PLR2004 - CLDR: 1, 21, 31, not 11
        return forms[0]
    return forms[1] if 2 <= ten <= 4 and not 12 <= hundred <= 14 else forms[2]  # noqa: PLR2004 - CLDR: 2-4, not 12-14
