"""What was measured, written as the reports write it: a share in percent, an amount with its sign, a ratio with ×."""

from collections.abc import Mapping
from typing import Any

from contracts.score import Evidence
from services.cli.texts import language
from services.export.score_side import natural
from services.export.words import Voice


def raw(value: float | None, unit: str, currency: str) -> str | None:
    """A term's raw value as a person thinks of it: a logarithm is undone."""
    if value is None:
        return None
    found = natural(value, unit)
    return _voice(currency).figure(found.value, found.kind, found.digits)


def fact(name: str, value: float, currency: str) -> str:
    """A fact that gates and evidence look at."""
    return _voice(currency).fact(name, value)


def lack(evidence: Mapping[str, Any], currency: str) -> str:
    """What there is too little of: weeks 7, 12 needed."""
    return _voice(currency).lack(Evidence.model_validate(evidence))


def _voice(currency: str) -> Voice:
    return Voice(language(), currency)
