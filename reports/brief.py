"""From a run's result to a brief: sections in order, headlines, sources, numbered evidence."""

from collections.abc import Callable

from analysis.results import BriefKind, IssueResult, RunResult, SourceHealth
from reports import alert, sections, special, weekly, words
from reports.draft import Draft, days_running, start_draft
from reports.issue_cards import MIN_RUNNING
from reports.method import method
from reports.model import Brief, Cover, Line, Masthead, Section, Span
from reports.overview import overview

__all__ = ["Brief", "Cover", "build_brief"]

FOCUS = 5
HEADLINES = 2
MAX_WEEKLY = 60
HEADLINE_TITLE = 20


def build_brief(result: RunResult, cover: Cover, focus: int = FOCUS) -> Brief:
    """Write the brief of a run; `focus` issues get a card of their own."""
    draft = start_draft(result, cover, focus)
    headlines = _headlines(draft)
    main, appendix = _PLANS[result.kind](draft, headlines)
    # Listed last: by then every figure has been cited.
    evidence, register = draft.book.close([*draft.focus, *result.praise, *draft.others])
    brief = Brief(
        kind=result.kind,
        cover=cover,
        masthead=_masthead(draft),
        warnings=tuple(_warning(source) for source in result.sources if source.state in ("blind", "failed")),
        headlines=() if result.kind == "special" else headlines,  # its summary begins with them
        sources=_sources(result.sources),
        sections=sections.gather_empty(main),
        appendix=tuple(appendix),
        evidence=evidence,
        register=register,
        footer="带编号的数字，原帖见附页" if evidence else "",
        result=result,
    )
    return words.clean_words(brief)


Plan = tuple[list[Section], list[Section]]


def _daily(draft: Draft, _: tuple[Line, ...]) -> Plan:
    main = [
        overview(draft),
        sections.focus(draft),
        sections.distribution(draft),
        sections.responses(draft),
        sections.praise(draft),
        sections.advice(draft),
    ]
    return main, [*_table_of_others(draft, "其他事项"), method(draft)]


def _weekly(draft: Draft, _: tuple[Line, ...]) -> Plan:
    main = [
        overview(draft),
        weekly.changes(draft),
        sections.focus(draft),
        weekly.lasting(draft),
        sections.distribution(draft),
        weekly.answers(draft),
        sections.praise(draft),
        sections.advice(draft),
    ]
    return main, [*_table_of_others(draft, "其他事项", MAX_WEEKLY), method(draft)]


def _special(draft: Draft, headlines: tuple[Line, ...]) -> Plan:
    main = [
        special.summary(draft, headlines[0]),
        special.course(draft),
        overview(draft, "volume", "量与情绪"),
        special.views(draft),
        special.wants(draft),
        special.effects(draft),
        sections.advice(draft, "可选办法"),
    ]
    return main, [*_table_of_others(draft, "其他相关事项"), method(draft)]


def _alert(draft: Draft, _: tuple[Line, ...]) -> Plan:
    return [alert.outbreaks(draft)], []


def _table_of_others(draft: Draft, title: str, most: int = sections.MAX_OTHERS) -> list[Section]:
    return [sections.others(draft, title, most)] if draft.others else []


_PLANS: dict[BriefKind, Callable[[Draft, tuple[Line, ...]], Plan]] = {
    "daily": _daily,
    "weekly": _weekly,
    "special": _special,
    "alert": _alert,
}


def _masthead(draft: Draft) -> Masthead:
    cover, result = draft.cover, draft.result
    first, last = result.first_day, result.last_day
    if first == last:
        period = f"{words.day(last)}（{words.weekday(last)}）0:00–24:00"
    else:
        period = f"{words.day(first)}（{words.weekday(first)}）–{words.day(last)}（{words.weekday(last)}）"
    return Masthead(
        title=words.KIND_TITLES[result.kind],
        office=cover.office,
        circulation="内部资料",
        state="待审" if cover.state == "draft" else "已审",
        issue=f"{cover.year}年第{cover.number}期",
        period=period,
    )


def _warning(source: SourceHealth) -> Line:
    if source.state == "blind":
        usual = f"，平时约{source.usual:.0f}个" if source.usual else ""
        text = f"“{source.title}”没有采到主题帖{usual}，可能已改版或中断，本期不含其内容。"
    else:
        reason = f"（{source.message}）" if source.message else ""
        text = f"“{source.title}”采集失败{reason}，本期不含其内容。"
    return (words.alert(text),)


def _sources(sources: tuple[SourceHealth, ...]) -> Line:
    active = [source for source in sources if source.state != "off"]
    seen = [source for source in active if source.state in ("ok", "low")]
    if not active:
        return words.fill("没有启用的来源。")
    low = [f"“{source.title}”{source.threads}个主题帖，少于平时" for source in seen if source.state == "low"]
    text = (
        f"{len(active)}个来源全部采到"
        if len(seen) == len(active)
        else f"{len(active)}个来源中采到{len(seen)}个"
    )
    return (Span(text="；".join((text, *low)) + "。"),)


def _headlines(draft: Draft) -> tuple[Line, ...]:
    lines = [line for issue in draft.focus if (line := _headline(draft, issue))][:HEADLINES]
    if lines:
        return tuple(lines)
    if not draft.result.posts.value:
        return (words.fill("{now}各来源没有新帖。", now=draft.now),)
    return (words.fill("{now}没有突出的事项。", now=draft.now),)


def _headline(draft: Draft, issue: IssueResult) -> Line:
    """One clause about an issue: the most telling fact first."""
    title = words.shorten(issue.title, HEADLINE_TITLE)
    effect = issue.effect
    if effect and effect.verdict in ("better", "worse", "unchanged"):
        verdict = words.VERDICTS[effect.verdict]
        shares = f"{words.share(effect.before)}变为{words.share(effect.after)}"
        return words.fill(
            "{title}：答复后{verdict}，负面占比由{shares}。", title=title, verdict=verdict, shares=shares
        )
    if issue.answer == "recurring":
        return words.fill("{title}：曾经答复，又有反映。", title=title)
    running = days_running(issue, draft.result)
    told = (
        f"连续{running}天有人反映" if running >= MIN_RUNNING else f"{draft.now}新增{issue.new_posts.value}帖"
    )
    if issue.hours_open is None or not issue.new_posts.value:
        return ()
    clock = f"已{words.duration(issue.hours_open)}未答复" if issue.answer == "overdue" else "尚无答复"
    return words.fill("{title}：{told}，{clock}。", title=title, told=told, clock=clock)
