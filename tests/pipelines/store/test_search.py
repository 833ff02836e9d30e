"""What a query finds in the store: the same on both databases, and what reading every text finds."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, text, update

from pipelines.query import (
    Document,
    Field,
    Node,
    Not,
    Word,
    all_of,
    any_of,
    fold_text,
    folding,
    matches,
    parse_query,
)
from pipelines.schema import posts, threads
from pipelines.store.lookups import Search
from pipelines.store.matches import find_matches, newest_matches
from pipelines.store.search import compact_index, create_index, drop_index, index_all, index_threads

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def put(connection: Connection, texts: Sequence[str], *, source: str = "bbs", title: str = "") -> list[int]:
    """One thread whose posts have these texts, a day apart; their ids."""
    key = f"{source}-{datetime.now().timestamp()}-{id(texts)}"  # noqa: DTZ005 - only has to be new
    seen = {"first_seen_at": NOON, "last_seen_at": NOON}
    thread = {"source": source, "thread_key": key, "url": "https://bbs.example.org/", "title": title} | seen
    [number] = connection.execute(insert(threads).values(thread).returning(threads.c.id)).scalars()
    ids = []
    for floor, said in enumerate(texts):
        post = {
            "thread_id": number,
            "post_key": str(floor),
            "url": "https://bbs.example.org/",
            "text": said,
            "text_hash": "",
            "is_first": floor == 0,
            "seen_at": NOON,
            "dated_at": NOON + timedelta(days=floor),
        }
        ids += connection.execute(insert(posts).values(post).returning(posts.c.id)).scalars()
    index_threads(connection, source, [key])
    return ids


def search(query: str | Node) -> Search:
    node = parse_query(query) if isinstance(query, str) else query
    return Search(node=node, zone=ZONE, model_version="1", districts={"south": "东浦街道"})


def found(connection: Connection, query: str | Node) -> list[int]:
    return sorted(row.id for row in newest_matches(connection, find_matches(connection, search(query)), 1000))


def test_a_name_is_found_however_a_segmenter_would_cut_it(engine: Engine) -> None:
    with engine.begin() as connection:
        ids = put(connection, ["百草堂要拆迁了", "老百草堂", "百草、草堂", "ＢＣＴ", "百　草堂"])
        assert found(connection, "百草堂") == ids[:2]
        assert found(connection, "草堂要") == ids[:1]
        assert found(connection, "堂") == [*ids[:3], ids[4]]
        assert found(connection, "bct") == [ids[3]]
        assert found(connection, "bc") == []


def test_the_title_belongs_to_the_first_post(engine: Engine) -> None:
    with engine.begin() as connection:
        ids = put(connection, ["今天又看了一眼", "拆了可惜"], title="百草堂")
        assert found(connection, "百草堂") == [ids[0]]
        assert found(connection, "百草堂 拆") == []


def test_sources_days_and_districts(engine: Engine) -> None:
    with engine.begin() as connection:
        north = put(connection, ["灯不亮", "灯还不亮"])
        south = put(connection, ["灯"], source="south")
        assert found(connection, "灯 source:south OR 还") == [north[1], *south]
        assert found(connection, "灯 from:2026-11-21") == [north[1]]
        assert found(connection, "灯 to:2026-11-20 NOT source:south") == [north[0]]
        assert found(connection, "district:东浦街道") == south
        assert found(connection, "灯 NOT district:东浦街道") == north


def test_what_is_gone_is_not_found(engine: Engine) -> None:
    with engine.begin() as connection:
        ids = put(connection, ["灯一", "灯二", "灯三"])
        connection.execute(update(posts).where(posts.c.id == ids[1]).values(gone_at=NOON))
        connection.execute(update(posts).where(posts.c.id == ids[2]).values(hidden="login"))
        assert found(connection, "灯") == ids[:1]
        connection.execute(update(threads).values(gone_at=NOON))
        assert found(connection, "灯") == []


def grams(connection: Connection) -> list[int]:
    key = "rowid" if connection.dialect.name == "sqlite" else "post_id"
    return list(connection.execute(text(f"SELECT {key} FROM post_grams ORDER BY 1")).scalars())


CHANGES: dict[str, Callable[[Connection, int], Any]] = {
    "text": lambda connection, post: connection.execute(
        update(posts).where(posts.c.id == post).values(text="")
    ),
    "post": lambda connection, post: connection.execute(delete(posts).where(posts.c.id == post)),
    "thread": lambda connection, post: connection.execute(delete(threads).where(threads.c.title == "路灯")),
    "title": lambda connection, post: connection.execute(
        update(threads).where(threads.c.title == "路灯").values(title="")
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_index_forgets_with_the_store(engine: Engine, change: str) -> None:
    with engine.begin() as connection:
        [kept] = put(connection, ["别的"])
        [first] = put(connection, ["灯不亮"], title="路灯")
        assert grams(connection) == [kept, first]
        CHANGES[change](connection, first)
        assert grams(connection) == [kept]
        compact_index(connection)
        assert found(connection, "路灯 OR 灯不") == []
        assert found(connection, "别的") == [kept]


def test_an_edited_text_is_found_by_its_new_words(engine: Engine) -> None:
    with engine.begin() as connection:
        [post] = put(connection, ["灯不亮"])
        connection.execute(update(posts).values(text="路不平"))
        assert index_all(connection) == 1
        assert found(connection, "灯") == []
        assert found(connection, "路不平") == [post]
        assert index_all(connection) == 0, "nothing is entered twice"


def test_an_index_made_later_knows_what_was_there(engine: Engine) -> None:
    with engine.begin() as connection:
        ids = put(connection, ["灯不亮"] * 3)
        drop_index(connection)
        create_index(connection)
        assert index_all(connection) == 3
        assert found(connection, "灯不亮") == ids


def test_a_text_of_too_many_grams_is_found_all_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST_GRAMS", 20)
    with engine.begin() as connection:
        long, short = put(connection, ["路灯" + "".join(map(chr, range(0x4E00, 0x4E80))), "路灯"])
        assert found(connection, "路灯") == [long, short]
        assert found(connection, "灯") == [long, short]
        assert found(connection, "路灯 NOT 一丁") == [short]
        assert found(connection, "水管") == []


def test_a_text_of_a_megabyte_is_stored(engine: Engine) -> None:
    huge = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(400_000))
    with engine.begin() as connection:
        [post] = put(connection, [f"{huge} {'x' * 100_000} 路灯坏"])
        assert found(connection, "路灯坏") == [post]


def test_a_query_of_a_hundred_words(engine: Engine) -> None:
    with engine.begin() as connection:
        ids = put(connection, ["路灯坏了", "水管裂了"])
        words = [f"词{number}无" for number in range(98)]
        assert found(connection, " OR ".join([*words, "水管裂", "灯"])) == ids
        assert found(connection, "路灯坏 " + " ".join(f"NOT {word}" for word in words)) == ids[:1]


def test_counts_posts_and_threads(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, ["灯", "灯", "路"])
        put(connection, ["路灯"])
        matched = find_matches(connection, search("灯"))
        assert (len(matched.posts), len(matched.threads)) == (3, 2)
        assert [row.text for row in newest_matches(connection, matched, 1)] == ["灯"]


LETTERS = st.sampled_from("拆迁堂灣湾AaＡb12 ，")
TEXTS = st.lists(st.text(LETTERS, max_size=8), min_size=1, max_size=6)
WORDS = st.text(LETTERS, min_size=1, max_size=4).filter(lambda word: any(map(str.isalnum, word)))
LEAVES: st.SearchStrategy[Node] = st.one_of(
    WORDS.map(Word),
    st.sampled_from(["bbs", "south"]).map(lambda name: Field("source", name)),
    st.dates(date(2026, 11, 19), date(2026, 11, 23)).map(lambda day: Field("from", str(day))),
    st.sampled_from(["东浦街道", "古城街道"]).map(lambda name: Field("district", name)),
)
NODES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: all_of(*nodes)),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: any_of(*nodes)),
    ),
    max_leaves=7,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(TEXTS, TEXTS), st.lists(NODES, min_size=1, max_size=8))
def test_the_index_finds_what_reading_every_text_finds(
    engine: Engine, said: tuple[list[str], list[str]], queries: list[Node]
) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        expected: dict[int, Document] = {}
        for source, texts in zip(("bbs", "south"), said, strict=True):
            for floor, (post, own) in enumerate(
                zip(put(connection, texts, source=source, title="堂A"), texts, strict=True)
            ):
                seen = f"堂A\n{own}" if floor == 0 else own
                expected[post] = Document(
                    text=fold_text(seen),
                    source=source,
                    day=(NOON + timedelta(days=floor)).astimezone(ZONE).date(),
                    district="东浦街道" if source == "south" else None,
                )
        for node in queries:
            naive = sorted(post for post, document in expected.items() if matches(node, document))
            assert found(connection, node) == naive
        transaction.rollback()
