"""Posts as the analysis counts them: in local days, residents' apart from the rest.

A resident's post is one that guests can read, that is no spam, no official's, and no
copy of a text counted before.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.dedupe import copy_groups

_SHORTEST_COPY = 12  # characters: "同意" written twice is two voices, a paragraph written twice is one
_OPTIONAL = ("source_district", "board", "category_detail", "district", "tokens", "untimed")
_EPOCH = date(1970, 1, 1).toordinal()

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[Any]


class Posts:
    """Posts as columns, oldest first.  `at` is seconds since 1970 (UTC), `day` a local ordinal day.

    What is not `timed` was written nobody knows when: its `at` orders it, and measures nothing.

    Plain arrays: a run looks at thousands of small issues, where a frame's overhead would
    rule.  A selection takes a column from the whole when it is first asked for.
    """

    post_id: Ints
    thread_id: Ints
    at: Ints
    seen_at: Ints
    day: Ints
    is_first: Bools
    resident: Bools
    negative: Bools
    read: Bools
    copy: Bools
    spam: Bools
    asking: Bools
    timed: Bools
    p_category: Floats
    p_neg: Floats
    source: Texts
    board: Texts
    title: Texts
    text: Texts
    tokens: Texts
    url: Texts
    voice: Texts
    agency: Texts
    sentiment: Texts
    intent: Texts
    category: Texts
    category_detail: Texts
    district: Texts

    def __init__(self, **columns: npt.NDArray[Any]) -> None:
        if columns.keys() != COLUMNS:
            raise TypeError(f"columns: {sorted(columns.keys() ^ COLUMNS)}")
        self.__dict__.update(columns)

    def __getattr__(self, name: str) -> Any:
        if name not in COLUMNS or "_rows" not in self.__dict__:
            raise AttributeError(name)
        column = getattr(self._whole, name)[self._rows]
        self.__dict__[name] = column
        return column

    def __len__(self) -> int:
        return len(self.post_id)

    def take(self, rows: Ints | Bools | slice) -> Self:
        """These rows, by number, by mask or from one to another."""
        taken = object.__new__(type(self))
        taken.__dict__.update(_whole=self, _rows=rows)
        return taken

    @cached_property
    def residents(self) -> Self:
        return self.take(self.resident)

    @cached_property
    def voiced(self) -> Self:
        """Residents' posts and the copies of them: said once, but by as many voices as wrote it."""
        return self.take(self.resident | self.copy)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(self.post_id.tolist())

    @cached_property
    def days(self) -> list[int]:
        """The different days, in their order."""
        return sorted(set(self.day.tolist()))

    def between(self, first: int, last: int) -> Self:
        """Those of the days from `first` to `last` (ordinals), both counted."""
        return self.take((self.day >= first) & (self.day <= last))

    def by_thread(self) -> Iterator[Self]:
        """The posts of each thread."""
        yield from self.split(self.thread_id)[1]

    def split(self, keys: Ints) -> tuple[list[int], list[Self]]:
        """The different keys of the posts, in their order, and the posts of each.

        Neighbours in one copy, of which each part is a view: there are thousands of parts.
        """
        order = np.argsort(keys, kind="stable")
        numbers, starts = np.unique(keys[order], return_index=True)
        bounds = [*starts.tolist(), len(keys)]
        sorted_posts = self.take(order)
        return numbers.tolist(), [sorted_posts.take(slice(*ends)) for ends in pairwise(bounds)]


COLUMNS = frozenset(name for name in Posts.__annotations__)


ASKING = ("投诉", "求助", "咨询", "建议")


def read_posts(frame: pd.DataFrame, zone: ZoneInfo, last_day: date) -> Posts:
    """The posts dated up to the end of `last_day`; later ones are not looked at."""
    end = datetime.combine(last_day + timedelta(days=1), time(), zone)
    rows = frame.assign(**{name: None for name in _OPTIONAL if name not in frame})
    rows = rows[rows["dated_at"] < end]
    times = rows["dated_at"].dt.tz_convert(None).to_numpy()
    rows = rows.take(np.lexsort((rows["post_id"].to_numpy(), times))).reset_index(drop=True)
    read = rows["sentiment"].isin(["neg", "neu", "pos"])
    own = rows["hidden"].isna() & rows["text"].fillna("").str.strip().ne("")
    own &= ~rows["spam"].eq(True) & rows["agency"].isna()
    copy = own & _copies(rows, own)
    resident = own & ~copy
    district = rows["district"].astype(object).where(rows["district"].notna(), rows["source_district"])
    category = rows["category"].where(rows["p_category"].fillna(0.0) > 0)  # 0: the text says nothing
    derived = {
        "at": _seconds(rows["dated_at"]),
        "seen_at": _seconds(rows["seen_at"]),
        "day": local_days(rows["dated_at"], zone),
        "resident": resident.to_numpy(bool),
        "negative": (resident & rows["sentiment"].eq("neg")).to_numpy(bool),
        "read": read.to_numpy(bool),
        "copy": copy.to_numpy(bool),
        "spam": rows["spam"].eq(True).to_numpy(bool),
        "is_first": rows["is_first"].eq(True).to_numpy(bool),
        "timed": ~rows["untimed"].eq(True).to_numpy(bool),
        "asking": rows["intent"].isin(ASKING).to_numpy(bool),
        "p_category": rows["p_category"].fillna(0.0).to_numpy(float),
        "p_neg": rows["p_neg"].fillna(0.0).to_numpy(float),
        "post_id": rows["post_id"].to_numpy(np.int64),
        "thread_id": rows["thread_id"].to_numpy(np.int64),
        "category": _objects(category),
        "district": _objects(district),
    }
    plain = {name: _objects(rows[name]) for name in COLUMNS - derived.keys()}
    return Posts(**derived, **plain)


def _copies(rows: pd.DataFrame, own: "pd.Series[bool]") -> "pd.Series[bool]":
    """Which of the posts say again, nearly word for word, what an earlier one said."""
    long = rows[own & rows["text"].fillna("").str.len().ge(_SHORTEST_COPY)]
    again = long["text_hash"].duplicated()
    if "sketch" in rows:
        first = long[~again]
        marks = [sketch if isinstance(sketch, bytes) else None for sketch in first["sketch"]]
        groups = copy_groups(marks, first["text"].tolist().__getitem__)
        again[first.index[groups != np.arange(len(groups))]] = True
    return again.reindex(rows.index, fill_value=False)


def _objects(column: "pd.Series[Any]") -> Texts:
    values = column.to_numpy(object, copy=True)
    values[column.isna().to_numpy()] = None
    return values


def _seconds(times: "pd.Series[Any]") -> Ints:
    seconds: Ints = times.dt.tz_convert(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    return seconds


def local_days(times: "pd.Series[Any]", zone: ZoneInfo) -> Ints:
    """The local day of each aware time, as an ordinal (`date.fromordinal` gives it back)."""
    local = times.dt.tz_convert(zone).dt.tz_localize(None).to_numpy()
    days: Ints = local.astype("datetime64[D]").astype(np.int64) + _EPOCH
    return days


def moment(seconds: int) -> datetime:
    """The aware time, in UTC, of seconds since 1970."""
    return datetime.fromtimestamp(int(seconds), UTC)


def negative_share(posts: Posts) -> float | None:
    """Negative among residents' read posts; None without any."""
    whole = int((posts.resident & posts.read).sum())
    return int(posts.negative.sum()) / whole if whole else None


def count_voices(posts: Posts) -> int:
    """Distinct voices, thread by thread: an upper bound of the people.  A post without a name is one voice."""
    named = {
        (thread, voice)
        for thread, voice in zip(posts.thread_id.tolist(), posts.voice, strict=True)
        if voice is not None
    }
    return len(named) + sum(voice is None for voice in posts.voice)
