"""The alert: half a page on what broke out, where, how fast, and who should know."""

from analysis.results import IssueResult
from reports import words
from reports.draft import Draft
from reports.issue_cards import UNKNOWN_DEPARTMENT, category, clock, heat, quote, status
from reports.model import Block, Bullets, Line, Paragraph, Section, Span

MAX_ISSUES = 3
SHORT = 36


def outbreaks(draft: Draft) -> Section:
    issues = draft.by_heat[:MAX_ISSUES]
    left = len(draft.by_heat) - len(issues)
    blocks: list[Block] = []
    for issue in issues:
        blocks += [
            Paragraph(line=(words.strong(words.shorten(issue.title, SHORT)),)),
            Bullets(items=_facts(draft, issue)),
        ]
    if not blocks:
        blocks = [Paragraph(line=words.fill("没有突然升温的事项；来源异常见上。"))]
    note = "等级由人确认，程序不定级" + (f"；另有{left}项未列" if left else "")
    return Section(key="outbreaks", title="情况", note=(Span(text=note),), blocks=tuple(blocks))


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
        words.fill(
            "速度：{now}新增{new}，累计{threads}、{posts}；热度{heat}。",
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
