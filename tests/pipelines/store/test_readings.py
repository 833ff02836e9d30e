"""Readings of stored posts: each once, whichever worker; near copies meet on both databases."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, delete, insert, select

from analysis.posts import read_posts
from pipelines.reader import Document, Reader
from pipelines.schema import posts, readings, threads
from pipelines.store.readings import posts_frame, save_readings, unread_posts

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
LAMP = "我是阳光小区3栋的业主，小区门口的路灯坏了半个月，晚上漆黑一片，多次向物业反映，一直没有人来处理"
TEXTS = (
    LAMP,
    f"尊敬的领导：您好！{LAMP}，谢谢",
    LAMP.replace("3栋", "5栋"),
    "同意",
    "同意",
    "",
    "请问小区停水什么时候开始？",
    "路\x7f灯坏了",
)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Every text as the first post of a thread of its own."""
    with engine.begin() as connection:
        for number, text in enumerate(TEXTS, start=1):
            thread = {"id": number, "source": "bbs", "thread_key": str(number), "url": "", "title": "帖子"}
            connection.execute(insert(threads).values(**thread, first_seen_at=AT, last_seen_at=AT))
            post = {"id": number, "thread_id": number, "post_key": "1", "url": "", "text": text}
            times = {"seen_at": AT, "dated_at": AT, "posted_at": AT}
            post |= {"text_hash": f"{number:032}", "is_first": True}
            connection.execute(insert(posts).values(**post, **times))
    return engine


def read(engine: Engine, reader: Reader, shard: tuple[int, int] = (1, 1)) -> list[int]:
    """Read what is unread; the posts, in order."""
    done = []
    for rows in unread_posts(engine, reader.version, size=3, shard=shard):
        results = reader.read([Document(title="", text=row.text) for row in rows])
        with engine.begin() as connection:
            save_readings(connection, rows, results, reader.version, AT)
        done += [row.post_id for row in rows]
    return done


def stored(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(readings).order_by(readings.c.post_id)).all())


def test_shards_give_the_same_rows_as_one_worker(filled: Engine, reader: Reader) -> None:
    whole = range(1, len(TEXTS) + 1)
    assert read(filled, reader) == list(whole)
    one = stored(filled)
    with filled.begin() as connection:
        connection.execute(delete(readings))
    parts = [read(filled, reader, (number, 3)) for number in (2, 3, 1)]
    assert sorted(post for part in parts for post in part) == list(whole)
    assert stored(filled) == one
    assert read(filled, reader) == []


def test_an_edited_copy_counts_once_and_another_number_is_no_copy(filled: Engine, reader: Reader) -> None:
    read(filled, reader)
    with filled.connect() as connection:
        frame = posts_frame(
            connection, reader.version, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
        )
    found = read_posts(frame, ZoneInfo("Asia/Shanghai"), date(2026, 11, 30))
    assert found.post_id[found.copy].tolist() == [2]
