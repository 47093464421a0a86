"""Fifty donors upload at once through the real web server: bytes a second against curl into the same store, and memory.

On PostgreSQL, Redis and radosgw: those of the environment, or some that are started for it. `MB` says how much, in all.
"""

import atexit
import base64
import hashlib
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.ground.report import ROOT, Report, ratio

DONORS, AT_ONCE = 50, 4
PART = 8 << 20
#: Bytes of each file, and megabytes in all: slices as scanners write them, and files that come in several parts.
SHAPES = {"slices of 528 KB": (528 << 10, 2_000), "files of 8 MB": (PART, 14_000), "files of 64 MB": (64 << 20, 4_000)}
#: Pixel Data (7FE0,0010) in Explicit VR Little Endian (PS3.5 section 7.1.2), up to its length.
_PIXEL_DATA = b"\xe0\x7f\x10\x00OW\0\0"
TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


class Sender:
    """One donor's program: the manifest, then four files at a time in parts of 8 MiB, each with its checksum."""

    def __init__(self, port: int, donation: str, token: str, header: bytes, pixels: bytes) -> None:
        self.port, self.base = port, f"/api/v1/donations/{donation}/"
        self.headers = {"Authorization": f"Bearer {token}", "Host": f"127.0.0.1:{port}"}
        self.header, self.pixels = header, pixels

    def send(self, files: int) -> None:
        """Sends so many files that differ in their last bytes."""
        wholes = [hashlib.sha256(self.header) for _ in range(files)]
        for place, whole in enumerate(wholes):
            whole.update(self.pixels)
            whole.update(_end(place))
        size = len(self.header) + len(self.pixels) + len(_end(0))
        listed = [{"index": n, "size": size, "sha256": each.hexdigest(), "series": 0} for n, each in enumerate(wholes)]
        body = json.dumps({"files": listed}).encode()
        answer = self._asked("POST", f"{self.base}manifest/", body, {"Content-Type": "application/json"})
        missing = [each for each in json.loads(answer)["files"] if each["standing"] == "missing"]
        assert len(missing) == files
        with ThreadPoolExecutor(AT_ONCE) as four:
            for _ in four.map(lambda each: self._one(each["upload"], each["index"]), missing):
                pass

    def _one(self, address: str, place: int) -> None:
        data = b"".join((self.header, self.pixels, _end(place)))
        for offset in range(0, len(data), PART):
            part = memoryview(data)[offset : offset + PART]
            digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
            self._asked(
                "PATCH", address, part, TUS | {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {digest}"}
            )

    def _asked(self, method: str, address: str, body: Any, headers: dict[str, str]) -> bytes:
        headers = self.headers | headers | {"Content-Length": str(len(body))}
        while True:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=600, blocksize=1 << 20)
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            said = answer.read()
            connection.close()
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                assert answer.status in {200, 204}, (answer.status, said[:300])
                return said
            time.sleep(float(answer.headers["Retry-After"]))  # as it is asked to


def _end(place: int) -> bytes:
    return place.to_bytes(8, "little")


class Memory(threading.Thread):
    """Looks once a second at how much memory of their own the server's processes have, in megabytes."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.seen, self.over = root, list[float](), threading.Event()

    def run(self) -> None:
        """Looks until `over` is set."""
        while not self.over.wait(1):
            self.seen.append(sum(_own_megabytes(pid) for pid in _children(self.root)))

    def growth(self) -> float:
        """The last quarter's median as a multiple of the second's: the first is for starting."""
        quarter = max(1, len(self.seen) // 4)
        return statistics.median(self.seen[-quarter:]) / statistics.median(
            self.seen[quarter : 2 * quarter] or self.seen
        )


def _children(root: int) -> list[int]:
    found = [int(each) for each in Path(f"/proc/{root}/task/{root}/children").read_text().split()]
    return [root, *found]


def _own_megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000


@contextmanager
def served(var: str) -> Iterator[int]:
    """The web server as `make serve` starts it, without workers; its process."""
    with open(Path(var) / "web.log", "wb") as log:
        command = [
            str(ROOT / ".venv/bin/gunicorn"),
            "--config",
            "scripts/gunicorn_config.py",
            "config.asgi:application",
        ]
        web = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        health = [
            str(ROOT / ".venv/bin/python"),
            "scripts/wait_for_health.py",
            f"{os.environ['DONARA_ORIGIN']}/healthz",
            "60",
        ]
        subprocess.run(health, cwd=ROOT, check=True)
        try:
            yield web.pid
        except BaseException:
            sys.stderr.write((Path(var) / "web.log").read_text()[-20_000:])
            raise
        finally:
            web.terminate()
            web.wait()


def parts_of_the_house() -> None:
    """PostgreSQL, Redis and radosgw in the environment, ours to stop at the very end where nobody named any."""
    if os.environ.get("DONARA_STORE", "").startswith("s3:"):
        return
    told = subprocess.run([ROOT / "scripts/services", "start"], check=True, capture_output=True, text=True).stdout
    for line in told.splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        os.environ[name] = value.strip("'\"")
    stop = [str(ROOT / "scripts/services"), "stop"]
    atexit.register(lambda: subprocess.run(stop, check=False, capture_output=True))


def curled(size: int, files: int, folder: Path) -> float:
    """Seconds in which curl puts so many objects of that size into the store, four at a time, each hashed as well."""
    from core.storage.store import store
    from core.storage.zones import Zone

    chosen: Any = store()
    bucket = f"{chosen.client.meta.endpoint_url}/{chosen.bucket(Zone.QUARANTINE)}"
    source = folder / "object"
    source.write_bytes(os.urandom(size))
    who = f"{os.environ['DONARA_S3_ACCESS_KEY']}:{os.environ['DONARA_S3_SECRET_KEY']}"
    config = folder / "curl.conf"
    config.touch(mode=0o600)
    config.write_text(f'user = "{who}"\naws-sigv4 = "aws:amz:us-east-1:s3"\nsilent\nfail\n')
    put = (
        'sha256sum <"$1" >/dev/null & exec curl --config "$2" -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" -T "$1" "$3"'
    )

    def one(place: int) -> None:
        address = f"{bucket}/floor-{size}-{place}"
        subprocess.run(["bash", "-c", put, "put", source, config, address], check=True, capture_output=True)

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as four:
        list(four.map(one, range(files)))
    return time.perf_counter() - began


def uploaded(programme: Any, port: int, size: int, files: int) -> float:
    """Seconds in which fifty donors have uploaded so many files each, at once."""
    senders = [_sender(programme, port, size) for _ in range(DONORS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(DONORS) as all_at_once:
        list(all_at_once.map(lambda sender: sender.send(files), senders))
    return time.perf_counter() - began


def _sender(programme: Any, port: int, size: int) -> Sender:
    from core.accounts.actions import make_token
    from core.accounts.roles import Scope
    from tests.factories import consent
    from tests.factories import registry as make

    donor = consent.donor(programme)
    user = make.user_of(donor)
    token = make_token(user=user, name="bench", scopes=[Scope.DONATIONS], days=1, by=user)[1]
    image = make.own_dicom(donor, PixelData=b"", Rows=1, Columns=1)
    at = image.rindex(_PIXEL_DATA)
    length = size - at - len(_PIXEL_DATA) - 4
    header = image[:at] + _PIXEL_DATA + length.to_bytes(4, "little")
    pixels = (os.urandom(min(size, 1 << 20)) * (size // (1 << 20) + 1))[: length - len(_end(0))]
    return Sender(port, str(make.donation(donor, 0, submitted=False).pk), token, header, pixels)


def main() -> None:
    """Each shape in turn: the floor before and after, the donors between."""
    share = float(os.environ.get("DONARA_BENCH_SHARE", "1"))
    parts_of_the_house()
    with TemporaryDirectory(prefix="donara-bench-") as var:
        port = int(os.environ.setdefault("PORT", "8123"))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DONARA_MODE": "demo",
            "DONARA_VAR": var,
            "DONARA_ORIGIN": f"http://127.0.0.1:{port}",
        }
        from benchmarks.ground.registry import backends, fresh

        fresh()
        from django.db import connection

        who = connection.settings_dict
        os.environ["DATABASE_URL"] = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{who['NAME']}"
        from tests.factories.core import programme

        opened = programme("bench")
        report = Report("intake")
        sent = took_all = floor_all = 0.0
        with served(var) as web:
            for name, (size, megabytes) in SHAPES.items():
                files = max(1, int(share * megabytes * 1_000_000 / size / DONORS))
                memory = Memory(web)
                memory.start()
                few = max(8, files * DONORS // 10)
                before = curled(size, few, Path(var))
                took = uploaded(opened, port, size, files)
                memory.over.set()
                floor = statistics.mean((before, curled(size, few, Path(var))))
                rate, least = (size * n / seconds / 1e6 for n, seconds in ((files * DONORS, took), (few, floor)))
                megabytes_sent = size * files * DONORS / 1e6
                sent, took_all, floor_all = sent + megabytes_sent, took_all + took, floor_all + megabytes_sent / least
                facts = {"takes": f"{files * DONORS} files"}
                report.figure(
                    f"{name}: curl into the same store, hashed on the way ({backends()})", least, "MB a second"
                )
                report.figure(
                    f"{name}: {DONORS} donors at once", rate, "MB a second", floor=ratio(rate, least), **facts
                )
                report.figure(f"{name}: the server's memory at most", max(memory.seen), "MB")
                report.figure(f"{name}: its memory, last quarter against second", memory.growth(), "times")
        rate, least = sent / took_all, sent / floor_all
        report.figure(
            f"all {sent / 1000:.0f} GB: {DONORS} donors at once", rate, "MB a second", floor=ratio(rate, least)
        )
        report.write()


if __name__ == "__main__":
    main()
