"""A compose project of the tests' own: the root docker-compose.yml under another name, with passwords of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

from pytest_docker.plugin import DockerComposeExecutor, Services

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "docker-compose.yml", ROOT / "tests" / "compose" / "ports.yml"]
PATIENCE = 300
"""Seconds that the parts of a house have to become healthy; on an idle machine it takes a few."""


class Project:
    """Containers, networks and volumes under one name; `down` leaves nothing of them."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = f"scout-{name}-{os.getpid()}"
        self._env = folder / f"{name}.env"
        subprocess.run(
            [sys.executable, ROOT / "deploy" / "env.py", "--file", self._env], check=True, capture_output=True
        )
        self._env.write_text(f"{self._env.read_text()}SCOUT_PORT=0\n")
        self._compose = DockerComposeExecutor(f'docker compose --env-file "{self._env}"', FILES, self.name)

    def compose(self, words: str) -> str:
        """Run a command of docker compose, and answer what it says; raises with all of that when it fails."""
        said = self._compose.execute(words)
        assert isinstance(said, bytes)
        return said.decode()

    def up(self, *services: str, options: str = "") -> None:
        """Start services (none: all) and wait until they are healthy; a failure shows their last words."""
        try:
            self.compose(f"up -d --wait --wait-timeout {PATIENCE} {options} {' '.join(services)}")
        except Exception as exc:
            exc.add_note(self.compose("ps -a"))
            exc.add_note(self.compose("logs --no-color --tail 20"))
            raise

    def down(self) -> None:
        """Remove the project, its volumes included."""
        self.compose("down -v --timeout 5")

    def port(self, service: str, port: int) -> int:
        """Where this machine reaches a service's port; a container that was started again may have another one."""
        found: int = Services(self._compose).port_for(service, port)
        return found

    def plan(self) -> str:
        """What docker-compose.yml alone comes to, as JSON."""
        command = ["docker", "compose", "-f", FILES[0], "--env-file", self._env, "config", "--format", "json"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def value(self, name: str) -> str:
        """The value of a variable in the project's .env."""
        found = re.search(rf"^{name}=(.+)$", self._env.read_text(), re.MULTILINE)
        assert found, f"{name} is not set"
        return found[1]
