import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts import publish
from contracts.catalog import EVENTS
from contracts.commands import COMMANDS

GOLDEN = Path(__file__).with_name("golden")


def fact(**properties: Any) -> str:
    """A schema file in which every field is required."""
    return json.dumps({"type": "object", "properties": properties, "required": sorted(properties)})


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
NUMBER, TEXT = {"type": "number"}, {"type": "string"}


def test_published_schemas_are_up_to_date_and_break_nobody() -> None:
    """What outsiders read is what we speak, and what was committed is still understood."""
    wrong = publish.publish(check=True, unreleased=False)

    assert not wrong, "\n".join(wrong)


def test_every_event_and_command_has_a_schema() -> None:
    """One file for each, by its key, in the draft that the field uses, its fields sorted."""
    files = publish.current()

    assert {f"{key}.json" for key in (*EVENTS, *COMMANDS)} == files.keys()
    assert all(json.loads(text)["$schema"] == publish.DRAFT for text in files.values())
    assert all(
        text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for text in files.values()
    )


def test_a_break_says_what_why_and_what_to_do() -> None:
    """The message names the event, the field, who suffers, and the key of the next version."""
    why, what_to_do = publish.broken({"niche.watched.json": fact(a=NUMBER)}, {"niche.watched.json": fact(a=TEXT)})

    assert why.startswith("niche.watched: field a changed from number to string; messages that are already")
    assert "niche.watched.v2" in what_to_do


def test_a_second_version_is_followed_by_a_third() -> None:
    """The advice counts on from the version that the key names."""
    *_, sentence = publish.broken({"niche.watched.v2.json": fact(a=NUMBER)}, {"niche.watched.v2.json": fact(a=TEXT)})

    assert "niche.watched.v3" in sentence


def test_an_event_may_not_vanish() -> None:
    """Somebody may still tell it or wait for it."""
    (sentence,) = publish.broken({"niche.watched.json": fact()}, {})

    assert sentence.startswith("niche.watched: was removed")


def test_a_command_may_take_more_but_not_less() -> None:
    """Its only reader ships with the change; its callers do not."""
    name = "scout.tasks.export_report.json"
    few, many = fact(a={"enum": ["csv"]}), fact(a={"enum": ["csv", "pdf"]})

    assert publish.broken({name: few}, {name: many}) == []
    assert publish.broken({name: many}, {name: few})
    assert publish.broken({name: fact(a=NUMBER, b=NUMBER)}, {name: fact(a=NUMBER)})


def test_an_outdated_schema_is_named_until_it_is_written(tmp_path: Path) -> None:
    """Checking writes nothing; publishing writes everything, and then there is nothing to say."""
    schemas = tmp_path / "schemas"

    assert len(publish.publish(check=True, unreleased=False, folder=schemas)) == len(EVENTS) + len(COMMANDS) + 1
    assert publish.publish(check=False, unreleased=False, folder=schemas) == []
    assert publish.publish(check=True, unreleased=False, folder=schemas) == []


def git(folder: Path, *words: str) -> None:
    """Run git in a folder as nobody in particular."""
    who = ("-c", "user.name=nobody", "-c", "user.email=nobody@localhost", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@needs_git
def test_the_last_commit_is_what_is_published(tmp_path: Path) -> None:
    """Editing the file on disk hides no break: it is compared with what was committed."""
    schemas = tmp_path / "schemas"
    publish.publish(check=False, unreleased=False, folder=schemas)
    file = schemas / "niche.watched.json"
    today = file.read_text()
    older = json.loads(today)
    older["properties"]["reason"] = TEXT
    file.write_text(json.dumps(older))
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "publish")
    file.write_text(today)

    sentence, *_ = publish.publish(check=True, unreleased=False, folder=schemas)

    assert sentence.startswith("niche.watched: field reason was removed")


@needs_git
def test_a_retired_event_is_one_whose_schema_was_deleted_too(tmp_path: Path) -> None:
    """Deleting class and schema in one change says on purpose that nobody speaks it any more."""
    schemas = tmp_path / "schemas"
    publish.publish(check=False, unreleased=False, folder=schemas)
    gone = schemas / "niche.forgotten.json"
    gone.write_text(fact(a=NUMBER))
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "publish")

    assert publish.publish(check=True, unreleased=False, folder=schemas)[0].startswith("niche.forgotten: was removed")
    gone.unlink()
    assert publish.publish(check=True, unreleased=False, folder=schemas) == []


@pytest.mark.parametrize("key", EVENTS)
def test_golden_events_stay_readable(key: str) -> None:
    """A real example of every event, as it was first published, is read by today's class without losing a field."""
    file = GOLDEN / f"{key}.json"
    model = EVENTS[key].model
    assert file.exists(), (
        f"tests/contracts/golden/{key}.json is missing: write one meaningful example of {model.__name__}, "
        f"with the fields {', '.join(model.model_fields)}"
    )

    example = json.loads(file.read_text(encoding="utf-8"))
    read = json.loads(model.from_json(json.dumps(example)).to_json())

    assert lost(example, read) == []


def test_every_golden_event_is_of_a_known_event() -> None:
    """An example whose event is gone, or misspelt, protects nothing."""
    assert {file.stem for file in GOLDEN.glob("*.json")} - EVENTS.keys() == set()


def lost(example: Any, read: Any, at: str = "") -> list[str]:
    """The fields of an example that are gone or different after today's class has read it."""
    if isinstance(example, dict) and isinstance(read, dict):
        return [where for name, value in example.items() for where in lost(value, read.get(name), f"{at}.{name}")]
    if isinstance(example, list) and isinstance(read, list) and len(example) == len(read):
        pairs = enumerate(zip(example, read, strict=True))
        return [where for index, (one, other) in pairs for where in lost(one, other, f"{at}[{index}]")]
    return [] if example == read else [f"{at}: {example!r} became {read!r}"]
