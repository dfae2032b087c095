"""A worker's main process: it imports a service to know its handlers, and computes nothing itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.chassis.topology import WORKERS

ROOT = Path(__file__).parents[2]
HEAVY = "polars numpy scipy sklearn pandas pyarrow jinja2 xlsxwriter motor pymongo aiosqlite sqlite3 httpx"
LOOK = """
import importlib, json, os, sys, threading
importlib.import_module(sys.argv[1])
tasks = len(os.listdir("/proc/self/task")) if os.path.exists("/proc/self/task") else 1
heavy = [name for name in sys.argv[2].split() if name in sys.modules]
print(json.dumps([heavy, threading.active_count(), tasks]))
"""


@pytest.mark.parametrize("service", WORKERS)
def test_to_know_a_services_handlers_takes_no_library_that_computes_and_no_thread(service: str) -> None:
    """What computes or holds a store starts threads of its own, which a fork breaks: it is imported in the child."""
    unbound = {name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
    asked = [sys.executable, "-c", LOOK, f"services.{service}.tasks", HEAVY]
    told = subprocess.run(asked, cwd=ROOT, env=unbound, capture_output=True, text=True, timeout=60, check=True)

    assert json.loads(told.stdout) == [[], 1, 1]
