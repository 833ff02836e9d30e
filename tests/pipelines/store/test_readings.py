"""The frame of posts: the same types from both databases, read or not."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert

from pipelines.schema import posts, readings, threads
from pipelines.store.readings import posts_frame

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def put(engine: Engine) -> None:
    """Two threads of one post; the later has the lower id, and the earlier is read."""
    opened = {"source": "bbs", "url": "https://bbs.example.org/", "first_seen_at": NOON, "last_seen_at": NOON}
    post = {"post_key": "1", "url": "https://bbs.example.org/1", "text_hash": "1", "is_first": True}
    with engine.begin() as connection:
        for number, days, text in ((1, 1, "路灯坏了"), (2, 0, "井盖松了")):
            thread = opened | {"id": number, "thread_key": str(number), "title": "标题"}
            connection.execute(insert(threads).values(thread))
            row = post | {"id": number, "thread_id": number, "text": text}
            connection.execute(insert(posts).values(row | {"seen_at": NOON, "dated_at": NOON + days * DAY}))
        shares = dict.fromkeys(("p_neg", "p_neu", "p_pos", "p_intent", "p_category"), 0)
        reading = {"post_id": 2, "model_version": "1", "text_hash": "1", "read_at": NOON, "spam": True}
        labels = {"sentiment": "neg", "intent": "投诉", "category": "城乡建设", "tokens": "井盖 松"}
        places = {"places": ["望海路"]}
        connection.execute(insert(readings).values(reading | shares | labels | places))


def test_posts_come_by_time_with_whole_types(engine: Engine) -> None:
    put(engine)
    with engine.connect() as connection:
        frame = posts_frame(connection, "1", NOON, NOON + 2 * DAY)
    assert frame["text"].tolist() == ["井盖松了", "路灯坏了"]
    assert frame["dated_at"].tolist() == [NOON, NOON + DAY]
    assert frame["is_first"].tolist() == [True, True]
    assert frame["spam"].tolist() == [True, False]
    assert frame["places"].tolist() == [["望海路"], []]
    assert frame["sentiment"].isna().tolist() == [False, True]
    assert frame["p_neg"].dtype == float


def test_no_posts_make_an_empty_frame_of_the_same_columns(engine: Engine) -> None:
    with engine.connect() as connection:
        empty = posts_frame(connection, "1", NOON, NOON + DAY)
    put(engine)
    with engine.connect() as connection:
        some = posts_frame(connection, "1", NOON, NOON + 2 * DAY)
    assert empty.empty
    assert list(empty.columns) == list(some.columns)
    assert empty["dated_at"].dt.tz is not None


def test_only_the_threads_asked_for(engine: Engine) -> None:
    put(engine)
    with engine.connect() as connection:
        frame = posts_frame(connection, "1", NOON, NOON + 2 * DAY, [1])
    assert frame["thread_id"].tolist() == [1]
