"""An issue in words: the card of an issue in focus, and the clauses others borrow from it."""

import re

from analysis.results import Demand, IssueResult, Quote
from reports import words
from reports.bursts import say_burst
from reports.clocks import clock, say_limit, status
from reports.draft import LONG_DAYS, Draft, age_in_days, days_running
from reports.effects import say_effect
from reports.model import IssueCard, Line, Span
from reports.replies import say_reply, say_return

TITLE = 36
QUOTE = 72  # two lines
CUT_OFF = re.compile("[，、；：]$")  # a sentence that goes on
MAX_DEMANDS = 3
MAX_QUESTIONS = 2
MIN_RUNNING = 3  # "连续两天" says nothing
STEADY = 0.05  # a change of heat below 5 % is none
UNKNOWN_DEPARTMENT = "主办单位（待定）"


def write_card(draft: Draft, issue: IssueResult, rank: int) -> IssueCard:
    lines = [
        *_surge(draft, issue),
        _activity(draft, issue),
        *say_return(draft, issue),
        *say_reply(draft, issue),
        *say_limit(draft, issue),
        *_handling(draft, issue),
        *_mood(draft, issue),
        *_wants(draft, issue),
    ]
    return IssueCard(
        rank=rank,
        issue_id=issue.id,
        title=words.shorten(issue.title, TITLE),
        meta=_meta(draft, issue),
        status=status(issue),
        clock=clock(issue),
        heat=f"热度{heat(issue)}",
        lines=tuple(lines),
        quote=quote(draft, issue),
        days=issue.daily,
        replied_at=tuple(reply.replied_at for reply in issue.replies if reply.replied_at),
    )


def category(issue: IssueResult) -> str:
    if issue.category is None:
        return "类别未定"
    return f"{issue.category}（{issue.category_detail}）" if issue.category_detail else issue.category


def heat(issue: IssueResult) -> str:
    before = issue.heat.before
    if before is None:
        return f"{issue.heat.value:.1f}"
    change = issue.heat.value - before
    arrow = "→" if abs(change) <= STEADY * max(before, 0.1) else "↑" if change > 0 else "↓"
    return f"{issue.heat.value:.1f}{arrow}"


def quote(draft: Draft, issue: IssueResult) -> Line | None:
    """The first quote that may still be shown."""
    return next((line for entry in issue.quotes if (line := say_quote(draft, entry))), None)


def say_quote(draft: Draft, entry: Quote) -> Line | None:
    """A verbatim quote with its source and time, linked to the post; None once the post is gone."""
    post = draft.result.evidence.get(entry.post_id)
    if post is None or post.purged or post.text is None:
        return None
    origin = f"{post.source}，{words.written(post, draft.zone)}"
    text = CUT_OFF.sub("…", words.shorten(entry.text, QUOTE))
    return words.fill("“{text}”——{origin}", text=text, origin=Span(text=origin, url=post.url))


def _meta(draft: Draft, issue: IssueResult) -> Line:
    place = issue.place if issue.place and issue.place not in issue.title else None
    parts = [
        issue.district or "区域未定",
        *([words.shorten(place, 16)] if place else []),
        category(issue),
        issue.department or UNKNOWN_DEPARTMENT,
        _since(draft, issue),
    ]
    counted = words.fill(
        " · {sources}个来源{threads}",
        sources=len(issue.sources),
        threads=draft.book.cite(issue.threads, f"{words.shorten(issue.title, 24)}：主题帖", "个主题帖"),
    )
    return (Span(text=" · ".join(parts)), *counted)


def _since(draft: Draft, issue: IssueResult) -> str:
    first = words.day_of(issue.first_post_at, draft.zone)
    age = age_in_days(issue, draft.result)
    return f"{first}起，断续{age}天" if age >= LONG_DAYS else f"{first}起"


def _activity(draft: Draft, issue: IssueResult) -> Line:
    title = words.shorten(issue.title, 24)
    running = days_running(issue, draft.result)
    line = words.fill(
        "累计{posts}，发言者至多{voices}人（各帖合计）",
        posts=draft.book.cite(issue.posts, f"{title}：全部帖子", "帖"),
        voices=issue.voices,
    )
    tail = f"；连续{running}天有人反映。" if running >= MIN_RUNNING else "。"
    return (*_new_posts(draft, issue, title), *line, Span(text=tail))


def _new_posts(draft: Draft, issue: IssueResult, title: str) -> Line:
    """A day's burst has counted the day's posts already."""
    one_day = draft.result.first_day == draft.result.last_day
    if one_day and issue.burst is not None and issue.burst.window == "day":
        return ()
    if not issue.new_posts.value:
        return words.fill("{now}没有新帖，", now=draft.now)
    new = draft.book.cite(issue.new_posts, f"{title}：{draft.now}新增", "帖")
    return words.fill("{now}新增{new}，", now=draft.now, new=new)


def _handling(draft: Draft, issue: IssueResult) -> list[Line]:
    """What staff last said of it."""
    state = issue.state
    if state is None:
        return []
    passed = f"，{state.department}" if state.department else ""
    note = f"：{words.shorten(state.note, 48).rstrip('。')}" if state.note else ""
    when = words.day_of(state.set_at, draft.zone)
    return [
        words.fill(
            "办理：{state}（{when}{passed}）{note}。", state=state.state, when=when, passed=passed, note=note
        )
    ]


def _mood(draft: Draft, issue: IssueResult) -> list[Line]:
    title = words.shorten(issue.title, 24)
    effect = issue.told_effect
    if effect is not None:
        return [say_effect(draft, effect, title)]
    if not issue.negative.part:
        return []
    return [words.fill("负面占比{share}。", share=draft.book.cite(issue.negative, f"{title}：负面帖"))]


def _surge(draft: Draft, issue: IssueResult) -> list[Line]:
    if issue.burst is None:
        return []
    title = words.shorten(issue.title, 24)
    return [(words.alert("突增"), *words.fill("：{speed}", speed=say_burst(draft, issue.burst, title)))]


def _wants(draft: Draft, issue: IssueResult) -> list[Line]:
    """What is asked for by more than one voice, and the questions nobody has answered."""
    demands = [demand for demand in issue.demands if not demand.is_question and demand.count.value > 1]
    open_ones = [demand for demand in issue.demands if demand.is_question and not demand.answered]
    questions = [demand for demand in open_ones if demand.count.value > 1] or open_ones[:1]
    lines: list[Line] = []
    if demands:
        lines.append(
            words.fill("诉求：{said}。", said=_list(draft, issue, demands[:MAX_DEMANDS], "{text}（{times}）"))
        )
    if questions:
        asked = _list(draft, issue, questions[:MAX_QUESTIONS], "“{text}”（{times}）")
        lines.append(tuple(_in_red(span) for span in words.fill("仍在问：{asked}，未见回应。", asked=asked)))
    return lines


def _list(draft: Draft, issue: IssueResult, demands: list[Demand], template: str) -> Line:
    return words.join([_demand(draft, issue, demand, template) for demand in demands], "、")


def _demand(draft: Draft, issue: IssueResult, demand: Demand, template: str) -> Line:
    text = words.shorten(demand.text, 40)
    cited = draft.book.cite(demand.count, f"{words.shorten(issue.title, 24)}：{text}", "次")
    return words.fill(template, text=text, times=cited)


def _in_red(span: Span) -> Span:
    return Span(text=span.text, tone="alert", evidence=span.evidence, url=span.url)
