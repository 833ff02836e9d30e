"""Items in, rows out: what is stored, what is masked, and where the next crawl resumes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, inspect, select

from crawlers.items import GoneThread, Post, Thread, ThreadRead
from pipelines.dedupe import text_hash
from pipelines.item_pipelines import BATCH, Intake, InvalidItemError
from pipelines.reading import Reading
from pipelines.schema import corrections, metadata, posts, readings, threads
from pipelines.store.corrections import find_post, save_corrections
from pipelines.store.crawled import forget_gone_texts, known_threads
from pipelines.store.readings import posts_frame, save_readings, unread_posts

KEY = b"k" * 32
WRITTEN = datetime(2026, 11, 22, 15, 30, 5, tzinfo=UTC)

THREAD = Thread(
    source="bbs", thread_key="7", url="https://bbs.example.org/thread-7-1-1.html", title="路灯不亮", replies=1
)
POST = Post(
    source="bbs",
    thread_key="7",
    post_key="70",
    url="https://bbs.example.org/thread-7-1-1.html#pid70",
    text="望海路口的路灯坏了半个月。",
    is_first=True,
    floor=1,
    posted_at=WRITTEN,
    author="望海居民",
)
READ = ThreadRead(source="bbs", thread_key="7", pages=1, replies=1)
READING = Reading(
    sentiment="neg",
    p_neg=1,
    p_neu=0,
    p_pos=0,
    intent="投诉",
    p_intent=1,
    category="城乡建设",
    p_category=1,
    category_detail=None,
    places=(),
    district=None,
    tokens="",
    spam=False,
)


@pytest.fixture
def intake(engine: Engine) -> Intake:
    return Intake(engine, "bbs", {"海平城管": "城市管理局"}, KEY)


def stored_posts(engine: Engine) -> list[dict[str, object]]:
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(posts).order_by(posts.c.post_key))]


def put(intake: Intake, *items: Thread | Post | ThreadRead | GoneThread) -> None:
    for item in items:
        intake.take(item)
    intake.flush()


def test_a_post_is_stored_once_however_often_it_is_crawled(engine: Engine, intake: Intake) -> None:
    for _ in range(3):
        put(intake, THREAD, POST, READ)
    [row] = stored_posts(engine)
    assert row["text"] == POST.text
    assert row["posted_at"] == WRITTEN
    assert row["dated_at"] == WRITTEN


def test_an_edit_replaces_the_text_and_keeps_the_first_times(engine: Engine, intake: Intake) -> None:
    put(intake, THREAD, POST)
    [before] = stored_posts(engine)
    put(intake, THREAD, replace(POST, text="修好了，谢谢。", posted_at=WRITTEN + timedelta(hours=9)))
    [after] = stored_posts(engine)
    assert after["text"] == "修好了，谢谢。"
    assert after["text_hash"] != before["text_hash"]
    assert (after["posted_at"], after["seen_at"]) == (WRITTEN, before["seen_at"])


def test_numbers_and_names_are_masked_before_anything_is_written(engine: Engine, intake: Intake) -> None:
    secret = "13812345678"
    put(intake, replace(THREAD, title=f"急 {secret}"), replace(POST, text=f"我叫王小明，电话{secret}"))
    assert len(stored_posts(engine)) == 1
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            written = repr(connection.execute(select(table)).all())
            assert secret not in written
            assert "王小明" not in written
            assert "望海居民" not in written


def test_a_voice_links_an_author_inside_one_thread_only(engine: Engine, intake: Intake) -> None:
    again = replace(POST, post_key="71", floor=2, is_first=False)
    other_thread = replace(THREAD, thread_key="8")
    elsewhere = replace(POST, thread_key="8", post_key="80")
    put(intake, THREAD, other_thread, POST, again, elsewhere)
    first, second, third = (row["voice"] for row in stored_posts(engine))
    assert first == second
    assert first != third


def test_an_official_account_appears_as_its_agency_and_has_no_voice(engine: Engine, intake: Intake) -> None:
    put(intake, THREAD, replace(POST, author="海平城管"), replace(POST, post_key="71", author=None))
    official, anonymous = stored_posts(engine)
    assert (official["agency"], official["voice"]) == ("城市管理局", None)
    assert (anonymous["agency"], anonymous["voice"]) == (None, None)


def test_a_relative_time_is_kept_as_the_interval_first_seen(engine: Engine, intake: Intake) -> None:
    earliest, latest = WRITTEN - timedelta(hours=1), WRITTEN
    vague = replace(POST, posted_at=None, posted_after=earliest, posted_before=latest)
    put(intake, THREAD, vague)
    put(intake, THREAD, replace(vague, posted_after=earliest - timedelta(days=1)))
    [row] = stored_posts(engine)
    assert (row["posted_at"], row["posted_after"], row["posted_before"]) == (None, earliest, latest)
    assert row["dated_at"] == latest


ANSWER = replace(
    POST, post_key="71", floor=2, is_first=False, author=None, agency="城市管理局", posted_at=None
)
MONTH, DAY = timedelta(days=30), timedelta(days=1)


@pytest.mark.parametrize(
    ("answer", "dated_at", "untimed"),
    [
        (replace(ANSWER, posted_after=WRITTEN), WRITTEN, True),
        (replace(ANSWER, posted_before=WRITTEN), WRITTEN, True),
        (replace(ANSWER, posted_after=WRITTEN - MONTH, posted_before=WRITTEN), WRITTEN, True),
        (replace(ANSWER, posted_after=WRITTEN - DAY, posted_before=WRITTEN), WRITTEN, False),
        (replace(ANSWER, posted_at=WRITTEN), WRITTEN, False),
    ],
)
def test_a_time_with_one_end_or_as_wide_as_a_month_is_none(
    engine: Engine, intake: Intake, answer: Post, dated_at: datetime, untimed: bool
) -> None:
    put(intake, THREAD, replace(POST, posted_at=WRITTEN - MONTH), answer)
    with engine.connect() as connection:
        frame = posts_frame(connection, "none", WRITTEN - 2 * MONTH, WRITTEN + MONTH)
    assert frame["untimed"].tolist() == [False, untimed]
    assert frame["dated_at"].tolist()[1] == dated_at


def test_a_time_that_comes_later_dates_the_answer(engine: Engine, intake: Intake) -> None:
    put(intake, THREAD, POST, replace(ANSWER, posted_after=WRITTEN))
    later = WRITTEN + timedelta(hours=5)
    put(intake, THREAD, POST, replace(ANSWER, posted_at=later))
    put(intake, THREAD, POST, replace(ANSWER, posted_after=WRITTEN))
    assert [row["dated_at"] for row in stored_posts(engine)] == [WRITTEN, later]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (replace(THREAD, title=" \x00 "), "no_title"),
        (replace(THREAD, thread_key=""), "no_key"),
        (replace(POST, post_key=""), "no_key"),
        (replace(POST, posted_at=None), "no_time"),
        (replace(POST, posted_at=datetime(1970, 1, 1, tzinfo=UTC)), "impossible_time"),
        (replace(POST, posted_at=datetime.now(UTC) + timedelta(days=3)), "impossible_time"),
    ],
)
def test_what_cannot_be_stored_is_refused_under_a_reason(
    intake: Intake, item: Thread | Post, reason: str
) -> None:
    with pytest.raises(InvalidItemError, match=f"^{reason}$"):
        intake.take(item)


def test_nuls_and_lone_surrogates_do_not_reach_the_database(engine: Engine, intake: Intake) -> None:
    put(intake, THREAD, replace(POST, text="灯\x00坏\ud800了"))
    assert stored_posts(engine)[0]["text"] == "灯坏了"


def test_a_thread_is_known_only_once_all_its_pages_are_stored(engine: Engine, intake: Intake) -> None:
    put(intake, THREAD, POST)
    with engine.connect() as connection:
        assert known_threads(connection, "bbs") == {}
    put(intake, READ)
    with engine.connect() as connection:
        known = known_threads(connection, "bbs")["7"]
        assert known_threads(connection, "other") == {}
    assert (known.pages, known.replies, known.last_post_at) == (1, 1, WRITTEN)


def test_a_thread_is_gone_after_two_looks_and_back_when_it_is_seen(engine: Engine, intake: Intake) -> None:
    def gone_at() -> datetime | None:
        with engine.connect() as connection:
            return connection.execute(select(threads.c.gone_at)).scalar_one()

    put(intake, THREAD, POST)
    put(intake, GoneThread(source="bbs", thread_key="7"))
    assert gone_at() is None
    put(intake, GoneThread(source="bbs", thread_key="7"))
    first = gone_at()
    assert first is not None
    put(intake, GoneThread(source="bbs", thread_key="7"))
    assert gone_at() == first
    put(intake, THREAD)
    assert gone_at() is None


def test_a_gone_threads_words_are_forgotten_after_a_week(engine: Engine, intake: Intake) -> None:
    put(intake, THREAD, POST, replace(THREAD, thread_key="8"), replace(POST, thread_key="8", post_key="80"))
    for _ in range(2):
        put(intake, GoneThread(source="bbs", thread_key="7"))
    with engine.begin() as connection:
        assert forget_gone_texts(connection, datetime.now(UTC) + timedelta(days=6)) == 0
        assert forget_gone_texts(connection, datetime.now(UTC) + timedelta(days=8)) == 1
        assert connection.execute(select(threads.c.title).order_by(threads.c.thread_key)).scalars().all() == [
            "",
            "路灯不亮",
        ]
    assert [row["text"] for row in stored_posts(engine)] == ["", POST.text]


def test_batches_are_written_as_they_fill(engine: Engine, intake: Intake) -> None:
    intake.take(THREAD)
    for number in range(BATCH):
        intake.take(replace(POST, post_key=str(number), is_first=number == 0))
    assert len(stored_posts(engine)) == BATCH


def test_no_table_has_an_author(engine: Engine) -> None:
    inspector = inspect(engine)
    assert {table.name for table in metadata.sorted_tables} <= set(inspector.get_table_names())
    for table in inspector.get_table_names():
        for column in inspector.get_columns(table):
            assert not {"author", "user", "uid", "nickname", "phone", "email"} & set(
                column["name"].split("_")
            )


def test_posts_of_a_refused_thread_are_refused_with_it(engine: Engine, intake: Intake) -> None:
    with pytest.raises(InvalidItemError, match="no_title"):
        intake.take(replace(THREAD, title="\x00"))
    with pytest.raises(InvalidItemError, match="no_thread"):
        intake.take(POST)
    with pytest.raises(InvalidItemError, match="no_thread"):
        intake.take(READ)
    intake.flush()
    assert stored_posts(engine) == []
    put(intake, THREAD, POST)
    assert len(stored_posts(engine)) == 1


@pytest.mark.parametrize("key", ["k" * 129, "7\x00", "7\udc80"])
def test_a_key_no_store_can_hold_is_refused(intake: Intake, key: str) -> None:
    with pytest.raises(InvalidItemError, match="bad_key"):
        intake.take(replace(THREAD, thread_key=key))


def test_a_boards_name_is_masked_and_fits(engine: Engine, intake: Intake) -> None:
    put(intake, replace(THREAD, board="找13987654321" + "长" * 200))
    with engine.connect() as connection:
        board = connection.execute(select(threads.c.board)).scalar_one()
    assert "13987654321" not in board
    assert len(board) == 128


def test_controls_and_turned_lines_are_not_stored(engine: Engine, intake: Intake) -> None:
    put(intake, THREAD, replace(POST, text="路灯\x1b[31m\u202e坏了\n第二行"))
    assert stored_posts(engine)[0]["text"] == "路灯[31m坏了\n第二行"


NAMED = "王建国"


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("王建国家违建没人管", ("我叫王建国，请尽快处理。", "同意楼上")),
        ("反映邻居王建国占道", ("王建国的砂石堆了半年。", "王建国天天这样")),
        ("砂石占道", ("王建国的砂石堆了半年。", "联系人：王建国", "王建国天天这样")),
    ],
)
def test_who_is_named_in_one_text_of_a_thread_is_named_in_none(
    engine: Engine, intake: Intake, title: str, texts: tuple[str, ...], together: bool
) -> None:
    """Also where the thread's texts are stored one batch after another, and when its first page comes again."""
    for _ in range(2):
        intake.take(replace(THREAD, title=title))
        for number, said in enumerate(texts):
            intake.take(replace(POST, post_key=str(number), text=said, is_first=number == 0))
            if not together:
                intake.flush()
        put(intake, READ)
    put(intake, replace(THREAD, title=title), replace(POST, post_key="0", text=texts[0]), READ)
    with engine.connect() as connection:
        titles = connection.execute(select(threads.c.title)).scalars().all()
    stored = f"{titles}{stored_posts(engine)}"
    assert NAMED not in stored
    assert "〔姓名〕" in stored
    assert {row["text_hash"] for row in stored_posts(engine)} == {
        text_hash(str(row["text"])) for row in stored_posts(engine)
    }


def test_other_threads_keep_their_words(engine: Engine, intake: Intake) -> None:
    other = replace(THREAD, thread_key="8", title="高明区路灯不亮，高明路也是")
    mine = replace(POST, text="我叫高明，路灯不亮")
    put(intake, THREAD, mine, other, replace(THREAD, title="高明区的路灯"))
    with engine.connect() as connection:
        titles = connection.execute(select(threads.c.title).order_by(threads.c.id)).scalars().all()
    assert titles == ["高明区的路灯", other.title]


def test_a_name_masked_later_leaves_no_words_that_were_read_and_every_correction(
    engine: Engine, intake: Intake
) -> None:
    put(intake, replace(THREAD, title="王建国天天这样"), replace(POST, text="王建国天天这样"))
    assert NAMED in str(stored_posts(engine)[0]["text"])
    with engine.begin() as connection:
        [row] = next(unread_posts(engine, "m1", size=9))
        save_readings(connection, [row], [replace(READING, tokens=NAMED)], "m1", WRITTEN)
        post = find_post(connection, POST.url)
        assert post is not None
        save_corrections(connection, post, {"intent": "投诉"}, WRITTEN)
    put(intake, replace(POST, post_key="71", is_first=False, text="联系人：王建国"))
    first = stored_posts(engine)[0]
    assert first["text"] == "〔姓名〕天天这样"
    with engine.connect() as connection:
        assert connection.execute(select(corrections.c.text_hash)).scalar_one() == first["text_hash"]
        assert not connection.execute(select(readings)).all()


def test_an_edited_post_is_stored_anew_though_brackets_like_masks_stood_in_it(
    engine: Engine, intake: Intake
) -> None:
    for year in (2025, 2026):
        put(intake, THREAD, replace(POST, text=f"海政发〔{year}〕15号文件何时落实？"))
    assert stored_posts(engine)[0]["text"] == "海政发〔2026〕15号文件何时落实？"
