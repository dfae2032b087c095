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

[doc("Write .env for the house in containers: random passwords, and stand-in images where none can be pulled")]
[group("deploy")]
env *options:
    @python deploy/env.py "$@"

[doc("Build the house and start it in containers; scale with just up --scale analysis=3")]
[group("deploy")]
up *options: env
    docker compose up -d --build --wait "$@"
    @echo "Scout serves at http://$(docker compose port gateway 8000)"

[doc("Stop it, and keep what it holds; just down -v forgets that too")]
[group("deploy")]
down *options:
    docker compose down "$@"

[doc("What its containers say: just logs --follow analysis")]
[group("deploy")]
logs *options:
    @docker compose logs "$@"

[doc("Make sure that a Docker engine and the base images are here; installs one only as root on a bare Debian")]
[group("deploy")]
engine:
    @deploy/offline/ensure-engine.sh
    @python deploy/images.py

[doc("Everything: lint, types, imports and every tier of tests, counted in the last lines")]
[group("test")]
test: check pages wire

[doc("Everything that needs neither an engine (Docker, RabbitMQ, MongoDB) nor a browser")]
[group("test")]
check: lint types imports
    @python -m pytest -m "not engine and not browser"

[doc("What needs a browser: both pages in Chromium; installs one only as root on a bare Debian")]
[group("test")]
pages *options:
    @deploy/chromium.sh
    @python -m pytest -m browser "$@"

[doc("What needs one: the wire, the store, and the whole house in containers")]
[group("test")]
wire *options: engine
    @python -m pytest -m engine "$@"

[doc("The tests alone, or some of them: just suite tests/analysis -k demand")]
[group("test")]
suite *options:
    @python -m pytest "$@"

[doc("Our speeds beside others' on this machine: just bench relay (docs/benchmarks.md)")]
[group("test")]
bench *what:
    @python -m bench "$@"

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

[doc("Write the tables of docs/configure.md: every setting, variable and password")]
[group("change")]
docs:
    @python docs/configure.py

[doc("Pin what each service installs; just lock --upgrade moves to the newest versions")]
[group("change")]
lock *options:
    @python deploy/lock.py "$@"
