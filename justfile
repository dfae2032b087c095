# `./justw` runs these with the right tools; `just` alone does too, once .venv is there.
set dotenv-load
set positional-arguments

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")

[private]
default:
    @just --list --unsorted

[doc("Import a real market, score its niches as of a past day, and show what then happened")]
[group("use")]
demo *options:
    @python -m services.cli demo "$@"

[doc("Run the house with its API; Ctrl-C stops it")]
[group("use")]
serve *options:
    @python -m services.cli serve "$@"

[doc("Everything: lint, types, imports and every tier of tests, counted in the last lines")]
[group("test")]
test: check

[doc("Everything that needs no engine (Docker, RabbitMQ): today that is everything")]
[group("test")]
check: lint types imports suite

[doc("The tests alone, or some of them: just suite tests/analysis -k demand")]
[group("test")]
suite *options:
    @python -m pytest "$@"

[doc("Style: ruff, all its rules but those with a reason in pyproject.toml")]
[group("test")]
lint:
    ruff check --quiet .
    ruff format --quiet --check .
    @echo "lint: passed"

[doc("Types: mypy, strict")]
[group("test")]
types:
    mypy --no-error-summary
    @echo "types: passed"

[doc("Arrows: which part may import which")]
[group("test")]
imports:
    lint-imports --no-logo

[doc("Format the code and mend what ruff can mend")]
[group("change")]
fmt:
    ruff check --quiet --fix .
    ruff format .

[doc("Write the JSON Schema of every event and command; refuses what would break who speaks or listens")]
[group("change")]
contracts *options:
    @python -m contracts.publish "$@"

[doc("Pin what each service installs; just lock --upgrade moves to the newest versions")]
[group("change")]
lock *options:
    @python deploy/lock.py "$@"
