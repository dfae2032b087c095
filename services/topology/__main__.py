"""Puts the topology on the house's RabbitMQ, once, and ends: `python -m services.topology [--check | --prune]`."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from services.chassis.drift import Drift
from services.chassis.errors import ScoutError
from services.chassis.management import Management, vhost_of
from services.chassis.management_api import ManagementRefused
from services.chassis.settings import settings_of_service
from services.chassis.topology import Topology, topology
from services.topology.words import FIXES, SENTENCES

DONE, DRIFTED, REFUSED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 `--check` found drift, 2 it could not be done, and stderr says why."""
    parser = argparse.ArgumentParser("python -m services.topology", description="Put the topology on RabbitMQ.")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="change nothing; say what differs, exit 1 if anything does")
    how.add_argument("--prune", action="store_true", help="also remove bindings that the plan does not have (any more)")
    options = parser.parse_args(arguments)
    try:
        url = _url()
        with Management(url, vhost_of(url)) as management:
            plan = topology()
            return _check(management, plan) if options.check else _apply(management, plan, prune=options.prune)
    except ScoutError as exc:
        sys.stderr.write(f"topology: {exc}\n")
        return REFUSED


def _check(management: Management, plan: Topology) -> int:
    drift = management.drift(plan)
    _tell(drift)
    if not drift:
        _say(f"RabbitMQ is as planned (virtual host {management.vhost})")
    return DRIFTED if drift else DONE


def _apply(management: Management, plan: Topology, *, prune: bool) -> int:
    passwords = _passwords(plan, os.environ)
    management.create()
    done = management.apply(plan, passwords) + (management.prune(plan) if prune else [])
    for line in done:
        _say(line)
    left = management.drift(plan)
    _tell(left)
    _say(f"{len(done)} changes, {len(left)} differences left (virtual host {management.vhost})")
    return DONE


def _tell(drift: Sequence[Drift]) -> None:
    for one in drift:
        _say(f"{SENTENCES[one.kind].format(name=one.name, detail=one.detail)}. {FIXES[one.fix]}")


def _url() -> str:
    url = settings_of_service().management_url
    if url is None:
        raise ManagementRefused(
            "SCOUT_MANAGEMENT_URL is not set, so there is no RabbitMQ to prepare. It looks like "
            "http://USER:PASSWORD@rabbitmq:15672/scout; docker-compose.yml makes one of .env, which `just env` writes."
        )
    return url.get_secret_value()


def _passwords(plan: Topology, environment: Mapping[str, str]) -> dict[str, str]:
    """Each user's password, of the variable that bears its name."""
    named = {user: f"SCOUT_PASSWORD_{user.upper()}" for user in plan.users}
    missing = sorted(name for name in named.values() if not environment.get(name))
    if missing:
        raise ManagementRefused(
            f"{', '.join(missing)} not set: no user of RabbitMQ gets a password that is known to all. "
            "Run `just env`, which writes what is missing to .env, and start again."
        )
    return {user: environment[name] for user, name in named.items()}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
