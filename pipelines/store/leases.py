"""Who may fetch from a host now, across all commands and workers."""

import os
import secrets
import socket
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, or_, select, update

from pipelines.schema import hosts
from pipelines.store.database import upsert

# A fetch is over by then, or its process is dead (Scrapy gives up on a download sooner).
LEASE = timedelta(seconds=200)
ASK_AGAIN_SECONDS = 0.5


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
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            upsert(connection, hosts, [{"host": host}], key=("host",), update=())
            if (wait := self._wait(connection, host, min_interval, now)) > 0:
                return wait
            holder = connection.execute(select(hosts.c.holder).where(hosts.c.host == host)).scalar_one()
            ours = hosts.c.holder.in_([self.holder, *([holder] if _is_dead(holder) else [])])
            free = or_(hosts.c.holder.is_(None), ours, hosts.c.leased_until < now)
            values = {"holder": self.holder, "leased_until": now + LEASE, "last_request_at": now}
            taken = connection.execute(update(hosts).where(hosts.c.host == host, free).values(values))
        return 0.0 if taken.rowcount == 1 else ASK_AGAIN_SECONDS

    def release(self, host: str) -> None:
        """Give the host back, if it is still ours."""
        mine = (hosts.c.host == host) & (hosts.c.holder == self.holder)
        with self.engine.begin() as connection:
            connection.execute(update(hosts).where(mine).values(holder=None, leased_until=None))

    def _wait(self, connection: Connection, host: str, min_interval: float, now: datetime) -> float:
        # Locked, so that two workers on PostgreSQL cannot both see the pause as over.
        query = select(hosts.c.last_request_at).where(hosts.c.host == host).with_for_update()
        last = connection.execute(query).scalar_one()
        return 0.0 if last is None else min_interval - (now - last).total_seconds()


def _machine() -> str:
    return socket.gethostname()[:30]


def _is_dead(holder: str | None) -> bool:
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
