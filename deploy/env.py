"""Writes .env for docker-compose.yml: a random password for each variable that it demands; what is there stays.

`--offline` chooses the stand-in images without trying to pull any, `--file` another file than .env.
"""

import argparse
import os
import re
import secrets
from pathlib import Path

from images import COMPOSE, DEPLOY, docker, say, settle

DEMANDED = sorted(set(re.findall(r"\$\{(\w+):\?", COMPOSE)))
HEAD = "# Written by `just env`; what you change here stays. Who can read it can use RabbitMQ as any service.\n"


def known(text: str) -> set[str]:
    """The variables that have a value."""
    return set(re.findall(r"^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*\S", text, re.MULTILINE))


def write(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def main() -> None:
    """Add to .env what is missing, and say what to do next."""
    parser = argparse.ArgumentParser(description="Write what docker-compose.yml asks for into .env.")
    parser.add_argument("--offline", action="store_true", help="use stand-in images, and pull none")
    parser.add_argument("--file", type=Path, default=DEPLOY.parent / ".env", help="write here instead of .env")
    asked = parser.parse_args()
    text = asked.file.read_text() if asked.file.exists() else HEAD
    added = {name: secrets.token_hex(16) for name in DEMANDED if name not in known(text)}
    engine = docker("version")
    if asked.offline or (engine and not known(text) & {"PYTHON_IMAGE", "RABBITMQ_IMAGE", "STORE_IMAGE"}):
        added |= {name: value for name, value in settle(offline=asked.offline).items() if name not in known(text)}
    lines = "".join(f"{name}={value}\n" for name, value in added.items())
    write(asked.file, text + ("" if text.endswith("\n") or not text else "\n") + lines)
    if not added:
        say(f"{asked.file.name} holds all that docker-compose.yml asks for.")
        return
    say(f"{asked.file.name}: {len(added)} values added, {len(known(text))} kept; only you can read it.")
    say(
        "Next: `just up` builds and starts the house."
        if engine
        else "No Docker engine answers: start one, then `just up`."
    )


if __name__ == "__main__":
    main()
