"""Who may fetch from a host now, across all commands and workers."""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, or_, select, update

from pipelines.schema import hosts
from pipelines.store.database import upsert

# A fetch is over by then, or its process is dead (Scrapy gives up on a download sooner).
LEASE = timedelta(seconds=200)
ASK_AGAIN_SECONDS = 0.5


class StoreLease:
    """Keeps one row a host: who fetches from it, until when, and when it was last asked.

    A killed worker's lease expires; the time of the last request outlives every worker.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.holder = secrets.token_hex(8)

    def acquire(self, host: str, min_interval: float) -> float:
        """0.0 when a request may be sent at once (it is noted), else the seconds after which to ask again."""
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            upsert(connection, hosts, [{"host": host}], key=("host",), update=())
            if (wait := self._wait(connection, host, min_interval, now)) > 0:
                return wait
            free = or_(hosts.c.holder.is_(None), hosts.c.holder == self.holder, hosts.c.leased_until < now)
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
