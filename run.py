#!/usr/bin/env python3
"""Install and start the portal: python3 run.py. What else it can do: python3 run.py help.

This file is read by whatever Python is there, also by one that is far too old, so its
syntax stays plain. Everything else lives in launcher/.
"""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit(
            "run.py: Python 3.11 or newer is needed and this is %d.%d; "
            "start it with a newer one, for example: python3.11 run.py" % sys.version_info[:2]
        )
    if sys.platform == "win32":
        sys.exit("run.py: Windows itself is not supported; start it inside WSL.")
    from launcher.entry import main

    sys.exit(main(sys.argv[1:]))
