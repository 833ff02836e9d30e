"""What a brief opens with: source warnings, headlines, which sources were read."""

from analysis.results import IssueResult, SourceHealth
from reports import words
from reports.draft import Draft, days_running
from reports.issue_cards import MIN_RUNNING
from reports.model import Line, Span

HEADLINES = 2
TITLE = 20


def write_headlines(draft: Draft) -> tuple[Line, ...]:
    """The most telling facts about the first issues in focus, or that there is none."""
    lines = [line for issue in draft.focus if (line := _headline(draft, issue))][:HEADLINES]
    if lines:
        return tuple(lines)
    if not draft.result.posts.value:
        return (words.fill("{now}各来源没有新帖。", now=draft.now),)
    return (words.fill("{now}没有突出的事项。", now=draft.now),)


def _headline(draft: Draft, issue: IssueResult) -> Line:
    """One clause about an issue: the most telling fact first."""
    title = words.shorten(issue.title, TITLE)
    effect = issue.effect
    if effect and effect.verdict in ("better", "worse", "unchanged"):
        verdict = words.VERDICTS[effect.verdict]
        shares = f"{words.share(effect.before)}变为{words.share(effect.after)}"
        return words.fill(
            "{title}：答复后{verdict}，负面占比由{shares}。", title=title, verdict=verdict, shares=shares
        )
    if issue.answer == "recurring":
        return words.fill("{title}：曾经答复，又有反映。", title=title)
    if issue.answer == "overdue" and not issue.new_posts.value and issue.hours_open:
        waited = words.duration(issue.hours_open)
        return words.fill("{title}：已{waited}未答复。", title=title, waited=waited)
    if issue.hours_open is None or not issue.new_posts.value:
        return ()
    return _active(draft, issue, title)


def _active(draft: Draft, issue: IssueResult, title: str) -> Line:
    running = days_running(issue, draft.result)
    told = (
        f"连续{running}天有人反映" if running >= MIN_RUNNING else f"{draft.now}新增{issue.new_posts.value}帖"
    )
    overdue = issue.answer == "overdue" and issue.hours_open
    waited = f"已{words.duration(issue.hours_open or 0)}未答复" if overdue else "尚无答复"
    return words.fill("{title}：{told}，{waited}。", title=title, told=told, waited=waited)


def warn_of(source: SourceHealth) -> Line:
    """A blind or failed source, in red."""
    usual = f"，平时约{source.usual:.0f}帖" if source.usual else ""
    otherwise = "采集失败" if source.state == "failed" else f"没有采到帖子{usual}"
    effect = "其内容可能不全" if source.posts else "本期不含其内容"
    return (words.alert(f"“{source.title}”：{words.said(source.message) or otherwise}，{effect}。"),)


def say_sources(sources: tuple[SourceHealth, ...]) -> Line:
    """How many of the sources in use were read, and which gave less than usual."""
    active = [source for source in sources if source.state != "off"]
    seen = [source for source in active if source.state in ("ok", "low")]
    if not active:
        return words.fill("没有启用的来源。")
    whole = len(seen) == len(active)
    text = f"{len(active)}个来源" + ("全部采到" if whole else f"中采到{len(seen)}个")
    low = [f"“{source.title}”{_less(source)}" for source in seen if source.state == "low"]
    return (Span(text="；".join((text, *low)) + "。"),)


def _less(source: SourceHealth) -> str:
    return words.said(source.message) or f"只有{source.posts}帖，少于平时"
