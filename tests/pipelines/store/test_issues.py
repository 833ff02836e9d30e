"""What the store keeps of issues when a run and staff work at the same time."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from crawlers.items import Thread
from pipelines.schema import issue_threads, issues
from pipelines.store.crawled import save_threads
from pipelines.store.issues import (
    IssuesChangedError,
    find_issue,
    known_issues,
    merge,
    rename,
    save_issues,
    split,
)

AT = datetime(2026, 11, 20, tzinfo=UTC)


def record(number: int, title: str = "路灯") -> dict[str, object]:
    times = {"first_post_at": AT, "first_seen_at": AT}
    return {"id": number, "title": title, "place": None, "chatter": False, **times}


@pytest.fixture
def grouped(engine: Engine) -> Engine:
    """Three threads: the first two in issue 1, the third in issue 2."""
    threads = [
        Thread(source="a", thread_key=str(n), url=f"https://a.example/{n}", title=f"第{n}帖")
        for n in (1, 2, 3, 4)
    ]
    with engine.begin() as connection:
        save_threads(connection, threads, AT)
        save_issues(connection, [record(1), record(2)], {1: 1, 2: 1, 3: 2}, AT, 1)
    return engine


def test_a_split_during_a_run_makes_its_numbers_invalid(grouped: Engine) -> None:
    with grouped.begin() as connection:
        _, _, next_id = known_issues(connection)
        issue = find_issue(connection, 1)
        assert issue is not None
        assert split(connection, issue, [2], "第2帖", False) == next_id
    with grouped.begin() as connection, pytest.raises(IssuesChangedError, match="重新运行"):
        save_issues(connection, [record(next_id)], {4: next_id}, AT, next_id)


def test_a_run_that_ends_after_a_merge_adds_to_the_whole_and_moves_nothing(grouped: Engine) -> None:
    with grouped.begin() as connection:
        _, _, next_id = known_issues(connection)
        whole, part = find_issue(connection, 1), find_issue(connection, 2)
        assert whole is not None
        assert part is not None
        merge(connection, whole, part)
        rename(connection, 1, "给定的标题")
    with grouped.begin() as connection:
        save_issues(connection, [record(1), record(2)], {1: 1, 2: 1, 3: 2, 4: 2}, AT, next_id)
        rows = connection.execute(select(issue_threads).order_by(issue_threads.c.thread_id)).all()
        title = connection.execute(select(issues.c.title).where(issues.c.id == 1)).scalar_one()
        known, _, _ = known_issues(connection)
    assert [(row.issue_id, row.from_issue) for row in rows] == [(1, None), (1, None), (1, 2), (1, 2)]
    assert known == {1: 1, 2: 1, 3: 2, 4: 2}
    assert title == "给定的标题"
