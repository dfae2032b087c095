"""What the pages say is there: commands, recipes, links, settings; configure.md is what the code says."""

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import click
import pytest

from contracts.commands import COMMANDS
from docs.configure import containers, page
from services.chassis.settings import Settings
from services.cli.root import scout

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text() for path in PAGES}
RECIPES = set(re.findall(r"^([a-z]+)(?: \*[a-z]+)?:(?!=)", (ROOT / "justfile").read_text(), re.MULTILINE))
COMPOSE = {"build", "create", "down", "exec", "logs", "port", "ps", "run", "start", "stop", "up"}
WITH_SERVICES = {"build", "exec", "logs", "port", "run", "up"}
WITH_VALUE = {"--env-file", "--scale", "-e"}
PLACE = re.compile(r"[^a-z0-9а-яё _-]")


def commands(text: str) -> Iterator[list[str]]:
    """The words of every command that a page names: lines of code blocks without a language, and inline code."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for language, block in blocks if not language for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for line in lines + re.findall(r"`([^`\n]+)`", prose):
        for part in re.split(r" \| |; ", line):
            try:
                words = shlex.split(part.replace("…", ""), comments=True)
            except ValueError:  # a line of something that spans several, such as JSON
                continue
            while words and re.match(r"[A-Z_]+=", words[0]):
                words.pop(0)
            yield words


def called(*programs: str) -> list[tuple[str, list[str]]]:
    """Every call of a program: the page, and the words after it."""
    names = {Path(program).name for program in programs}
    return [
        (name, words[1:])
        for name, text in TEXTS.items()
        for words in commands(text)
        if words and Path(words[0]).name in names
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name: str):
    """A link is a file of ours and, with a place in it, one of its headings; or an address elsewhere."""
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[name]):
        if target.startswith("https://"):
            continue
        file, _, place = target.partition("#")
        path = (ROOT / name).parent / file if file else ROOT / name
        assert path.exists(), target
        headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE) if place else []
        assert not place or place in {PLACE.sub("", one.lower()).replace(" ", "-") for one in headings}, target


def test_every_page_is_linked() -> None:
    """A page that nothing leads to is read by nobody."""
    linked = {
        ((ROOT / name).parent / target.partition("#")[0]).resolve()
        for name, text in TEXTS.items()
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
    }

    assert [path for path in PAGES if path.resolve() not in linked and path.name != "README.md"] == []


def test_configure_is_what_the_code_says() -> None:
    """Its tables are those of the settings, of docker-compose.yml and of the topology."""
    text = TEXTS["docs/configure.md"]

    assert page(text) == text, "run `just docs`"


def test_recipes_are_there() -> None:
    """Whoever types what a page says finds the recipe."""
    found = called("just", "./justw")

    assert found
    assert [(name, words) for name, words in found if words and words[0] not in RECIPES | {"alone"}] == []


def test_commands_of_scout_are_there() -> None:
    """Every subcommand exists, and takes the options that it is shown with."""
    found = called("scout")

    assert found
    for name, words in found:
        command, rest = resolved(scout, words)
        options = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
        assert {word for word in rest if word.startswith("-")} <= options | {"--help", "--version", "-"}, (name, words)


def resolved(command: click.Command, words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that words name, and what follows; a group that does not know its next word fails."""
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        assert words[0] in command.commands, words
        command, words = command.commands[words[0]], words[1:]
    return command, words


def test_commands_of_compose_name_what_is_there() -> None:
    """Its subcommands are known ones, and each service that a page names is in docker-compose.yml."""
    found = [(name, words[1:]) for name, words in called("docker") if words[:1] == ["compose"]]

    assert found
    for name, words in found:
        plain = [w for last, w in zip(["", *words], words, strict=False) if w[0] != "-" and last not in WITH_VALUE]
        scaled = {word.partition("=")[0] for last, word in pairwise(words) if last == "--scale"}
        assert scaled <= containers().keys(), (name, words)
        if plain:
            assert plain[0] in COMPOSE, (name, words)
            if plain[0] in WITH_SERVICES:
                assert set(plain[1:2]) <= containers().keys(), (name, words)


def test_containers_are_as_deploy_says() -> None:
    """Each service of docker-compose.yml has a row: its networks, and its limit of memory."""
    rows = re.findall(r"^\| (\w+) \| .+ \| ([\w, ]+) \| (\d+) ([MG])iB \|$", TEXTS["docs/deploy.md"], re.MULTILINE)

    def first(pattern: str, text: str) -> str:
        found = re.search(pattern, text)
        assert found
        return found[1]

    assert {
        (name, first(r"networks: \[(.*)\]", text), first(r"mem_limit: (\w+)", text))
        for name, text in containers().items()
    } == {(name, networks, f"{size}{unit.lower()}") for name, networks, size, unit in rows}


def test_options_reach_the_topology_job() -> None:
    """What stands after the service's name takes the place of its command; only an entry point leaves it there."""
    asked = [words[words.index("topology") + 1 :] for _, words in called("docker") if words[1:2] == ["run"]]
    bare = [rest for rest in asked if rest and rest[0].startswith("-")]

    assert any(asked)
    assert bool(bare) == ("entrypoint:" in containers()["topology"]), "change docs/upgrade.md with docker-compose.yml"


def test_modules_variables_and_tasks_are_there() -> None:
    """What `python -m` starts, what SCOUT_ variables are set, and what commands are sent."""
    text = "\n".join(TEXTS.values())
    variables = {f"SCOUT_{name.upper()}" for name in Settings.model_fields} | {"SCOUT_SERVICE", "SCOUT_PYTHON"}
    variables |= set(re.findall(r"\$\{(SCOUT_\w+)", (ROOT / "docker-compose.yml").read_text()))

    assert [name for name in re.findall(r"python3? -m ([\w.]+)", text) if find_spec(name) is None] == []
    assert set(re.findall(r"\bSCOUT_[A-Z_]+\b", text)) - variables == set()
    assert set(re.findall(r"scout\.tasks\.\w+", text)) <= COMMANDS.keys()


def test_files_that_pages_name_are_there() -> None:
    """A path in code marks is one of this tree."""
    tops = "contracts|services|deploy|tests|bench|docs"
    named = {(name, path) for name, text in TEXTS.items() for path in re.findall(rf"`((?:{tops})/[\w./-]+)`", text)}

    assert [(name, path) for name, path in sorted(named) if not (ROOT / path).exists()] == []
