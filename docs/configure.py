"""Writes the tables of configure.md from settings, docker-compose.yml and topology."""  # noqa: INP001 - a script, started by path

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from contracts.catalog import EVENTS
from services.chassis.settings import Settings
from services.chassis.topology import Topology, User, topology
from services.chassis.wire import EVENTS_EXCHANGE

PAGE = Path(__file__).with_suffix(".md")
COMPOSE = (PAGE.parents[1] / "docker-compose.yml").read_text()
BOUGHT_IN = {"rabbitmq", "store"}
ALONE = ("home", "timezone", "lang", "log_level", "url", "workers", "agents_token", "office_url", "office_token")
"""The fields that the `scout` command and a house in one process read."""
MEANINGS = {
    "SCOUT_PORT": "Where the gateway is published, on 127.0.0.1; 0 takes a free one, 8000-8001 serves two gateways.",
    "SCOUT_VERSION": "Tag of the images that are built and run.",
    "PYTHON_IMAGE": "What the services' images stand on.",
    "RABBITMQ_IMAGE": "RabbitMQ 4 with its management plugin.",
    "STORE_IMAGE": "MongoDB, or what speaks its protocol.",
    "BUILD_CA_FILE": "Certificates that the package index is trusted by while an image is built.",
}


def settings() -> Iterator[tuple[str, ...]]:
    """A row for every field of `Settings`."""
    yield "variable", "without it", "meaning", "`scout`, one process", "containers"
    for name, field in Settings.model_fields.items():
        variable = f"SCOUT_{name.upper()}"
        default = "—" if field.default is None else f"`{field.default}`"
        yield f"`{variable}`", default, f"{field.description}", "yes" if name in ALONE else "—", given(variable)


def compose() -> Iterator[tuple[str, ...]]:
    """A row for every variable of docker-compose.yml alone; raises `KeyError` when `MEANINGS` does not know it."""
    yield "variable", "without it", "meaning"
    known = {f"SCOUT_{name.upper()}" for name in Settings.model_fields}
    for name, default in dict(re.findall(r"\$\{(\w+):-([^}]*)\}", COMPOSE)).items():
        if name not in known:
            yield f"`{name}`", f"`{default}`", MEANINGS[name]


def secrets() -> Iterator[tuple[str, ...]]:
    """A row for every user of RabbitMQ: who signs in as it, and what it may do."""
    plan = topology()
    yield "variable", "given to", "may read", "may write to", "may tell"
    yield "`SCOUT_PASSWORD_ADMIN`", "rabbitmq, topology", "all", "all", "all"
    for name, user in plan.users.items():
        variable = f"SCOUT_PASSWORD_{name.upper()}"
        who = [one for one, text in containers().items() if variable in text and one != "topology"]
        if name not in who:
            who.append("programs outside")
        yield f"`{variable}`", ", ".join(who), *rights(plan, user)


def containers() -> dict[str, str]:
    """The text of each service of docker-compose.yml, then that of the anchors that it takes in; the first holds."""
    anchors: dict[str, str] = dict(re.findall(r"^x-[\w-]+: &([\w-]+)\n((?:  .*\n)+)", COMPOSE, re.MULTILINE))
    services = COMPOSE.partition("\nservices:\n")[2].partition("\nnetworks:\n")[0]
    parts = re.split(r"^  (\w+):\n", services, flags=re.MULTILINE)
    return {
        name: text + "".join(anchors[used] for used in reversed(anchors) if re.search(rf"<<: .*\*{used}\b", text))
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def given(variable: str) -> str:
    """Which containers are given a variable, and where its value comes from."""
    found = {name: re.search(f" {variable}: (.*)", text) for name, text in containers().items()}
    values = {name: value[1] for name, value in found.items() if value}
    if not values:
        return "—"
    who = "all of ours" if values.keys() == found.keys() - BOUGHT_IN else ", ".join(values)
    value = next(iter(values.values()))
    if f"${{{variable}" in value:
        return f"{who}: from `.env`"
    return f"{who}: made of a password" if "${" in value else f"{who}: `{value}`"


def rights(plan: Topology, user: User) -> tuple[str, str, str]:
    """What a user may read, write to and tell, each for a person."""
    queues = [f"`{name}`" for name in plan.queues if re.search(user.read, name)]
    exchanges = [f"`{name}`" for name in plan.exchanges if re.search(user.write, name)]
    keys = [f"`{key}`" for key in EVENTS if user.may_publish(EVENTS_EXCHANGE, key)]
    live = ["live queues of its own"] if user.configure != "^$" else []
    return cell(queues + live), cell(exchanges), cell(keys)


def cell(names: list[str]) -> str:
    """Names in one cell; those that differ by their service alone become one."""
    for ending in (".own`", ".dead`"):
        alike = [name for name in names if name.endswith(ending)]
        if len(alike) > 1:
            names = [name for name in names if name not in alike] + [f"`*{ending}"]
    return ", ".join(names) or "—"


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as Markdown, the first one as the head."""
    head, *others = (f"| {' | '.join(row)} |\n" for row in rows)
    return head + re.sub(r"[^|\n]+", " --- ", head) + "".join(others)


def page(text: str) -> str:
    """The page with its tables made anew; what is around them stays."""
    for make in (settings, compose, secrets):
        start, end = f"<!-- {make.__name__} -->\n", "<!-- end -->"
        before, _, rest = text.partition(start)
        text = before + start + table(make()) + end + rest.partition(end)[2]
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
