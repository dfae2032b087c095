"""`python -m services.chassis.health`: exit 0 while the process that writes the pulse file consumes."""

import sys

from services.chassis.pulse import fault
from services.chassis.settings import Settings

if __name__ == "__main__":
    sys.exit(fault(Settings().pulse_file))
