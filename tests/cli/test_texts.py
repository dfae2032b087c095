"""Texts: both languages say the same, and every text is said somewhere."""

import re
from pathlib import Path
from string import Formatter

import pytest

from services.cli import texts
from services.cli.texts import FORMS, TEXTS, say, speak, word

CLI = Path(texts.__file__).parents[1]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in CLI.rglob("*.py") if path.parent.name != "texts")


def fields(text: str) -> set[str]:
    """The values that a text wants."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_take_the_same_values() -> None:
    """A text that is told with some values can be told with them in the other language too."""
    assert {key for key, text in TEXTS.items() if fields(text.en) != fields(text.ru)} == set()


def test_no_text_is_empty_in_a_language() -> None:
    """Whoever reads Russian reads as much as whoever reads English."""
    assert {key for key, text in TEXTS.items() if not text.en.strip() or not text.ru.strip()} == set()


def test_counting_words_have_all_their_forms() -> None:
    """English has two plural forms, Russian three."""
    for key, text in TEXTS.items():
        assert all(forms.count("|") == 1 for forms in FORMS.findall(text.en)), key
        assert all(forms.count("|") == 2 for forms in FORMS.findall(text.ru)), key


def test_every_text_that_the_code_says_exists() -> None:
    """A key in the code is a key of the texts."""
    said = set(re.findall(r'say\(\s*"([^"{]+)"', CODE))

    assert said - TEXTS.keys() == set()


def test_every_text_is_said_somewhere() -> None:
    """A text that nobody says is dead weight for its translators."""
    made = {key.partition(".")[0] for key in TEXTS} - {"help", "word", "progress", "wait", "import", "niche", "run"}
    made -= {"top", "serve", "proof", "doctor", "usage"}
    plain = {key for key in TEXTS if key.partition(".")[0] not in made}

    assert {key for key in plain if not re.search(rf"[\"']{re.escape(key)}[\"']", CODE)} == set()


def test_every_column_has_a_title() -> None:
    """A table's column is named in both languages."""
    columns = set(re.findall(r'\bColumn\("([^"]+)"', CODE))

    assert {f"column.{key}" for key in columns} - TEXTS.keys() == set()
    assert {key for key in TEXTS if key.startswith("column.")} - {f"column.{key}" for key in columns} == set()


@pytest.mark.parametrize(
    ("n", "said"), [(1, "1 тренд обновлён"), (2, "2 тренда обновлены"), (5, "5 трендов обновлено"),
                    (11, "11 трендов обновлено"), (21, "21 тренд обновлён"), (112, "112 трендов обновлено")]
)  # fmt: skip
def test_russian_words_agree_with_their_number(n: int, said: str) -> None:
    """CLDR: 1 and 21 take one, 2 to 4 few, the others and the teens many."""
    speak("ru")

    assert say("demo.trends_updated", n=n) == said


def test_a_code_without_a_text_stays_as_it_is() -> None:
    """What a newer service says is shown rather than hidden."""
    assert word("verdict", "enter") == "enter"
    assert word("flag", "not_known_here") == "not_known_here"
