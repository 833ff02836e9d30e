"""Answers whose effect could be judged: thin evidence is left to words, never drawn."""

from analysis.results import Effect, IssueResult, RunResult
from reports import words
from reports.draft import Draft
from reports.model import Cell, Chart, Table, cell

MAX_EFFECTS = 8
SHORT = 24


def judged_effects(result: RunResult) -> list[tuple[IssueResult, Effect]]:
    """Issues with a verdict, in the order of the result, at most MAX_EFFECTS."""
    known = [(issue, issue.effect) for issue in result.issues if issue.effect]
    return [(issue, effect) for issue, effect in known if effect.verdict != "insufficient"][:MAX_EFFECTS]


def chart_effects(draft: Draft) -> Chart:
    """Negative shares before and after the answer."""
    known = judged_effects(draft.result)
    said = "；".join(
        f"{words.shorten(issue.title, SHORT)}由{words.share(effect.before)}变为{words.share(effect.after)}"
        for issue, effect in known
    )
    table = Table(
        caption="答复前后的负面占比",
        headers=("事项", "答复前", "答复后", "成效"),
        rows=tuple(_row(draft, issue, effect) for issue, effect in known),
        numeric=(1, 2),
    )
    return Chart(name="effect", alt=f"答复前后的负面占比：{said}。", table=table)


def _row(draft: Draft, issue: IssueResult, effect: Effect) -> tuple[Cell, ...]:
    title = words.shorten(issue.title, SHORT)
    return (
        cell(title),
        Cell(line=(draft.book.cite(effect.before, f"{title}：答复前负面帖"),)),
        Cell(line=(draft.book.cite(effect.after, f"{title}：答复后负面帖"),)),
        cell(words.VERDICTS[effect.verdict]),
    )
