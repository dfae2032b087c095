"""The whole house in containers, as its tests see it."""

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from tests.compose.project import Project


@dataclass(frozen=True)
class ComposeHouse:
    """A healthy house: its project, and what happens in it."""

    project: Project

    @property
    def url(self) -> str:
        """The address of its gateway."""
        return f"http://127.0.0.1:{self.project.port('gateway', 8000)}"

    def containers(self) -> dict[str, list[dict[str, Any]]]:
        """What docker knows of each container, by its service; the one-shot ones are among them."""
        ids = self.project.compose("ps -a --quiet").split()
        done = subprocess.run(["docker", "inspect", *ids], check=True, capture_output=True, text=True)
        found: dict[str, list[dict[str, Any]]] = {}
        for container in json.loads(done.stdout):
            found.setdefault(container["Config"]["Labels"]["com.docker.compose.service"], []).append(container)
        return found

    def inside(self, service: str, command: str) -> str:
        """What a shell command says in a service's container; raises when it fails."""
        return self.project.compose(f"exec -T {service} sh -c '{command}'")
