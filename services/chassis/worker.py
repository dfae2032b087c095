"""The worker of one service: `SCOUT_SERVICE=scoring celery -A services.chassis.worker worker`."""

import os
from importlib import import_module

from services.chassis.celery_app import make_app
from services.chassis.celery_broker import settings_of_celery
from services.chassis.topology import WORKERS

_name = os.environ.get("SCOUT_SERVICE", "")
if _name not in WORKERS:
    raise SystemExit(f"SCOUT_SERVICE is {_name!r}: name the service whose queue is worked off, {', '.join(WORKERS)}")
app = make_app(import_module(f"services.{_name}.tasks").service, settings_of_celery())
