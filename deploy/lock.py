"""Pins what each service installs: every dependency group becomes deploy/requirements/<group>.txt, with hashes.

`dev` holds every group but the demo's, so it is resolved first and its versions bind the others: one version a house.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
WITHOUT_DEPENDENCIES = {"demo"}


def compile_group(group: str, *options: str) -> None:
    """Write one requirements file, valid for every Python and platform that we support, and naming no index."""
    command = [str(UV), "pip", "compile", "--quiet", f"--group={group}", "--universal", "--fork-strategy=fewest"]
    command += ["--python-version=3.11", "--generate-hashes", "--no-header", "--no-emit-index-url"]
    command += [f"--output-file=deploy/requirements/{group}.txt", *options]
    if group in WITHOUT_DEPENDENCIES:
        command.append("--no-deps")
    elif group != "dev":
        command.append("--constraints=deploy/requirements/dev.txt")
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words only


def main() -> None:
    """Pin every group; `--upgrade` moves to the newest versions, without it only what must change changes."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    for group in sorted(groups, key=lambda name: name != "dev"):
        compile_group(group, *sys.argv[1:])
        print(f"deploy/requirements/{group}.txt", flush=True)  # noqa: T201 - a command line prints


if __name__ == "__main__":
    main()
