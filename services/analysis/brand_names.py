"""Names of brands, whichever way they are written, and those that name none."""

import re
import unicodedata

_LEFT_OUT = re.compile(r"['’`´.]")
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> str:
    """The words of a text without case, accents and signs: Ё is е, L'Oréal is loreal, Coca-Cola is coca cola."""
    folded = text.casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(_LEFT_OUT.sub("", folded)))


NO_BRANDS = frozenset(
    words(text)
    for text in (
        "", "national", "private", "private label", "store brand",  # which kind of brand it is, not which brand
        "no brand", "nobrand", "no name", "noname", "unbranded", "generic", "none", "n/a", "na", "unknown", "other",
        "без бренда", "нет бренда", "бренд отсутствует", "нет", "ноунейм", "не указан", "неизвестно",
        "другое", "прочее",
    )
)  # fmt: skip
"""What sources write where there is no brand, in words: goods of these have none in common."""
