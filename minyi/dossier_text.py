"""A dossier in Chinese lines, for a terminal."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from analysis.results import IssueResult
from minyi.dossier import Change, Dossier, InstructionEntry, ThreadEntry
from reports.clocks import clock, status
from reports.words import STAGES

SHOWN = 20  # threads, and key posts


def describe(dossier: Dossier, zone: ZoneInfo) -> Iterator[str]:
    """What and where, how it stands, its course, what staff did, its threads."""
    if dossier.asked != dossier.id:
        yield f"第 {dossier.asked} 号事项已并入第 {dossier.id} 号。"
    yield f"第 {dossier.id} 号 {dossier.title}"
    yield from _origin(dossier)
    yield f"首帖 {_moment(dossier.first_post_at, zone)}，首次采到 {_moment(dossier.first_seen_at, zone)}"
    if dossier.result is None:
        yield "最近的分析里没有这件事项。"
    else:
        yield f"{dossier.run_day} 的分析："
        yield from _result(dossier.result, zone)
    yield f"办理状态：{dossier.state or '未处理'}{f'（{dossier.department}）' if dossier.department else ''}"
    for order in dossier.instructions:
        yield f"批示：{describe_instruction(order)}"
    for change in dossier.changes:
        yield f"  {_change(change, zone)}"
    yield from _threads(dossier, zone)


def describe_instruction(order: InstructionEntry) -> str:
    """One line: number, issue, department, due date, how it stands."""
    due = f"，期限 {order.due_on}{'（已逾期）' if order.overdue else ''}" if order.due_on else ""
    note = f"（{order.note}）" if order.note else ""
    return (
        f"第 {order.id} 号（第 {order.issue_id} 号事项“{order.title}”）"
        f"{order.text}——{order.department}{due}，{order.state}{note}"
    )


def _origin(dossier: Dossier) -> Iterator[str]:
    if dossier.merged:
        yield f"含并入的第 {'、'.join(map(str, dossier.merged))} 号事项"
    if dossier.split_from is not None:
        yield f"由第 {dossier.split_from} 号事项拆出"


def _result(issue: IssueResult, zone: ZoneInfo) -> Iterator[str]:
    places = [part for part in (issue.district, issue.place) if part]
    kinds = issue.category_detail or issue.category or "类别未定"
    yield f"地点：{'，'.join(places) or '未定'}；类别：{kinds}；主办：{issue.department or '待定'}"
    yield (
        f"热度 {issue.heat.value:.1f}（{STAGES[issue.stage]}），{issue.threads.value} 个主题帖、"
        f"{issue.posts.value} 条帖子，发言者至多 {issue.voices} 人，{issue.days} 天有人反映"
    )
    waited = clock(issue)
    yield f"答复：{status(issue).text}{f'，{waited}' if waited else ''}"
    for reply in issue.replies:
        when = "时间不明" if reply.replied_at is None else _moment(reply.replied_at, zone)
        yield f"  {when} {reply.agency}：{reply.text[:60]}"
    for post in issue.key_posts[:SHOWN]:
        yield f"  {_moment(post.at, zone)} {post.label}"


def _change(change: Change, zone: ZoneInfo) -> str:
    note = f"：{change.note}" if change.note else ""
    return f"{_moment(change.at, zone)} {change.words}{note}（{change.staff}）"


def _threads(dossier: Dossier, zone: ZoneInfo) -> Iterator[str]:
    yield f"主题帖 {len(dossier.threads)} 个（方括号里是编号，拆分时用）："
    for thread in dossier.threads[:SHOWN]:
        yield f"  {_thread(thread, zone)}"
    if (left := len(dossier.threads) - SHOWN) > 0:
        yield f"  另有 {left} 个未列（--json 列出全部）"
    if dossier.gone_threads:
        yield f"  另有 {dossier.gone_threads} 个已不在论坛，不再引用"


def _thread(thread: ThreadEntry, zone: ZoneInfo) -> str:
    part = f"，原属第 {thread.from_issue} 号" if thread.from_issue else ""
    return f"[{thread.id}] {_moment(thread.first_post_at, zone)} {thread.title}（{thread.posts} 条{part}）{thread.url}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
