"""From a run's result to a brief: sections in order, headlines, sources, numbered evidence."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from analysis.results import RunResult
from reports import words
from reports.draft import Draft, start_draft
from reports.headlines import say_sources, warn_of, write_headlines
from reports.model import Brief, Cover, Layout, Masthead, Omission, Section
from reports.plans import APPENDICES, PLANS, TOTALS, Plan
from reports.sections import gather_empty

__all__ = ["Brief", "Cover", "Layout", "Omission", "build_brief"]

FOCUS = 5
UNTITLED = "（无标题）"
TOPIC = 24


def build_brief(result: RunResult, cover: Cover, focus: int = FOCUS, layout: Layout | None = None) -> Brief:
    """Write the brief of a run; `focus` issues get a card of their own."""
    layout = layout or Layout()
    draft = start_draft(_titled(result), cover, focus, layout.department)
    headlines = write_headlines(draft)
    main = _write(draft, PLANS[result.kind], layout)
    appendix = _write(draft, APPENDICES[result.kind], layout)
    # Listed last: by then every figure has been cited.
    evidence, register = draft.book.close([*draft.focus, *draft.result.praise, *draft.others])
    brief = Brief(
        kind=result.kind,
        cover=cover,
        masthead=_masthead(draft, layout),
        warnings=tuple(warn_of(source) for source in result.sources if source.state in ("blind", "failed")),
        headlines=headlines if _opens_with_headlines(draft) else (),
        sources=say_sources(result.sources),
        sections=gather_empty(main),
        appendix=tuple(section for section in appendix if not section.empty),
        evidence=evidence,
        register=register,
        footer="带编号的数字，原帖见附页" if evidence else "",
        result=draft.result,
    )
    return words.clean_words(brief)


def _titled(result: RunResult) -> RunResult:
    """A title of nothing but invisible characters is none: a heading has to say something."""
    issues, praise = (
        tuple(issue if words.clean(issue.title) else replace(issue, title=UNTITLED) for issue in found)
        for found in (result.issues, result.praise)
    )
    return replace(result, issues=issues, praise=praise)


def _opens_with_headlines(draft: Draft) -> bool:
    """A special's summary begins with them; an alert without issues has its warnings."""
    return draft.result.kind in ("daily", "weekly") or (draft.result.kind == "alert" and bool(draft.focus))


def _write(draft: Draft, plan: Plan, layout: Layout) -> list[Section]:
    hidden = layout.hidden | TOTALS if layout.department else layout.hidden
    written = [write(draft) for key, write in plan if key not in hidden]
    return [replace(section, title=layout.titles.get(section.key, section.title)) for section in written]


def _state(cover: Cover, zone: ZoneInfo) -> str:
    """A draft says so; what was approved says by whom and when."""
    if cover.state == "draft":
        return "待审稿，未经审定"
    if cover.approved_by is None or cover.approved_at is None:
        return "已审定"
    return f"已审定（{cover.approved_by}，{words.moment(cover.approved_at, zone)}）"


def _masthead(draft: Draft, layout: Layout) -> Masthead:
    cover, result = draft.cover, draft.result
    first, last = result.first_day, result.last_day
    made_at = cover.made_at.astimezone(draft.zone)
    if result.kind == "alert" and made_at.date() == last:
        period = f"{words.moment(made_at, draft.zone)}（{words.weekday(last)}）"
    elif first == last:
        period = f"{words.day(last)}（{words.weekday(last)}）0:00–24:00"
    else:
        period = f"{words.day(first)}（{words.weekday(first)}）–{words.day(last)}（{words.weekday(last)}）"
    title = words.KIND_TITLES[result.kind]
    topic = cover.topic if result.kind == "special" else None  # an alert's headline says its cause
    subject = topic or layout.department
    return Masthead(
        title=f"{title}：{words.shorten(subject, TOPIC)}" if subject else title,
        office=cover.office,
        circulation=layout.circulation,
        state=_state(cover, ZoneInfo(result.timezone)),
        issue=f"{cover.year}年第{cover.number}期",
        period=period,
    )
