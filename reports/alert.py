"""The alert: half a page on what broke out, where, how fast, and who should know."""

from analysis.results import Burst, IssueResult
from reports import words
from reports.bursts import ALL_SOURCES, issues_behind, own_burst, say_burst, stream_bursts
from reports.clocks import clock, status
from reports.draft import Draft
from reports.issue_cards import UNKNOWN_DEPARTMENT, category, heat, quote
from reports.model import Block, Bullets, Line, Paragraph, Section, Span

MAX_ISSUES = 3
SHORT = 36


def outbreaks(draft: Draft) -> Section:
    streams = stream_bursts(draft.result)
    single = own_burst(draft.result)
    behind = issues_behind(streams[0], draft.by_heat) if streams and not single else ()
    told = behind or draft.by_heat
    issues = told[:MAX_ISSUES]
    tail = "其中帖子最多的事项：" if behind else "以下为当前最热的事项。" if issues else ""
    left = len(told) - len(issues)
    whole: list[Block] = [
        _stream(draft, burst, "其中多数说的是这件事。" if single else tail) for burst in streams
    ]
    blocks: list[Block] = [] if single else whole
    for issue in issues:
        blocks += [
            Paragraph(line=(words.strong(words.shorten(issue.title, SHORT)),)),
            Bullets(items=_facts(draft, issue)),
        ]
    if single:
        blocks += whole
    if not blocks:
        blocks = [Paragraph(line=words.fill("没有突增的事项；来源异常见上。"))]
    note = "等级由人确认，程序不定级" + (f"；另有{left}项未列" if left else "")
    return Section(key="outbreaks", title="情况", note=(Span(text=note),), blocks=tuple(blocks))


def _stream(draft: Draft, burst: Burst, tail: str) -> Paragraph:
    """All sources together, and how what follows belongs to it."""
    return Paragraph(
        line=words.fill(ALL_SOURCES + "：{speed}{tail}", speed=say_burst(draft, burst, "合计"), tail=tail)
    )


def _facts(draft: Draft, issue: IssueResult) -> tuple[Line, ...]:
    title = words.shorten(issue.title, SHORT)
    cite = draft.book.cite
    said = clock(issue)
    lines = (
        words.fill(
            "地点与类别：{place}，{category}。",
            place="，".join(filter(None, (issue.district, issue.place))) or "未定",
            category=category(issue),
        ),
        *(
            [words.fill("速度：{speed}", speed=say_burst(draft, issue.burst, title))]
            if issue.burst is not None
            else []
        ),
        words.fill(
            "规模：{now}新增{new}，累计{threads}、{posts}；热度{heat}。",
            now=draft.now,
            new=cite(issue.new_posts, f"{title}：{draft.now}新增", "帖"),
            threads=cite(issue.threads, f"{title}：主题帖", "个主题帖"),
            posts=cite(issue.posts, f"{title}：全部帖子", "帖"),
            heat=heat(issue),
        ),
        words.fill("首帖：{at}。", at=words.moment(issue.first_post_at, draft.zone)),
        words.fill(
            "应知：{department}；{status}{clock}。",
            department=issue.department or UNKNOWN_DEPARTMENT,
            status=status(issue),
            clock=f"，{said}" if said else "",
        ),
    )
    voice = quote(draft, issue)
    return (*lines, words.fill("原话：{voice}", voice=voice)) if voice else lines
