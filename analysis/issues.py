"""Threads to issues."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import pandas as pd

from analysis.issue import Naming
from analysis.posts import Posts


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadText:
    """What a thread says: enough to tell which matter it is about."""

    thread_id: int
    title: str
    text: str
    words: tuple[str, ...]
    places: tuple[str, ...]


def read_threads(frame: pd.DataFrame, posts: Posts) -> list[ThreadText]:
    """One entry a thread, in the order of their first posts."""
    openings: dict[int, int] = {}
    for post_id, thread_id in zip(posts.post_id.tolist(), posts.thread_id.tolist(), strict=True):
        openings.setdefault(thread_id, post_id)
    rows = frame[frame["post_id"].isin(openings.values())].sort_values(["dated_at", "post_id"])
    return [
        ThreadText(
            thread_id=int(thread),
            title=title,
            text=text or "",
            words=tuple(words.split()),
            places=tuple(places),
        )
        for thread, title, text, words, places in zip(
            rows["thread_id"],
            rows["title"],
            rows["text"],
            rows["tokens"].fillna(""),
            rows["places"],
            strict=True,
        )
    ]


class IssueGrouper:
    """Groups threads."""

    def __init__(self, *, known: Mapping[int, int], titles: Mapping[int, str], next_id: int) -> None:
        self.known = known
        self.titles = titles
        self.next_id = next_id

    def fit(self, threads: list[ThreadText]) -> Self:
        self.labels_: dict[int, int] = {}
        self._names: dict[int, Naming] = {}
        number = self.next_id
        for thread in threads:
            issue = self.known.get(thread.thread_id)
            if issue is None:
                issue, number = number, number + 1
            self.labels_[thread.thread_id] = issue
            self._names.setdefault(
                issue, Naming(id=issue, title=self.titles.get(issue, thread.title), place=None)
            )
        return self

    def naming(self, issue: int) -> Naming:
        return self._names[issue]
