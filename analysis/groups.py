"""Posts to issues: the groups of posts of which a run tells."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from analysis.issues import IssueGrouper
from analysis.merges import suggest_merges
from analysis.posts import Ints, Posts, moment
from analysis.results import MergeSuggestion
from analysis.settings import KnownIssues
from analysis.threads import read_threads
from analysis.titles import Naming


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The issues as groups of posts, before anything is told of them.

    `counted` are the posts that count in this run, all of an issue's own but in a topic's run; `whole` are all.
    `labels` say which issue a thread is in, `parts` which issue or part of one; `touched` got a thread.
    `posts` are those of all issues, `first_posts` the stored times of first ones.
    """

    counted: Mapping[int, Posts]
    whole: Mapping[int, Posts]
    labels: Mapping[int, int]
    parts: Mapping[int, int]
    names: Mapping[int, Naming]
    touched: AbstractSet[int]
    merges: tuple[MergeSuggestion, ...]
    first_posts: Mapping[int, datetime]
    posts: Posts

    def began(self, issue: int) -> int:
        """When an issue began, in seconds.  A stored time counts where the history is cut; else the posts know better."""
        stored, posts = self.first_posts.get(issue), self.whole[issue]
        if stored is not None and stored < moment(self.posts.at[0]):
            return int(stored.timestamp())
        own = posts.residents if posts.resident.any() else posts
        return int(own.at[0])


def group_posts(frame: pd.DataFrame, counted: Posts, whole: Posts, known: KnownIssues) -> Groups:
    """Group the `whole` posts, read from that frame, and those of them that are `counted`."""
    grouper = IssueGrouper(
        known=known.threads, titles=known.titles, merged=known.merged, next_id=known.next_id
    )
    grouper.fit(read_threads(frame, whole))
    labels, parts, names, touched = grouper.labels_, grouper.parts_, grouper.names_, grouper.touched_
    merges = suggest_merges(grouper)
    del grouper  # what it knows of each issue takes more memory than the posts
    wholes = _split(whole, labels)
    return Groups(
        counted=wholes if counted is whole else _split(counted, labels),
        whole=wholes,
        labels=labels,
        parts=parts,
        names=names,
        touched=touched,
        merges=merges,
        first_posts=known.first_posts,
        posts=whole,
    )


def _split(posts: Posts, labels: Mapping[int, int]) -> dict[int, Posts]:
    return dict(zip(*posts.split(issues_of(posts, labels)), strict=True))


def issues_of(posts: Posts, labels: Mapping[int, int]) -> Ints:
    """The issue of each post."""
    return np.array([labels[thread] for thread in posts.thread_id.tolist()], dtype=np.int64)
