"""Raised once a cause, over when the cause is, raised again when it comes back."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, insert

from pipelines.schema import runs
from pipelines.store.alerts import (
    Cause,
    acknowledge_alert,
    attach_run,
    end_alerts,
    known_causes,
    list_alerts,
    raise_alert,
)

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
DAY = timedelta(days=1)
BLIND = Cause(kind="blind", message="“海平在线”今天没有帖子", source="haiping-bbs")


def a_run(connection: Connection) -> int:
    day = NOON.date()
    row = {"kind": "alert", "first_day": day, "last_day": day, "results": {}, "made_at": NOON}
    versions = {"config_hash": "", "lexicon_hash": "", "model_version": ""}
    return int(connection.execute(insert(runs).values(row | versions).returning(runs.c.id)).scalar_one())


def test_one_cause_is_raised_once_until_it_is_over(engine: Engine) -> None:
    with engine.begin() as connection:
        first = raise_alert(connection, BLIND, NOON)
        assert first is not None
        assert raise_alert(connection, BLIND, NOON) == first, "killed before its brief was written"
        attach_run(connection, first.id, a_run(connection))
        assert known_causes(connection) == {"blind:haiping-bbs"}
        assert raise_alert(connection, BLIND, NOON + DAY) is None
        end_alerts(connection, "blind", {BLIND.key}, NOON + 2 * DAY, NOON + 2 * DAY)
        assert [row.over_at for row in list_alerts(connection)] == [None]
        end_alerts(connection, "blind", set(), NOON, NOON + 2 * DAY)
        assert [row.over_at for row in list_alerts(connection)] == [None], "seen a day after noon"
        end_alerts(connection, "burst", set(), NOON + 2 * DAY, NOON + 2 * DAY)
        assert [row.over_at for row in list_alerts(connection)] == [None], "another kind"
        end_alerts(connection, "blind", set(), NOON + 2 * DAY, NOON + 2 * DAY)
        again = raise_alert(connection, BLIND, NOON + 3 * DAY)
        assert again is not None
        assert [row.id for row in list_alerts(connection)] == [again.id, first.id]


def test_taken_up_is_no_longer_open_and_not_raised_again(engine: Engine) -> None:
    with engine.begin() as connection:
        raised = raise_alert(connection, BLIND, NOON)
        assert raised is not None
        attach_run(connection, raised.id, a_run(connection))
        assert acknowledge_alert(connection, raised.id, "周科", NOON)
        assert not acknowledge_alert(connection, raised.id, "吴科", NOON), "taken up before"
        assert not acknowledge_alert(connection, 999, "吴科", NOON)
        assert raise_alert(connection, BLIND, NOON + DAY) is None
        assert list_alerts(connection, only_open=True) == []
        [row] = list_alerts(connection)
    assert (row.acknowledged_by, row.source, row.last_seen_at) == ("周科", "haiping-bbs", NOON + DAY)
