"""Leases for tests: one that writes down what it is asked, one that is never free."""

import os
from dataclasses import dataclass

from crawlers.sources import HostBusyError


@dataclass
class RecordingLease:
    """Says "wait a moment" once before each request, and records hosts and intervals."""

    file: str
    asked: int = 0

    def acquire(self, host: str, min_interval: float) -> float:
        self.asked += 1
        if self.asked % 2:
            return 0.001
        self._write(f"acquire {host} {min_interval}")
        return 0.0

    def release(self, host: str) -> None:
        self._write(f"release {host}")

    def _write(self, line: str) -> None:
        with open(self.file, "a", encoding="utf-8") as file:  # noqa: PTH123
            file.write(line + os.linesep)


class BusyLease:
    def acquire(self, host: str, min_interval: float) -> float:
        raise HostBusyError("由 minyi crawl 占用")

    def release(self, host: str) -> None:
        pass
