"""Writes JSON Schemas and the AsyncAPI document to contracts/schemas, and refuses what would break a peer.

    python -m contracts.publish           compare with what is published, then write
    python -m contracts.publish --check   only compare: fails on a break, and on a file that is not up to date

What is published is what the last commit holds; without git history, what lies in contracts/schemas.
"""

import argparse
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts import asyncapi
from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from contracts.compatibility import Break, breaks

SCHEMAS = Path(__file__).with_name("schemas")
ASYNCAPI = "asyncapi.json"
"""The file that describes the whole house; it follows from the others, so it breaks nobody by itself."""
DRAFT = "https://json-schema.org/draft/2020-12/schema"

_WHY = {
    "old messages": "messages that are already written or on their way would be refused",
    "old readers": "those who read the published version would not understand it",
}


def current() -> dict[str, str]:
    """The schema files as the models say them today: file name to text."""
    models = {key: row.model for key, row in EVENTS.items()} | {name: row.arguments for name, row in COMMANDS.items()}
    return {f"{key}.json": _text({"$schema": DRAFT, **model.model_json_schema()}) for key, model in models.items()}


def described() -> dict[str, str]:
    """The AsyncAPI document as the catalog and the commands make it today: file name to text."""
    return {ASYNCAPI: _text(asyncapi.document())}


def on_disk(folder: Path = SCHEMAS) -> dict[str, str]:
    """The schema files as they lie in `folder`."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}


def committed(revision: str = "HEAD", folder: Path = SCHEMAS) -> dict[str, str] | None:
    """The schema files of a commit; `None` where git, its history or the folder in it is missing."""
    command = ["git", "-C", str(folder.parent), "archive", "--format=tar", revision, folder.name]
    try:
        archive = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - our own words only
    except (OSError, subprocess.CalledProcessError):
        return None
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        files = {Path(member.name).name: tar.extractfile(member) for member in tar if member.name.endswith(".json")}
        return {name: file.read().decode() for name, file in files.items() if file}


def broken(published: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """A sentence for each change that somebody would not survive: what, why, what to do."""
    return [sentence for name in sorted(published) for sentence in _sentences(name, published[name], now.get(name))]


def _sentences(name: str, old: str, new: str | None) -> Iterator[str]:
    key = name.removesuffix(".json")
    if new is None:
        yield (
            f"{key}: was removed, and others may still tell or hear it. Keep its class and its row; "
            f"when nobody speaks it any more, delete contracts/schemas/{name} too"
        )
        return
    found = [one for one in breaks(json.loads(old), json.loads(new)) if not _harmless(key, one)]
    for one in found:
        yield f"{key}: {f'field {one.field}' if one.field else 'it'} {one.what}; {_WHY[one.victim]}"
    if found:
        yield (
            f"{key}: leave it as it was, and put the change into a new class with the key {_next(key)}, "
            f"told beside this one until nobody needs {key}"
        )


def _harmless(key: str, one: Break) -> bool:
    """A command has one reader, the service that this very change ships: what it takes may grow, but not shrink."""
    return key in COMMANDS and one.victim == "old readers" and not one.what.startswith("was removed")


def _next(key: str) -> str:
    name, dot, version = key.rpartition(".v")
    return f"{name}.v{int(version) + 1}" if dot and version.isdigit() else f"{key}.v2"


def outdated(lying: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The names of schema files that are missing, stale or nobody's."""
    return sorted(name for name in lying.keys() | now.keys() if lying.get(name) != now.get(name))


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def publish(*, check: bool, unreleased: bool, folder: Path = SCHEMAS) -> list[str]:
    """Compare, and write unless `check`; returns what is wrong. `unreleased` writes in spite of a break."""
    now, lying = current(), on_disk(folder)
    published = committed(folder=folder)
    history = lying if published is None else published
    kept = {name: old for name, old in history.items() if name != ASYNCAPI and (name in now or name in lying)}
    wrong = broken(kept, now)
    now |= described()
    if check:
        return wrong + [f"{name}: is not up to date. Run `just contracts`" for name in outdated(lying, now)]
    if wrong and not unreleased:
        return wrong
    folder.mkdir(exist_ok=True)
    for name in outdated(lying, now):
        print(f"{'wrote' if name in now else 'removed'} contracts/schemas/{name}")
        if name in now:
            (folder / name).write_text(now[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return []


def main() -> int:
    """Run as a program: exit code 0, or 1 with a line on stderr for everything that is wrong."""
    parser = argparse.ArgumentParser(prog="python -m contracts.publish", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only compare: write nothing")
    parser.add_argument("--unreleased", action="store_true", help="write in spite of a break: nobody ever received it")
    options = parser.parse_args()
    wrong = publish(check=options.check, unreleased=options.unreleased)
    if wrong and not options.check:
        wrong.append(
            "Nothing was written. Nobody ever received it? Then `just contracts --unreleased` writes it all the same"
        )
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    print(f"contracts: {'failed' if wrong else 'passed'}, {len(EVENTS)} events and {len(COMMANDS)} commands")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
