"""The demo's pharmacy, read by the shipped models: what people spoke of when, what they asked, whether it turned."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from analysis.posts import Posts, read_posts
from analysis.results import IssueResult
from analysis.run import Analysis, analyse
from analysis.settings import KnownIssues, Settings
from minyi.demo.town import build_town
from pipelines.places import PlaceFinder
from pipelines.reader import Document, Reader, load_models
from pipelines.segment import Segmenter

from .conftest import ZONE, Town

TODAY = date(2026, 11, 23)
OFFICE = "市政府新闻办"
_READ = ("sentiment", "p_neg", "intent", "category", "p_category", "category_detail", "spam", "tokens")


@pytest.fixture(scope="module", params=[3])
def pharmacy(request: Any) -> Town:
    """All threads of the story, in one issue."""
    town, reader = Town(), Reader(load_models(), Segmenter(), PlaceFinder({}), unsure=0.5)
    threads = [
        thread
        for thread in build_town(request.param, TODAY).site("haiping").threads
        if thread.line == "pharmacy"
    ]
    for thread in threads:
        posts = [post for post in thread.posts if not post.deleted]
        documents = [
            Document(title="" if number else thread.title, text=post.text)
            for number, post in enumerate(posts)
        ]
        opened = None
        for post, reading in zip(posts, reader.read(documents), strict=True):
            fields: dict[str, Any] = {name: getattr(reading, name) for name in _READ}
            fields["agency"] = OFFICE if (post.author or "").endswith("发布") else None
            if opened is None:
                opened = town.thread(thread.title, post.text, post.posted_at, **fields)
            else:
                town.reply(opened, post.text, post.posted_at, **fields)
    return town


def tell(town: Town, day: date) -> IssueResult:
    known = KnownIssues(threads={row["thread_id"]: 1 for row in town.rows}, next_id=2)  # type: ignore[misc]
    found: Analysis = analyse(
        town.frame, known, Settings(), kind="daily", first_day=day, last_day=day, sources=()
    )
    (issue,) = found.result.issues
    return issue


def test_memories_then_doubt_and_the_call_for_the_plan_then_the_answer(pharmacy: Town) -> None:
    issue = tell(pharmacy, TODAY)
    words = [set(aspect.words) for aspect in issue.aspects]
    assert len(words) >= 3
    assert words[0] & {"小时候", "掌柜的", "门口"}
    assert any({"方案", "公布"} <= some for some in words[1:-1])
    assert not words[-1] & {"公布", "小时候"}
    answer = next(reply for reply in issue.replies if not reply.acknowledges)
    assert issue.aspects[-1].first_day >= answer.replied_at.astimezone(ZONE).date()
    assert [first.first_day <= second.first_day for first, second in pairwise(issue.aspects)] == [True] * (
        len(words) - 1
    )
    kinds = [key.kind for key in issue.key_posts]
    assert kinds[0] == "first"
    assert {"turn", "answer"} <= set(kinds)


def test_the_question_is_open_until_the_plan_is_published(pharmacy: Town) -> None:
    answered_on = tell(pharmacy, TODAY).replies[0].replied_at.astimezone(ZONE).date()
    before = tell(pharmacy, date.fromordinal(answered_on.toordinal() - 1))
    asked, later = (
        next(demand for demand in issue.demands if demand.is_question and "方案" in demand.text)
        for issue in (before, tell(pharmacy, TODAY))
    )
    assert (asked.answered, later.answered) == (False, True)
    assert asked.count.value >= 8
    assert later.answered_by == tell(pharmacy, TODAY).replies[0].post_id


def test_the_answer_is_judged_with_reasons_and_read_posts_are_there(pharmacy: Town) -> None:
    reply = tell(pharmacy, TODAY).replies[0]
    assert reply.rubric is not None
    assert reply.rubric.relevance.level == "good"
    assert not reply.rubric.template
    posts: Posts = read_posts(pharmacy.frame, ZONE, TODAY)
    assert all(posts.tokens[posts.resident])
