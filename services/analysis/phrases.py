"""The sentences that an analysis is told in, by language."""

from collections.abc import Mapping

from contracts.text import Lang
from services.analysis import phrases_en, phrases_ru

PHRASES: Mapping[Lang, Mapping[str, str]] = {"en": phrases_en.PHRASES, "ru": phrases_ru.PHRASES}
NOUNS: Mapping[Lang, Mapping[str, tuple[str, ...]]] = {"en": phrases_en.NOUNS, "ru": phrases_ru.NOUNS}
