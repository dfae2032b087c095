"""Everything that the command line says, in English and Russian.

A word that counts has its forms in brackets, `{n} [niche|niches]`: two in English, three in Russian, chosen by the
text's value `n` (CLDR plurals).
"""

import re
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Literal, NamedTuple

from services.cli.texts import commands, demo, doctor, errors, lines, options, rejections, words

Lang = Literal["en", "ru"]
LANGS: tuple[Lang, ...] = ("en", "ru")

FORMS = re.compile(r"\[([^][|]*(?:\|[^][|]*)+)\]")
"""Where a text has the forms of a word."""

_lang: ContextVar[Lang] = ContextVar("lang", default="en")


class Text(NamedTuple):
    """One text in each language."""

    en: str
    ru: str


_PARTS = (commands, demo, doctor, errors, lines, options, rejections, words)
TEXTS: dict[str, Text] = {key: Text(*pair) for part in _PARTS for key, pair in part.TEXTS.items()}


def speak(lang: Lang) -> None:
    """Choose the language of everything that follows."""
    _lang.set(lang)


def language() -> Lang:
    """The language that was chosen."""
    return _lang.get()


def has(key: str) -> bool:
    """Whether there is a text of this key."""
    return key in TEXTS


def say(key: str, **values: object) -> str:
    """A text in the chosen language; raises `KeyError` for a key that has none."""
    text: str = getattr(TEXTS[key], language())
    text = FORMS.sub(lambda found: _form(values["n"], found[1].split("|")), text)
    return text.format(**values) if values else text


def word(kind: str, code: object) -> str:
    """What a code of the API is called; a code without a text stays as it is."""
    key = f"{kind}.{code}"
    return say(key) if has(key) else str(code)


def _form(n: object, forms: Sequence[str]) -> str:
    """The form that goes with `n`: one or other (en), one, few or many (ru)."""
    assert isinstance(n, int)
    if len(forms) == len(("one", "other")):
        return forms[n != 1]
    if n % 10 == 1 and n % 100 != 11:  # noqa: PLR2004 - CLDR's rule is made of these numbers
        return forms[0]
    return forms[1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2]
