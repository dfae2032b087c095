"""The virtual environment of benchmarks: the peers, which nothing else of Scout installs."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path


def ready(root: Path) -> str:
    """The Python of .venv-bench, installed when it is missing or its pins changed; raises `CalledProcessError`."""
    venv, pins = root / ".venv-bench", root / "deploy" / "requirements" / "bench.txt"
    python, stamp = str(venv / "bin" / "python"), venv / ".made-from"
    want = sha256(pins.read_bytes() + f"{venv} {sys.version}".encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == want:
        return python
    sys.stderr.write("bench: installing the peers into .venv-bench (only now and when they change)\n")
    run = [sys.executable, "-m", "venv", "--clear", str(venv)]
    subprocess.run(run, check=True, stdout=sys.stderr)  # noqa: S603 - our own words only
    (venv / ".gitignore").write_text("*\n")
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", str(pins)]
    subprocess.run(install, check=True, stdout=sys.stderr)  # noqa: S603 - our own words only
    stamp.write_text(want)
    return python
