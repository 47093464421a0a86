"""Says how far a run is: a bar on a terminal, a line now and then elsewhere; never a file's name."""

import sys
import time
from typing import TextIO

_WIDTH, _BAR_SECONDS, _LINE_SECONDS = 30, 0.2, 10.0


class Progress:
    """Shows one step of a run after the other on a stream."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self._bar = self.stream.isatty()
        self._step, self._total, self._done = "", 0, 0
        self._began = self._shown = 0.0

    def begin(self, step: str, total: int) -> None:
        """A step of so many files begins."""
        self._step, self._total, self._done = step, total, 0
        self._began = self._shown = time.monotonic()

    def add(self, files: int) -> None:
        """So many more files are done."""
        self._done += files
        now = time.monotonic()
        if now - self._shown >= (_BAR_SECONDS if self._bar else _LINE_SECONDS):
            self._shown = now
            self._show(now)

    def end(self) -> None:
        """The step is over, done or not."""
        if self._total and self._bar:
            self._show(time.monotonic())
            self.stream.write("\n")
            self.stream.flush()

    def _show(self, now: float) -> None:
        text = f"{self._step}: {self._done:,} of {self._total:,} files{self._remaining(now)}"
        if self._bar:
            filled = _WIDTH * self._done // self._total
            text = f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {text}\033[K"
        self.stream.write(text if self._bar else f"{text}\n")
        self.stream.flush()

    def _remaining(self, now: float) -> str:
        if not self._done or self._done == self._total:
            return ""
        seconds = int((now - self._began) / self._done * (self._total - self._done)) + 1
        return f", {seconds // 60} min left" if seconds >= 90 else f", {seconds} s left"
