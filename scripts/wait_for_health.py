"""Waits until an address answers 200: `wait_for_health.py URL SECONDS`; exit 1 when it has not by then."""

import sys
import time
import urllib.error
import urllib.request


def answers(url: str) -> bool:
    """Whether `url` answers 200 within two seconds. No proxy: the address is this machine's own."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait(url: str, seconds: float) -> bool:
    """Asks five times a second until `url` answers or `seconds` have passed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answers(url):
            return True
        time.sleep(0.2)
    return False


if __name__ == "__main__":
    sys.exit(0 if wait(sys.argv[1], float(sys.argv[2])) else 1)
