"""Hold ``running()`` until told to stop: ``python -m tests.launcher.holder STATE``."""

import os
import sys
import time
from pathlib import Path

from launcher.interrupts import Interrupts
from launcher.services import running


def main() -> None:
    interrupts = Interrupts()
    interrupts.install()
    try:
        with running(Path(sys.argv[1]), os.environ) as services:
            print("ready", services.owner_url, flush=True)
            while True:
                time.sleep(60)
    except KeyboardInterrupt:
        print("left", flush=True)


if __name__ == "__main__":
    main()
