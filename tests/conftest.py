"""What every test stands on, and the count of tests by tier that closes a run."""

import os
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from pymongo import MongoClient

from tests.engine import Broker

TESTS = Path(__file__).parent
IN_CI = bool(os.environ.get("CI"))
TIERS = ("house", "contracts", "pure", "embedded")

# A person's own Scout must neither change a test nor be touched by one.
for name in [name for name in os.environ if name.startswith("SCOUT_")]:
    del os.environ[name]

# A busy machine is no failure, and CI tries the same examples on every run.
settings.register_profile("scout", deadline=None, derandomize=IN_CI)
settings.load_profile("scout")


def tier(nodeid: str) -> str:
    """The tier of a test: house holds names and arrows together, embedded runs the house, pure is all the rest."""
    parts = Path(nodeid.partition("::")[0]).parts[1:]
    if len(parts) == 1:
        return "house"
    return parts[0] if parts[0] in TIERS else "pure"


def counted(reporter: pytest.TerminalReporter) -> dict[str, Counter[str]]:
    """How many tests passed, failed and were skipped, by tier; one that breaks in its set-up or after it has failed."""
    tiers: dict[str, Counter[str]] = {name: Counter() for name in TIERS}
    for outcome, counts_as in {"passed": "passed", "failed": "failed", "error": "failed", "skipped": "skipped"}.items():
        for report in reporter.stats.get(outcome, ()):
            tiers[tier(report.nodeid)][counts_as] += 1
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
def broker() -> Broker:
    """A RabbitMQ whose virtual hosts tests make for themselves."""
    return Broker("127.0.0.1", 5672, 15672, "admin", "admin")


@pytest.fixture
def mongo_url() -> Iterator[str]:
    """The address of a fresh database of the store that speaks MongoDB's protocol."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    url = f"mongodb://127.0.0.1:27017/{name}"
    yield url
    with MongoClient(url) as client:
        client.drop_database(name)
