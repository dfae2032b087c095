"""A worker of a toy service, as `celery -A tests.house.toy_worker worker` starts it: SCOUT_SERVICE names which."""

import os

from services.chassis.celery_app import make_app
from services.chassis.settings import Settings
from tests.house.toy import toy_services

app = make_app(toy_services()[0][os.environ["SCOUT_SERVICE"]], Settings())
