"""Did the answer help?  Thin evidence is left to words, never drawn."""

from analysis.results import Effect, IssueResult, RunResult
from reports import words
from reports.draft import Draft
from reports.model import Cell, Chart, Line, Table, cell

MAX_EFFECTS = 8
SHORT = 24
MAX_WORDS = 3


def judged_effects(result: RunResult) -> list[tuple[IssueResult, Effect]]:
    """Issues with a verdict, in the order of the result, at most MAX_EFFECTS."""
    known = [(issue, effect) for issue in result.issues if (effect := issue.told_effect)]
    return [(issue, effect) for issue, effect in known if effect.verdict != "insufficient"][:MAX_EFFECTS]


def say_net(net: float) -> str:
    """The change that is left when the control's is taken away."""
    if not words.points(net):
        return "没有净变化"
    return words.compared(words.points(net), "个百分点", more="净升", less="净降")


def say_effect(draft: Draft, effect: Effect, title: str) -> Line:
    """The verdict first, then what it rests on."""
    verdict = words.strong(words.VERDICTS[effect.verdict])
    if effect.verdict == "insufficient":
        return words.fill("答复成效：{verdict}（前后可比{n}帖）。", n=effect.n, verdict=verdict)
    low, high = effect.interval or (None, None)
    template = "答复成效：{verdict}。负面帖占比答复前{before}、答复后{after}"
    template += "；扣除同期变化，{net}" if effect.net is not None else ""
    template += "（95%区间{low}至{high}，{n}帖）。" if low is not None else "（{n}帖）。"
    return words.fill(
        template,
        verdict=verdict,
        before=draft.book.cite(effect.before, f"{title}：答复前负面帖"),
        after=draft.book.cite(effect.after, f"{title}：答复后负面帖"),
        net=say_net(effect.net or 0),
        low=words.signed_points(low or 0),
        high=words.signed_points(high or 0),
        n=effect.n,
    )


def say_talk(draft: Draft, effect: Effect, title: str) -> list[Line]:
    """How much was written on either side, and which words came up: beside the verdict, not part of it."""
    before, after = effect.volume_before, effect.volume_after
    if before is None or after is None or not effect.gained:
        return []
    return [
        words.fill(
            "答复前{days}天{before}，答复后{days}天{after}；答复后更多提到{gained}。",
            days=effect.days,
            before=draft.book.cite(before, f"{title}：答复前{effect.days}天", "帖"),
            after=draft.book.cite(after, f"{title}：答复后{effect.days}天", "帖"),
            gained="、".join(f"“{word}”" for word in effect.gained[:MAX_WORDS]),
        )
    ]


def chart_effects(draft: Draft) -> Chart:
    """Negative shares before and after the answer."""
    known = judged_effects(draft.result)
    said = "；".join(
        f"{words.shorten(issue.title, SHORT)}由{words.share(effect.before)}变为{words.share(effect.after)}"
        for issue, effect in known
    )
    table = Table(
        caption="答复前后的负面占比",
        headers=("事项", "答复前", "答复后", "净变化", "成效"),
        rows=tuple(_row(draft, issue, effect) for issue, effect in known),
        numeric=(1, 2, 3),
    )
    return Chart(name="effect", alt=f"答复前后的负面占比：{said}。", table=table)


def _row(draft: Draft, issue: IssueResult, effect: Effect) -> tuple[Cell, ...]:
    title = words.shorten(issue.title, SHORT)
    net = "无" if effect.net is None else words.signed_points(effect.net)
    return (
        cell(title),
        Cell(line=(draft.book.cite(effect.before, f"{title}：答复前负面帖"),)),
        Cell(line=(draft.book.cite(effect.after, f"{title}：答复后负面帖"),)),
        cell(net),
        cell(words.VERDICTS[effect.verdict]),
    )
