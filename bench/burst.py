"""How early bursts are seen: `python -m bench.burst HOURLY.csv.gz [PLOT.png]`.

The file is an hourly hot list (date, hour, title, hot).  An item's stay on the list is a
stream of posts, `UNIT` of heat each; it is big when it comes among the hottest tenth.  A
flag is early or late by its distance from the peak, false when the item does not become
big within a day.  Hot lists show an item only once it is hot, so that what comes before is
unseen and most items peak within two hours: the lead is what is left of their rise.  The
bounds were chosen on the first half of the days; the table shows both halves.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import pandas as pd
from rich.console import Console
from rich.table import Table

from analysis.burst import BOUNDS, Bounds, passes, score_counts

UNIT = 20_000  # of heat for one post
BIG = 0.9  # quantile of the items' peaks
HOURS = 12
WITHIN = 24
AWAY = 24  # hours off the list after which a title is another item

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Item:
    """One stay on the list: posts of each hour, what was usual before it, and how unlikely so many are."""

    start: int
    counts: Floats
    expected: Floats
    scores: Floats

    @property
    def peak(self) -> float:
        return float(self.counts.max())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What some bounds made of the items of some days; shares are of the big items."""

    big: int
    seen: float  # on the list before the peak: nobody can flag more
    early: float
    late: float
    lead: float
    false_a_day: float


def main(arguments: list[str]) -> None:
    """Print what each sensitivity finds; draw the choice where a picture's path is given."""
    if not arguments:
        Console().print("bench.burst：需要逐小时热榜文件（date, hour, title, hot），跳过。")
        return
    items = list(read_items(Path(arguments[0])))
    big = float(np.quantile([item.peak for item in items], BIG))
    middle = max(item.start for item in items) // 2
    halves = {
        "first": [item for item in items if item.start < middle],
        "second": [item for item in items if item.start >= middle],
    }
    table = Table(title=f"{len(items):,} items; big: {big:.0f} posts in an hour ({UNIT:,} of heat each)")
    headings = (
        "half",
        "sensitivity",
        "big",
        "seen before",
        "flagged before",
        "after or never",
        "lead",
        "false/day",
    )
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < 2 else "right")
    for name, some in halves.items():
        for sensitivity, bounds in BOUNDS.items():
            found = judge(some, bounds, big, middle / 24)
            shares = (f"{share:.0%}" for share in (found.seen, found.early, found.late))
            lead, false = f"{found.lead:.1f} h", f"{found.false_a_day:.0f}"
            table.add_row(name, sensitivity, str(found.big), *shares, lead, false)
    Console().print(table)
    if len(arguments) > 1:
        plot_choice(halves["first"], big, middle / 24, Path(arguments[1]))


def read_items(path: Path) -> Iterator[Item]:
    """Every stay of a title on the list; hours in which the list was not recorded do not count."""
    rows = pd.read_csv(path, usecols=["date", "hour", "title", "hot"])
    times = pd.to_datetime(rows["date"]) + pd.to_timedelta(rows["hour"], unit="h")
    rows["time"] = times.rank(method="dense").astype(int)
    rows = rows[rows["hot"] > 0].groupby(["title", "time"], as_index=False)["hot"].max()
    again = (rows["time"].diff() > AWAY) | (rows["title"] != rows["title"].shift())
    stays = [own for _, own in rows.groupby(again.cumsum())]
    series = [_count(own["time"].to_numpy(), own["hot"].to_numpy()) for own in stays]
    windows = np.concatenate([np.lib.stride_tricks.sliding_window_view(one, HOURS + 1) for one in series])
    observed, recent = windows[:, -1], windows[:, :-1]
    expected, scores = score_counts(observed, recent, np.zeros((len(recent), 0)))
    ends = np.cumsum([len(one) - HOURS for one in series])[:-1]
    for own, *columns in zip(
        stays, *(np.split(one, ends) for one in (observed, expected, scores)), strict=True
    ):
        yield Item(int(own["time"].iloc[0]), *columns)


def _count(hours: npt.NDArray[np.int64], heat: Floats) -> Floats:
    """Posts of each hour, with half a day of silence before them."""
    counts = np.zeros(HOURS + hours[-1] - hours[0] + 1)
    counts[HOURS + hours - hours[0]] = np.round(heat / UNIT)
    return counts


def first_flag(item: Item, bounds: Bounds) -> int | None:
    """The first hour that passes the bounds."""
    hours = np.flatnonzero(passes(item.counts, item.expected, item.scores, bounds))
    return int(hours[0]) if len(hours) else None


def judge(items: list[Item], bounds: Bounds, big: float, days: float) -> Outcome:
    """Leads over the big items' peaks, and false alarms a day."""
    flags = [(item, first_flag(item, bounds)) for item in items]
    peaks = [(int(item.counts.argmax()), flag) for item, flag in flags if item.peak >= big]
    leads = np.array([peak - flag for peak, flag in peaks if flag is not None and flag < peak])
    false = sum(flag is not None and item.counts[flag : flag + WITHIN].max() < big for item, flag in flags)
    return Outcome(
        big=len(peaks),
        seen=sum(peak > 0 for peak, _ in peaks) / len(peaks),
        early=len(leads) / len(peaks),
        late=sum(flag is None or flag > peak for peak, flag in peaks) / len(peaks),
        lead=float(leads.mean()) if len(leads) else 0.0,
        false_a_day=false / days,
    )


def plot_choice(items: list[Item], big: float, days: float, path: Path) -> None:
    """Found before or at the peak, against false alarms a day, for many minimum counts; the choices marked."""
    figure, axes = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
    for sensitivity, bounds in BOUNDS.items():
        curve = [
            judge(items, Bounds(least, bounds.ratio, bounds.score), big, days) for least in range(4, 52, 4)
        ]
        axes.plot([one.false_a_day for one in curve], [one.early for one in curve], color="0.75", linewidth=1)
        chosen = judge(items, bounds, big, days)
        axes.plot(chosen.false_a_day, chosen.early, "o", color="#1b5e9e")
        axes.annotate(
            f"{sensitivity}: {bounds.least} posts, lead {chosen.lead:.1f} h",
            (chosen.false_a_day, chosen.early),
            xytext=(6, -10),
            textcoords="offset points",
        )
    axes.set_xlabel("false alarms a day")
    axes.set_ylabel("big items flagged before their peak")
    axes.set_ylim(0, 1)
    axes.set_xlim(0)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main(sys.argv[1:])
