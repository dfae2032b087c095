"""What every test stands on, and the count of tests by tier that closes a run."""

import os
import subprocess
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from pymongo import MongoClient

from tests.compose.house import ComposeHouse
from tests.compose.project import Project
from tests.engine import Broker

IN_CI = bool(os.environ.get("CI"))
TIERS = ("house", "contracts", "pure", "embedded", "browser", "wire", "compose")

# A person's own Scout must neither change a test nor be touched by one.
for name in [name for name in os.environ if name.startswith("SCOUT_")]:
    del os.environ[name]

# A busy machine is no failure, and CI tries the same examples on every run.
settings.register_profile("scout", deadline=None, derandomize=IN_CI)
settings.load_profile("scout")


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker that a test gets by its fixtures."""
    config.addinivalue_line("markers", "engine: needs a Docker engine, since one of its fixtures starts containers")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests one of whose fixtures asks for an engine, before `-m` chooses among them."""
    for item in items:
        if isinstance(item, pytest.Function) and "engine" in item.fixturenames:
            item.add_marker("engine")


def tier(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The tier of a test: house holds names and arrows together, embedded runs the house, pure is all the rest.

    What needs an engine is compose where the whole house runs in containers, and wire otherwise.
    """
    parts = Path(report.nodeid.partition("::")[0]).parts[1:]
    if "engine" in getattr(report, "keywords", ()):  # a file that cannot be collected has none
        return parts[0] if parts[0] in TIERS[-1:] else "wire"
    if len(parts) == 1:
        return "house"
    return parts[0] if parts[0] in TIERS[:-2] else "pure"


def counted(reporter: pytest.TerminalReporter) -> dict[str, Counter[str]]:
    """How many tests passed, failed and were skipped, by tier; one that breaks in its set-up or after it has failed."""
    tiers: dict[str, Counter[str]] = {name: Counter() for name in TIERS}
    for outcome, counts_as in {"passed": "passed", "failed": "failed", "error": "failed", "skipped": "skipped"}.items():
        for report in reporter.stats.get(outcome, ()):
            tiers[tier(report)][counts_as] += 1
    return tiers


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Close with one line for each tier that ran."""
    for name, count in counted(terminalreporter).items():
        if count:
            skipped = f", {count['skipped']} skipped" if count["skipped"] else ""
            terminalreporter.write_line(f"{name}: {count['passed']} passed, {count['failed']} failed{skipped}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run in which nothing passed proves nothing, and in CI neither does one that left tests out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or session.config.option.collectonly or session.exitstatus:
        return
    if not reporter.stats.get("passed") or (IN_CI and reporter.stats.get("skipped")):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """A Docker engine: makes a compose project by a name."""
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.fail("No docker compose here: `./justw test` installs one where it can; `./justw check` needs none.")
    return lambda name: Project(name, tmp_path_factory.mktemp(name))


@pytest.fixture(scope="session")
def parts(engine: Callable[[str], Project]) -> Iterator[Project]:
    """A compose project in which RabbitMQ and the store are started by the first test that asks for one."""
    project = engine("parts")
    yield project
    project.down()


@pytest.fixture(scope="session")
def broker(parts: Project) -> Broker:
    """A RabbitMQ whose virtual hosts tests make for themselves."""
    parts.up("rabbitmq")
    ports = parts.port("rabbitmq", 5672), parts.port("rabbitmq", 15672)
    return Broker("127.0.0.1", *ports, "admin", parts.value("SCOUT_PASSWORD_ADMIN"))


@pytest.fixture(scope="session")
def store_port(parts: Project) -> int:
    """Where the store that speaks MongoDB's protocol listens on this machine."""
    parts.up("store")
    return parts.port("store", 27017)


@pytest.fixture
def mongo_url(store_port: int) -> Iterator[str]:
    """The address of a fresh database of that store."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    url = f"mongodb://127.0.0.1:{store_port}/{name}"
    yield url
    with MongoClient(url) as client:
        client.drop_database(name)


@pytest.fixture(scope="session")
def house(engine: Callable[[str], Project]) -> Iterator[ComposeHouse]:
    """The whole house in containers, healthy; its RabbitMQ is not the tests', whose users have other passwords."""
    project = engine("house")
    try:
        project.up(options="--build")
        yield ComposeHouse(project)
    finally:
        project.down()
