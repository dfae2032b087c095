"""How files look, and what each part of the tree may import where import-linter has no word for it."""

import ast
import io
import re
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/__init__.py"))
THINKERS = sorted(set(SERVICES) - {"chassis", "journal", "heartbeat", "gateway", "cli", "beat", "topology"})
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
NEVER_IMPORTED = {
    "tzdata": "the standard library reads it where the system has no time zones",
    "uvicorn": "starts the gateway from outside",
}
MADE_HERE = {".git", ".venv", ".venv-bench", "__pycache__", ".scout", ".hypothesis", "dist"}
WIRING = {"__init__", "__main__", "tasks", "records", "settings"}
WIRE_AND_STORE = {"celery", "kombu", "aio_pika", "motor", "pymongo", "httpx", "aiosqlite", "fastapi"}
LONGEST = 250

# Hosts of package registries, and paths that are true on one machine only.
# Written so that this line does not name one itself.
HOSTS = re.compile(
    r"py[p]i\.org|py[t]honhosted\.|np[m]js\.|cr[a]tes\.io|pro[x]y\.golang\.|mav[e]n\.org|d[e]b\.debian\."
)
PATHS = re.compile(r"(?<![\w.])/(w[o]rk|r[o]ot|h[o]me/\w+|Us[e]rs/\w+)/")
REASON = re.compile(r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)* - \S+ |# type: ignore\[[\w, -]+\] +# \S+ ")


def files(*folders: str, ending: str = "") -> Iterator[Path]:
    """Every file of ours under some folders (none: the whole tree), what tools leave behind left out."""
    tops = [ROOT / folder for folder in folders] or sorted(ROOT.iterdir())
    for top in tops:
        if top.name in MADE_HERE or top.name.endswith("_cache"):
            continue
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and path.name.endswith(ending) and not MADE_HERE & set(path.parts):
                yield path


def name(path: Path) -> str:
    """A file as a person names it."""
    return path.relative_to(ROOT).as_posix()


@cache
def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it; `from a import b` counts as a and as a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def outside(path: Path) -> set[str]:
    """The top names of what a file imports that is neither ours nor Python's."""
    tops = {module.partition(".")[0] for module in imported(path)}
    return tops - sys.stdlib_module_names - {"contracts", "services"}


def test_contracts_import_pydantic_and_nothing_else() -> None:
    """Whoever wants to speak our language needs one package."""
    ours = {"pydantic", "pydantic_core"}
    found = {name(path): more for path in files("contracts", ending=".py") if (more := outside(path) - ours)}

    assert found == {}


def test_thinking_knows_neither_wire_nor_store_nor_wiring() -> None:
    """In a worker service all files but its wiring are pure: data in, data out."""
    wrong = {}
    wiring = {f"services.{service}.{file}" for service in THINKERS for file in WIRING}
    for path in files(*(f"services/{service}" for service in THINKERS), ending=".py"):
        if path.stem in WIRING:
            continue
        bad = {
            module
            for module in imported(path)
            if module.startswith("services.chassis") or module.partition(".")[0] in WIRE_AND_STORE or module in wiring
        }
        if bad:
            wrong[name(path)] = sorted(bad)

    assert wrong == {}, "move what touches them to tasks.py or records.py, and pass its result in"


def reached(folder: str) -> set[Path]:
    """The files that a service runs: its own, and what they import of the chassis and the contracts, and so on."""
    found: set[Path] = set()
    ahead = list(files(f"services/{folder}", ending=".py"))
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            candidates = (ROOT / f"{module.replace('.', '/')}.py" for module in imported(path))
            ahead += [file for file in candidates if file.exists()]
    return found


@cache
def needed(folder: str) -> dict[str, str]:
    """The distributions that a service's code imports, each with a file that does."""
    home = packages_distributions()
    return {
        distribution.lower().replace("_", "-"): name(path)
        for path in reached(folder)
        for top in outside(path)
        for distribution in home.get(top, [top])
    }


@pytest.mark.parametrize("folder", sorted(set(SERVICES) - {"chassis"}))
def test_a_container_installs_what_its_service_imports(folder: str) -> None:
    """What a service runs, chassis included, is in its requirements file."""
    pins = re.findall(r"^([a-z0-9._-]+)==", (ROOT / f"deploy/requirements/{folder}.txt").read_text(), re.MULTILINE)
    missing = {needs: file for needs, file in needed(folder).items() if needs not in pins}

    assert missing == {}, f"add it to the group `{folder}` in pyproject.toml, then run `just lock`"


@pytest.mark.parametrize("group", SERVICES)
def test_a_container_installs_nothing_that_nobody_imports(group: str) -> None:
    """What a group asks for by itself is imported by its service; what the chassis asks for, by some service."""
    asked = {entry for entry in GROUPS[group] if isinstance(entry, str)}
    users = [group] if group != "chassis" else [service for service in SERVICES if service != "chassis"]

    assert asked - NEVER_IMPORTED.keys() - {needs for user in users for needs in needed(user)} == set()


def test_no_file_is_long() -> None:
    """A file is one thought: 250 lines at most."""
    long = {name(path): n for path in files(ending=".py") if (n := len(path.read_text().splitlines())) > LONGEST}

    assert long == {}


def test_every_test_says_its_rule() -> None:
    """The first line of a test's docstring is a sentence."""
    silent = [
        f"{name(path)}::{node.name}"
        for path in files("tests", ending=".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if not (ast.get_docstring(node) or "").partition("\n")[0].endswith((".", "?"))
    ]

    assert silent == []


def test_every_exception_to_a_rule_has_a_reason() -> None:
    """A lint or type ignore names its rule and says why beside it: `# noqa: S603 - our own words only`."""
    bare = [
        f"{name(path)}:{token.start[0]}"
        for path in files(ending=".py")
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
        if token.type == tokenize.COMMENT
        if re.match(r"# (noqa|type: ignore|pragma|nosec)", token.string) and not REASON.match(token.string + " ")
    ]

    assert bare == []


def test_every_rule_that_is_switched_off_for_all_has_a_reason() -> None:
    """The same holds in pyproject.toml: a comment on every line that ignores something."""
    section = (
        (ROOT / "pyproject.toml").read_text().partition("[tool.ruff.lint]")[2].partition("[tool.ruff.lint.pydoc")[0]
    )
    lines = [line for line in section.splitlines() if re.search(r'"[A-Z]+\d*"', line) and not line.startswith("select")]

    assert lines
    assert [line for line in lines if "  # " not in line.replace(" # ", "  # ")] == []


def test_no_file_names_a_registry_or_a_machine() -> None:
    """What is written here holds everywhere: no host of a package registry, no path of somebody's machine."""
    found = [
        f"{name(path)}:{number}"
        for path in files()
        if b"\0" not in (content := path.read_bytes())
        for number, line in enumerate(content.decode(errors="replace").splitlines(), 1)
        if HOSTS.search(line) or PATHS.search(line)
    ]

    assert found == []


def test_the_changelog_tells_of_this_version() -> None:
    """Who upgrades reads what changed: a heading for the version, or for what is not released yet."""
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)

    assert version
    assert re.search(
        rf"^## \[?({re.escape(version[1])}|Unreleased)",
        (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )


def test_every_recipe_says_what_it_does() -> None:
    """`just` lists them: each has a [doc] and a [group]."""
    blocks = re.split(r"\n\n", (ROOT / "justfile").read_text())
    recipes = [block for block in blocks if re.search(r"^[a-z]+( \*[a-z]+)?:(?!=)", block, re.MULTILINE)]

    assert recipes
    assert [
        block for block in recipes if "[private]" not in block and not ("[doc(" in block and "[group(" in block)
    ] == []
