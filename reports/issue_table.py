"""A run's issues and the posts behind them as plain rows, for spreadsheets."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from analysis.results import IssueResult, PostRef, RunResult
from reports import words
from reports.annex import GONE, PURGED
from reports.clocks import status

ISSUE_COLUMNS = (
    *("事项编号", "事项", "地点", "区域", "类别", "细类", "主办单位", "依据"),
    *("首帖时间", "最新帖时间", "主题帖", "帖子", "本期新增", "发言者至多", "天数", "来源"),
    *("热度", "走势", "负面帖", "可判断帖", "答复情况", "首次答复", "答复用时（小时）", "未见回应的问题"),
)
POST_COLUMNS = ("事项编号", "帖子编号", "来源", "版块", "时间", "标题", "摘录", "答复单位", "网址")

Cell = str | int | float | None


def issue_rows(result: RunResult) -> Iterator[tuple[Cell, ...]]:
    """One row an issue, hottest first, praise last; times in the office's time zone."""
    zone = ZoneInfo(result.timezone)
    for issue in (*result.issues, *result.praise):
        yield _clean(*_what(issue), *_how_much(issue, zone), *_answered(issue, zone))


def post_rows(result: RunResult) -> Iterator[tuple[Cell, ...]]:
    """One row for each post of each issue, masked; of a post that is gone only that it was there."""
    zone = ZoneInfo(result.timezone)
    for issue in (*result.issues, *result.praise):
        for post_id in issue.posts.posts:
            post = result.evidence.get(post_id)
            if post is not None:
                yield _clean(issue.id, *_post(post, zone))


def _clean(*row: Cell) -> tuple[Cell, ...]:
    return tuple(words.clean(cell) if isinstance(cell, str) else cell for cell in row)


def _what(issue: IssueResult) -> tuple[Cell, ...]:
    where = (issue.place, issue.district)
    return (
        issue.id,
        issue.title,
        *where,
        *(issue.category, issue.category_detail),
        *(issue.department, issue.department_reason),
    )


def _how_much(issue: IssueResult, zone: ZoneInfo) -> tuple[Cell, ...]:
    times = (issue.first_post_at, issue.last_post_at)
    return (
        *(at.astimezone(zone).isoformat(sep=" ", timespec="minutes")[:16] for at in times),
        *(issue.threads.value, issue.posts.value, issue.new_posts.value, issue.voices, issue.days),
        "、".join(issue.sources),
        *(round(issue.heat.value, 2), words.STAGES[issue.stage]),
        *(issue.negative.part, issue.negative.whole),
    )


def _answered(issue: IssueResult, zone: ZoneInfo) -> tuple[Cell, ...]:
    first = next(iter(issue.replies), None)
    open_questions = [demand.text for demand in issue.demands if demand.is_question and not demand.answered]
    return (
        status(issue).text,
        f"{first.agency}，{words.moment_if_known(first.replied_at, zone)}" if first else None,
        None if issue.hours_to_answer is None else round(issue.hours_to_answer, 1),
        "；".join(open_questions) or None,
    )


def _post(post: PostRef, zone: ZoneInfo) -> tuple[Cell, ...]:
    known = post.dated_at.astimezone(zone).isoformat(sep=" ", timespec="minutes")[:16]
    at = words.UNKNOWN_TIME if post.untimed else known
    found = (post.post_id, post.source, post.board, at)
    if post.purged or post.text is None:
        return (*found, None, PURGED if post.purged else GONE, post.agency, None)
    return (*found, post.title, post.text, post.agency, post.url)
