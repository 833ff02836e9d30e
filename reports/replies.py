"""What an office said to an issue, what the answer lacks, and what it said the time before."""

import re
from collections.abc import Sequence

from analysis.results import Criterion, IssueResult, Level, Reply, Rubric
from reports import words
from reports.draft import Draft
from reports.model import Line, Span

REPLY = 48
_ORDER: dict[Level, int] = {"good": 0, "fair": 1, "poor": 2}
_LACK = re.compile("没[^，；]*")
SENTENCE_ENDS = ("。", "？", "！", "…")


def say_reply(draft: Draft, issue: IssueResult) -> list[Line]:
    """The latest answer in its own words, and in a quiet clause what it leaves open."""
    if not issue.replies:
        return []
    answers = [reply for reply in issue.replies if not reply.acknowledges]
    latest = latest_of(answers or issue.replies)
    text = words.shorten(latest.text, REPLY)
    order = "{agency}{when}{did}" if latest.replied_at else "{agency}{did}（{when}）"
    said = words.fill(
        order + "：“{text}”" + ("" if text.endswith(SENTENCE_ENDS) else "。"),
        agency=latest.agency,
        when=_when(draft, latest.post_id, words.moment_if_known(latest.replied_at, draft.zone)),
        did="受理" if latest.acknowledges else "答复",
        text=text,
    )
    lacks = say_lack([reply.rubric for reply in answers or issue.replies if reply.rubric is not None])
    return [said, *([(Span(text=f"（{lacks}。）", tone="quiet"),)] if lacks else [])]


def latest_of(replies: Sequence[Reply]) -> Reply:
    """The newest of some answers; one without a time only where all are."""
    dated = [(reply.replied_at, reply.post_id, reply) for reply in replies if reply.replied_at is not None]
    return max(dated)[-1] if dated else replies[-1]


def say_lack(rubrics: Sequence[Rubric]) -> str:
    """What no answer to the issue has, by the best of them in each count; nothing where all is there."""
    if not rubrics:
        return ""
    for count in ("relevance", "completeness", "grounds"):
        best: Criterion = min(
            (getattr(rubric, count) for rubric in rubrics), key=lambda one: _ORDER[one.level]
        )
        lack = _LACK.search(best.reason)
        if best.level != "good" and lack:
            stock = "多为套话，" if all(rubric.template for rubric in rubrics) else ""
            return f"答复{stock}{lack[0]}"
    return ""


def say_return(draft: Draft, issue: IssueResult) -> list[Line]:
    """Back after how many days, and what had been answered before."""
    if issue.returned_after_days is None:
        return []
    said = (words.strong("再度出现"), Span(text=f"：沉寂{issue.returned_after_days}天后又有人反映"))
    earlier = draft.result.evidence.get(issue.earlier_answer or 0)
    if earlier is None or earlier.purged or earlier.text is None:
        return [(*said, Span(text="。" if issue.earlier_answer else "，此前未见答复。"))]
    answer = words.fill(
        "；上次{agency}{when}答复：“{text}”。",
        agency=earlier.agency or "有关部门",
        when=_when(draft, earlier.post_id, words.day_of(earlier.dated_at, draft.zone)),
        text=words.shorten(earlier.text, REPLY).rstrip("。"),
    )
    return [(*said, *answer)]


def _when(draft: Draft, post_id: int, text: str) -> Span:
    post = draft.result.evidence.get(post_id)
    return Span(text=text, url=post.url if post else None)
