"""Who may fetch from a host now, across all commands and workers."""

import os
import secrets
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update

from pipelines.schema import hosts
from pipelines.store.database import upsert
from pipelines.store.patience import patiently

# A fetch is over by then, or its process is dead (Scrapy gives up on a download sooner).
LEASE = timedelta(seconds=200)
ASK_AGAIN_SECONDS = 0.5
_NEVER = datetime.min.replace(tzinfo=UTC)


class StoreLease:
    """Keeps one row a host: who fetches from it, until when, and when it was last asked.

    The lease of a killed worker of this machine is free at once, that of another
    machine's expires; the time of the last request outlives every worker.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.holder = f"{_machine()}/{os.getpid()}/{secrets.token_hex(4)}"

    def acquire(self, host: str, min_interval: float) -> float:
        """0.0 when a request may be sent at once (it is noted), else the seconds after which to ask again."""
        return patiently(lambda: self._acquire(host, min_interval))

    def _acquire(self, host: str, min_interval: float) -> float:
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            upsert(connection, hosts, [{"host": host}], key=("host",), update=())
            # Locked, so that two workers on PostgreSQL cannot both see the host as free.
            here = connection.execute(select(hosts).where(hosts.c.host == host).with_for_update()).one()
            wait = min_interval - (now - (here.last_request_at or _NEVER)).total_seconds()
            if wait > 0:
                return wait
            if not self._is_free(here, now):
                return ASK_AGAIN_SECONDS
            values = {"holder": self.holder, "leased_until": now + LEASE, "last_request_at": now}
            connection.execute(update(hosts).where(hosts.c.host == host).values(values))
        return 0.0

    def _is_free(self, here: Any, now: datetime) -> bool:
        expired = here.leased_until is not None and here.leased_until < now
        return here.holder in (None, self.holder) or expired or is_dead(here.holder)

    def release(self, host: str) -> None:
        """Give the host back, if it is still ours."""
        patiently(lambda: self._release(host))

    def _release(self, host: str) -> None:
        mine = (hosts.c.host == host) & (hosts.c.holder == self.holder)
        with self.engine.begin() as connection:
            connection.execute(update(hosts).where(mine).values(holder=None, leased_until=None))


def _machine() -> str:
    return socket.gethostname()[:30]


def is_dead(holder: str | None) -> bool:
    """Was the holder a process of this machine that is no more?"""
    if holder is None:
        return False
    machine, pid, _ = holder.rsplit("/", 2)
    if machine != _machine():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
