"""`python -m donara_deid IN OUT --report report.json`: the same as `donara-deid`."""

import sys

from .command import main

if __name__ == "__main__":  # not in the processes that a run starts
    sys.exit(main())
