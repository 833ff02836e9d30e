"""What a healthy day looks like, and the words when it is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawlers.monitors import SHANGHAI, SourceDay, expect, judge_day
from crawlers.outcome import CrawlReport

DAY = date(2026, 11, 23)
STARTED = datetime(2026, 11, 23, 20, tzinfo=UTC)
FULL = {"text": 40, "author": 38, "time": 40}
REPORT = CrawlReport(
    source="demo",
    state="ok",
    code="finished",
    message="采集完成",
    started_at=STARTED,
    finished_at=STARTED,
    pages=50,
    posts=40,
    newest_post_at=STARTED - timedelta(hours=1),
    filled=FULL,
)


def history(*posts: int) -> dict[date, int]:
    return {DAY - timedelta(weeks=week): count for week, count in enumerate(posts, 1)}


def today(posts: int, threads: int = 5) -> SourceDay:
    return SourceDay(day=DAY, threads=threads, posts=posts)


def test_only_the_same_weekday_counts() -> None:
    noise = {DAY - timedelta(days=days): 1000 for days in (1, 2, 3, 6)}
    assert expect(DAY, history(40, 42, 38, 40) | noise).usual == 40


def test_under_four_weeks_only_the_declared_minimum_counts() -> None:
    assert expect(DAY, history(40, 40, 40)).usual is None
    assert judge_day(today(2), history(400, 400, 400), REPORT).state == "ok"
    assert judge_day(today(2, threads=0), {}, REPORT).state == "low"


@pytest.mark.parametrize(("posts", "state"), [(40, "ok"), (25, "ok"), (13, "ok"), (3, "low"), (0, "blind")])
def test_far_fewer_than_usual(posts: int, state: str) -> None:
    assert judge_day(today(posts), history(40, 36, 44, 40, 39), REPORT).state == state


def test_a_noisy_source_is_given_more_room() -> None:
    assert judge_day(today(5), history(40, 10, 90, 20, 60), REPORT).state == "ok"


def test_zero_posts_are_said_in_words() -> None:
    verdict = judge_day(today(0), history(40, 40, 40, 40), REPORT)
    assert verdict.message == "当日 0 帖，平时约 40 帖，疑似改版或失灵"


def test_of_a_day_not_seen_to_its_end_the_hours_are_said() -> None:
    early = datetime(2026, 11, 23, 5, 30, tzinfo=SHANGHAI)
    part = replace(today(0), until=early)
    assert judge_day(part, history(40, 40, 40, 40), REPORT).message == (
        "截至 11月23日 05:30 的 24 小时里 0 帖，平时约 40 帖，疑似改版或失灵"
    )
    assert judge_day(replace(part, posts=3), history(40, 40, 40, 40), REPORT).message == (
        "截至 11月23日 05:30 的 24 小时里只有 3 帖，平时约 40 帖"
    )
    well = judge_day(replace(part, posts=38), history(40, 40, 40, 40), REPORT)
    assert (well.state, well.message) == ("ok", "只采到 11月23日 05:30")


def test_what_was_never_crawled_is_not_called_blind_besides() -> None:
    part = replace(today(0), until=datetime(2026, 11, 23, 5, 30, tzinfo=SHANGHAI))
    verdict = judge_day(part, history(40, 40, 40, 40), None)
    assert (verdict.state, verdict.message) == ("failed", "还没有采集过")


def test_a_failed_crawl_is_failed_and_says_why() -> None:
    blocked = replace(REPORT, state="blocked", code="captcha", message="网站要求人机验证")
    verdict = judge_day(today(0), history(40, 40, 40, 40), blocked)
    assert verdict.state == "failed"
    assert verdict.message is not None
    assert verdict.message.startswith("网站要求人机验证；")


def test_empty_fields_are_a_redesign() -> None:
    verdict = judge_day(today(40), {}, replace(REPORT, filled={"text": 3, "author": 40, "time": 40}))
    assert (verdict.state, verdict.message) == ("blind", "正文大多为空，疑似改版")


def test_garbled_pages_old_news_and_unreadable_pages() -> None:
    assert judge_day(today(40), {}, replace(REPORT, decoding_errors=9)).state == "low"
    assert (
        judge_day(today(40), {}, replace(REPORT, newest_post_at=STARTED - timedelta(days=9))).state == "low"
    )
    assert judge_day(today(40), {}, replace(REPORT, failed={"unreadable_thread": 30})).state == "blind"


def test_a_changed_robots_file_is_mentioned_only() -> None:
    verdict = judge_day(today(40), {}, replace(REPORT, robots_hash="b"), robots_before="a")
    assert verdict.state == "ok"
    assert verdict.message is not None
    assert "robots.txt" in verdict.message
    assert judge_day(today(40), {}, replace(REPORT, robots_hash="a"), robots_before="a").message is None


def test_more_than_declared() -> None:
    verdict = judge_day(replace(today(900), max_posts=500), {}, REPORT)
    assert verdict.state == "low"
