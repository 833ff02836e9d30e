"""The first section: four numbers and the course of the last days."""

from analysis.results import DayCount, Figure
from reports import words
from reports.draft import Draft
from reports.model import Block, Card, Cards, Chart, Line, Section, Span, Table, Tone, cell

MIN_DAYS = 3  # fewer days with posts make no trend


def overview(draft: Draft) -> Section:
    return Section(
        key="overview", title="概览", note=(), blocks=(Cards(cards=_cards(draft)), *draw_trend(draft))
    )


def draw_trend(draft: Draft) -> list[Block]:
    """The course of the days, where there is one."""
    drawn = sum(1 for row in draft.result.trend if row.posts) >= MIN_DAYS
    return [_trend(draft)] if drawn else []


def overdue_tone(overdue: Figure) -> Tone:
    return "alert" if overdue.value else "plain"


def _cards(draft: Draft) -> tuple[Card, ...]:
    result, cite = draft.result, draft.book.cite
    overdue = result.replies.overdue
    changes = f"{_changed('新增', result.new_issues)} · {_changed('答复', result.answered_issues)}"
    return (
        *volume_cards(draft),
        Card(number=cite(result.open_issues, "在办事项"), label="在办事项", note=(Span(text=changes),)),
        Card(
            number=cite(overdue, "超过答复时限的事项", tone=overdue_tone(overdue)),
            label="超过答复时限",
            note=(Span(text=_longest_wait(draft)),),
        ),
    )


def volume_cards(draft: Draft) -> tuple[Card, Card]:
    """How much was written, and how much of it negative."""
    result, cite = draft.result, draft.book.cite
    return (
        Card(number=cite(result.threads, "主题帖"), label="主题帖", note=_threads_note(draft)),
        Card(number=cite(result.negative, "负面帖"), label="负面占比", note=_negative_note(draft)),
    )


def _changed(what: str, number: int) -> str:
    return f"{what}{number:,}" if number else f"无{what}"


def _longest_wait(draft: Draft) -> str:
    if not draft.result.replies.overdue.value:
        return "没有超时事项"
    waits = [
        issue.hours_open for issue in draft.result.issues if issue.answer == "overdue" and issue.hours_open
    ]
    return f"最长{words.duration(max(waits))}" if waits else "时长未知"


def _threads_note(draft: Draft) -> Line:
    result = draft.result
    if not result.posts.value:
        return (Span(text="没有帖子"),)
    posts = draft.book.cite(result.posts, "帖子", "帖")
    if result.threads_before is None:
        return words.fill("共{posts}", posts=posts)
    change = words.compared(result.threads.value - result.threads_before)
    return words.fill("较{before}{change} · 共{posts}", posts=posts, before=draft.before, change=change)


def _negative_note(draft: Draft) -> Line:
    negative = draft.result.negative
    if negative.value is None:
        return (Span(text=f"{draft.now}没有帖子"),)
    change = words.share_change(negative)
    if change is None:
        return (Span(text=f"{draft.before}无可比数据"),)
    said = words.compared(change, "个百分点", more="高", less="低")
    return (Span(text=f"较{draft.before}{said}"),)


def _trend(draft: Draft) -> Chart:
    trend = draft.result.trend
    table = Table(
        caption="每日主题帖与负面占比",
        headers=("日期", "主题帖", "帖子", "负面帖", "负面占比"),
        rows=tuple(
            (
                cell(words.day(row.day)),
                cell(words.count(row.threads)),
                cell(words.count(row.posts)),
                cell(words.count(row.negative)),
                cell(_day_share(row)),
            )
            for row in trend
        ),
        numeric=(1, 2, 3, 4),
    )
    return Chart(name="trend", alt=_trend_alt(trend), table=table)


def _day_share(row: DayCount) -> str:
    return "无数据" if row.negative_share is None else words.percent(row.negative_share)


def _trend_alt(trend: tuple[DayCount, ...]) -> str:
    top, last = max(trend, key=lambda row: row.threads), trend[-1]
    return (
        f"近{len(trend)}天每日主题帖与负面占比：{words.day(top.day)}主题帖最多，{top.threads}个；"
        f"{words.day(last.day)}主题帖{words.count(last.threads)}，负面占比{_day_share(last)}。"
    )
