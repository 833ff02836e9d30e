"""What a brief opens with: source warnings, headlines, which sources were read."""

from analysis.results import Burst, IssueResult, SourceHealth
from reports import words
from reports.bursts import ALL_SOURCES, own_burst, say_usual, say_window, stream_bursts
from reports.draft import Draft, days_running
from reports.effects import say_net
from reports.issue_cards import MIN_RUNNING
from reports.model import Line, Span

HEADLINES = 2
TITLE = 20


def write_headlines(draft: Draft) -> tuple[Line, ...]:
    """The most telling facts about issues in focus, bursts first; or that there is none."""
    ordered = sorted(draft.focus, key=lambda issue: issue.burst is None)
    own = (line for issue in ordered if (line := _headline(draft, issue)))
    streams = _streams(draft)
    lines = [*own, *streams] if own_burst(draft.result) else [*streams, *own]
    lines = lines[:HEADLINES]
    if lines:
        return tuple(lines)
    if not draft.result.posts.value:
        return (words.fill("{now}各来源没有新帖。", now=draft.now),)
    return (words.fill("{now}没有突出的事项。", now=draft.now),)


def _streams(draft: Draft) -> list[Line]:
    """An alert says what it was raised for, also where no single issue bursts."""
    if draft.result.kind != "alert":
        return []
    cause = "，多数说的是这件事" if own_burst(draft.result) else ""
    return [
        words.fill("{who}：{seen}{cause}。", who=ALL_SOURCES, seen=_seen(draft, burst), cause=cause)
        for burst in stream_bursts(draft.result)
    ]


def _headline(draft: Draft, issue: IssueResult) -> Line:
    """One sentence about an issue: the most telling fact first."""
    said = _burst(draft, issue) or _return(issue) or _turn(issue) or _wait(draft, issue)
    return words.fill("{title}：{said}。", title=words.shorten(issue.title, TITLE), said=said) if said else ()


def _burst(draft: Draft, issue: IssueResult) -> str:
    burst = issue.burst
    if burst is None:
        return ""
    seen = _seen(draft, burst)
    return f"{seen}，{_unanswered(issue)}" if issue.hours_open is not None else seen


def _seen(draft: Draft, burst: Burst) -> str:
    return f"{say_window(draft, burst)}{burst.observed.value:,}帖，{say_usual(burst)}"


def _return(issue: IssueResult) -> str:
    if issue.returned_after_days is not None:
        before = "，此前曾有答复" if issue.earlier_answer else ""
        return f"沉寂{issue.returned_after_days}天后再度出现{before}"
    return "曾经答复，又有反映" if issue.answer == "recurring" else ""


def _turn(issue: IssueResult) -> str:
    """A verdict never stands without the net change it rests on."""
    effect = issue.told_effect
    if effect is None or effect.verdict == "insufficient":
        return ""
    verdict = f"答复后{words.VERDICTS[effect.verdict]}"
    if effect.verdict == "unchanged":
        return verdict
    return verdict if effect.net is None else f"{verdict}，负面占比{say_net(effect.net)}"


def _wait(draft: Draft, issue: IssueResult) -> str:
    if issue.hours_open is None:
        return ""
    if not issue.new_posts.value:
        return _unanswered(issue) if issue.answer == "overdue" else ""
    running = days_running(issue, draft.result)
    told = (
        f"连续{running}天有人反映"
        if running >= MIN_RUNNING
        else f"{draft.now}新增{issue.new_posts.value:,}帖"
    )
    return f"{told}，{_unanswered(issue)}"


def _unanswered(issue: IssueResult) -> str:
    if issue.answer == "overdue" and issue.hours_open:
        return f"已{words.roughly(issue.hours_open)}未答复"
    return "已受理，尚未答复" if issue.answer == "acknowledged" else "尚无答复"


def warn_of(source: SourceHealth) -> Line:
    """A blind or failed source, in red."""
    usual = f"，平时约{source.usual:.0f}帖" if source.usual else ""
    otherwise = "采集失败" if source.state == "failed" else f"没有采到帖子{usual}"
    effect = "其内容可能不全" if source.posts else "本期不含其内容"
    return (words.alert(f"“{source.title}”：{words.said(source.message) or otherwise}，{effect}。"),)


def say_sources(sources: tuple[SourceHealth, ...]) -> Line:
    """How many of the sources in use were read, which gave less than usual, and which are still to be crawled."""
    active = [source for source in sources if source.state != "off"]
    seen = [source for source in active if source.state in ("ok", "low")]
    if not active:
        return words.fill("没有启用的来源。")
    whole = len(seen) == len(active)
    now = "今天" if any(source.state == "pending" for source in active) else ""
    text = f"{len(active)}个来源" + ("全部采到" if whole else f"中{now}采到{len(seen)}个")
    less = [f"“{source.title}”{_less(source)}" for source in active if source.state in ("low", "pending")]
    return (Span(text="；".join((text, *less)) + "。"),)


def _less(source: SourceHealth) -> str:
    otherwise = "今天尚未采集" if source.state == "pending" else f"只有{source.posts}帖，少于平时"
    return words.said(source.message) or otherwise
