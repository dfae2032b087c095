"""What an analysis says to a person."""

from typing import Literal

from contracts.message import Shape

Lang = Literal["ru", "en"]


class Text(Shape):
    """What the numbers mean, in one language; `source` says who wrote it, `checked` that its numbers are ours."""

    lang: Lang
    conclusion: str
    evidence: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    next_step: str
    source: Literal["template"] = "template"
    checked: bool = True
