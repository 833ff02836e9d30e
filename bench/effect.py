"""Does "did the answer help" find effects, and none where there are none: `python -m bench.effect`.

Issues are simulated with a known negative share before and after an answer, beside a control
of other posts; a shift of all opinion is one of the control too.  Each row is the share of
verdicts over `RUNS` issues: found is the right verdict, false any other than 无明显变化 where
nothing changed.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from analysis.effect import Sides, judge_effect

RUNS = 500
NOISE = 0.12  # spread of the reader's probabilities around the truth
SIZES = (8, 15, 30, 60, 120)
CONTROL = 300


@dataclass(frozen=True, slots=True)
class Case:
    """Negative shares before and after, and by how much all opinion shifts meanwhile."""

    name: str
    before: float
    after: float
    shift: float = 0.0

    @property
    def right(self) -> str:
        if self.before == self.after:
            return "unchanged"
        return "better" if self.after < self.before else "worse"


CASES = (
    Case("no effect, half negative", 0.5, 0.5),
    Case("no effect, most negative", 0.8, 0.8),
    Case("no effect, few negative", 0.1, 0.1),
    Case("no effect, all opinion falls by 20 points", 0.6, 0.6, -0.2),
    Case("better by 15 points", 0.6, 0.45),
    Case("better by 30 points", 0.7, 0.4),
    Case("better by 50 points", 0.8, 0.3),
    Case("worse by 30 points", 0.3, 0.6),
)


def main() -> None:
    """Print power and false positives by the number of posts on each side."""
    table = Table(
        "issue", *(f"n = {size}" for size in SIZES), title=f"Right verdicts of {RUNS} simulated issues"
    )
    wrong = Table(
        "no effect", *(f"n = {size}" for size in SIZES), title="False verdicts where nothing changed"
    )
    for case in CASES:
        found = [Counter(verdicts(case, size)) for size in SIZES]
        if case.right == "unchanged":
            wrong.add_row(case.name, *(f"{(one['better'] + one['worse']) / RUNS:.1%}" for one in found))
        else:
            table.add_row(case.name, *(f"{one[case.right] / RUNS:.0%}" for one in found))
    console = Console(width=110)
    console.print(wrong)
    console.print(table)


def verdicts(case: Case, size: int) -> list[str]:
    """The verdicts on so many issues of a case, `size` posts on each side."""
    rng = np.random.default_rng(size)
    found: list[str] = []
    for run in range(RUNS):
        sides = Sides(read(case.before, size, rng), read(case.after + case.shift, size, rng))
        control = Sides(read(0.5, CONTROL, rng), read(0.5 + case.shift, CONTROL, rng))
        found.append(judge_effect(sides, control, run)[0])
    return found


def read(share: float, size: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Probabilities of being negative, as a reader that is sometimes in doubt gives them."""
    truth = rng.random(size) < share
    clear = np.where(truth, 0.9, 0.1)
    return np.clip(clear + rng.normal(0, NOISE, size), 0.0, 1.0)


if __name__ == "__main__":
    main()
