"""Threads to issues: the same place and the same problem, however worded.

Threads are taken in the order of their first posts; each joins the likest issue or
opens one.  Candidates come from an index of rare character pairs, so a day's cost does
not grow with history.  Two threads that name the same place need little likeness of
content; two that name different places need to be near copies.  Threads of one talk (see
`talks`) go together before that.  Afterwards issues of this run that turn out alike are
united.  An issue that is stored keeps its threads and its id: only new threads and new
issues move.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from math import sqrt
from typing import Self

from analysis.candidates import KEYS, IssueIndex
from analysis.profiles import IssueProfile, Profiler, ThreadProfile, ThreadText, likeness
from analysis.talks import find_talks
from analysis.titles import IssueNames
from analysis.wording import Rarity, count_pairs, dot

# Least likeness: mean over the threads of an issue (content), or to their centre (whole).
# A mean of few says less: more is asked of it, by the root of the number of pairs of threads.
SAME_PLACE, SAME_PLACE_FEW = 0.08, 0.06
UNITED, UNITED_FEW = 0.075, 0.04
SURROUNDINGS = 2.0  # times as much where each names a place of its own besides the one they share
NO_PLACE = 0.26
OTHER_PLACE_IN_TEXT = 0.5
OTHER_PLACE = 0.90
_BONUS = 0.25  # an issue at the same place goes before one that merely sounds alike

_SAMPLE = 20_000  # newest threads that teach what is rare
_AT_ONCE = 256  # profiles take a hundred times the memory of their texts
_LEARNED = 6  # threads of a stored issue that are read to know it


class IssueGrouper:
    """Groups threads into issues.

    `known` says which issue a thread is in, `merged` which issue staff made another a part of: a
    part still gathers threads by itself.  After `fit`: `labels_` maps thread to issue, `parts_`
    thread to issue or part of one, `names_` issue to title and place; `touched_` are the issues
    that got a thread.
    """

    def __init__(
        self,
        *,
        known: Mapping[int, int] | None = None,
        titles: Mapping[int, str] | None = None,
        merged: Mapping[int, int] | None = None,
        next_id: int = 1,
    ) -> None:
        self.known = known or {}
        self.titles = titles or {}
        self.merged = merged or {}
        self.next_id = next_id

    def fit(self, threads: Sequence[ThreadText]) -> Self:
        """Group the threads, given in the order of their first posts."""
        sample = threads[-_SAMPLE:]
        counted = count_pairs([thread.title for thread in sample], [thread.text for thread in sample])
        self._profiler = Profiler(Rarity().fit(counted))
        self._issues: dict[int, IssueProfile] = {}
        self._stored: dict[int, list[ThreadText]] = defaultdict(list)
        self._united: dict[int, int] = {}
        self._copies: dict[str, int] = {}
        self._number = self.next_id
        self.labels_: dict[int, int] = {}
        new = [thread for thread in threads if not self._recall(thread)]
        self._index = IssueIndex(
            {issue: [thread.title for thread in learned] for issue, learned in self._stored.items()}
        )
        self._talks = self._find_talks(threads[-_SAMPLE:], {thread.thread_id for thread in new})
        self._talk_of = {thread: number for number, talk in enumerate(self._talks) for thread in talk}
        self._heads: dict[int, int] = {}
        placed: set[int] = set()
        for first in range(0, len(new), _AT_ONCE):
            placed |= self._place_all(new[first : first + _AT_ONCE])
        self._unite(sorted(placed - self._stored.keys()))
        self.parts_ = {thread: self._root(issue) for thread, issue in self.labels_.items()}
        self.labels_ = {thread: self.merged.get(part, part) for thread, part in self.parts_.items()}
        members: dict[int, list[ThreadText]] = defaultdict(list)
        for thread in threads:
            members[self.labels_[thread.thread_id]].append(thread)
        self.names_ = IssueNames(members, self.titles)
        self.touched_ = {self.labels_[thread.thread_id] for thread in new}
        return self

    def _recall(self, thread: ThreadText) -> bool:
        """Take a thread whose issue is stored as it stands; False when it is new."""
        issue = self.known.get(thread.thread_id)
        if issue is None:
            return False
        self.labels_[thread.thread_id] = issue
        self._copies.setdefault(thread.text_hash, issue)
        learned = self._stored[issue]
        if len(learned) < _LEARNED:
            learned.append(thread)
        return True

    def _learn(self, issues: AbstractSet[int]) -> None:
        """Read what stored issues are about, many at once."""
        unknown = sorted(issues - self._issues.keys())
        for first in range(0, len(unknown), _AT_ONCE):
            some = unknown[first : first + _AT_ONCE]
            threads = [thread for issue in some for thread in self._stored[issue]]
            profiles = iter(self._profiler.profile(threads))
            for issue in some:
                self._issues[issue] = whole = IssueProfile()
                whole.add(*islice(profiles, len(self._stored[issue])))

    def _profile_of(self, issue: int) -> IssueProfile:
        """The issue's profile; a stored one is read when it is first asked for."""
        if issue not in self._issues:
            self._learn({issue})
        return self._issues[issue]

    def _place_all(self, threads: Sequence[ThreadText]) -> set[int]:
        """The issues of new threads, whose candidates are read at once."""
        profiles = self._profiler.profile(threads)
        self._learn({issue for profile in profiles for issue in self._index.find(profile.whole)})
        return {self._place(*pair) for pair in zip(threads, profiles, strict=True)}

    def _place(self, thread: ThreadText, profile: ThreadProfile) -> int:
        """The issue of a new thread, found or opened."""
        issue = self._head(thread)
        if issue is None and len(thread.text) >= _COPY:
            issue = self._copies.get(thread.text_hash)
        if issue is None and thread.thread_id not in self._talk_of:
            issue = self._likest(profile)
        if issue is None:
            issue, self._number = self._number, self._number + 1
            self._issues[issue] = IssueProfile()
        self._profile_of(issue).add(profile)
        self._index.enter(islice(profile.whole, KEYS), issue)
        self._copies.setdefault(thread.text_hash, issue)
        self.labels_[thread.thread_id] = issue
        if thread.thread_id in self._talk_of:
            self._heads.setdefault(self._talk_of[thread.thread_id], issue)
        return issue

    def _find_talks(self, threads: Sequence[ThreadText], new: set[int]) -> list[list[int]]:
        """Talks proper: threads that are talked in, and not one kind of trouble at many places."""
        by_id = {thread.thread_id: thread for thread in threads}
        found = find_talks(threads, new)
        return [talk for talk in found if self._is_one([by_id[number] for number in talk])]

    def _is_one(self, talk: Sequence[ThreadText]) -> bool:
        named = [names for thread in talk if (names := self._profiler.title_names(thread))]
        counts = Counter(name for names in named for name in names)
        elsewhere = len(named) - max(counts.values(), default=0)
        answered = sum(bool(thread.replies) for thread in talk)
        return 2 * elsewhere <= len(talk) <= 2 * answered

    def _head(self, thread: ThreadText) -> int | None:
        """The issue of the thread's talk: the stored one that most of the talk is in, or the one just opened."""
        number = self._talk_of.get(thread.thread_id)
        if number is None:
            return None
        if number not in self._heads:
            stored = Counter(self.known[own] for own in self._talks[number] if own in self.known)
            if stored:
                self._heads[number] = min(stored, key=lambda issue: (-stored[issue], issue))
        return self._heads.get(number)

    def _likest(self, profile: ThreadProfile) -> int | None:
        scored = (
            (self._score(profile, self._profile_of(issue)), -issue)
            for issue in self._index.find(profile.whole)
        )
        best, issue = max(scored, default=(0.0, 0))
        return -issue if best > 0 else None

    def _score(self, thread: ThreadProfile, issue: IssueProfile) -> float:
        """How alike, or 0 when the thread must not join."""
        whole = dot(thread.whole, issue.whole) / issue.length
        if self._same_place(thread, issue):
            content = likeness(thread.content, issue.content, issue.threads)
            least = SAME_PLACE + SAME_PLACE_FEW / sqrt(issue.threads)
            if self._apart(issue, thread.title_names, thread.pairs, 1.0):
                least *= SURROUNDINGS
            return whole + _BONUS if content >= least else 0.0
        if issue.titled and thread.title_names:
            least = OTHER_PLACE
        elif (issue.titled and thread.body_names) or (thread.title_names and issue.names):
            least = OTHER_PLACE_IN_TEXT
        else:
            least = NO_PLACE
        return whole if whole >= least else 0.0

    def _same_place(self, thread: ThreadProfile, issue: IssueProfile) -> bool:
        holds = self._profiler.holds
        return any(holds(thread.pairs, name) for name in issue.names) or any(
            holds(issue.pairs, name, issue.least) for name in thread.names
        )

    def _apart(
        self, issue: IssueProfile, names: Iterable[str], counted: Mapping[int, int], least: float
    ) -> bool:
        """Whether the issue and another, with these names and pairs, each have a place that the other has not."""
        holds = self._profiler.holds
        return any(not holds(issue.pairs, name, issue.least) for name in names) and any(
            not holds(counted, name, least) for name in issue.titled
        )

    def _unite(self, fresh: Sequence[int]) -> None:
        """Unite this run's new issues with issues at the same place that turned out alike."""
        for _ in range(2):
            near = {issue: self._near(issue) for issue in fresh if self._root(issue) == issue}
            self._learn({other for others in near.values() for other in others})
            found = [pair for issue, others in near.items() for pair in self._partners(issue, others)]
            for _, first, second in sorted(found):
                self._unite_pair(self._root(first), self._root(second))

    def _near(self, issue: int) -> set[int]:
        """Other issues that hold a rare pair of this one's names."""
        rare = self._profiler.least_mass / 2
        masses = [self._profiler.mass(name)[0] for name in self._issues[issue].names]
        keys = {pair for mass in masses for pair, weight in mass.items() if weight >= rare}
        near: set[int] = set()
        for pair in keys:
            near.update(self._root(other) for other in self._index.holders(pair).tolist())
        return near - {issue}

    def _partners(self, issue: int, others: AbstractSet[int]) -> list[tuple[float, int, int]]:
        """Those of the others that are alike at the same place, as (minus likeness, the other, this)."""
        own = self._issues[issue]
        scored = ((self._alike(own, self._issues[other]), other) for other in sorted(others))
        return [(-score, other, issue) for score, other in scored if score > 0]

    def _alike(self, first: IssueProfile, second: IssueProfile) -> float:
        """By how much two issues at the same place are more alike than they must be to be one; 0: they are not."""
        holds = self._profiler.holds
        same = any(holds(second.pairs, name, second.least) for name in first.names) or any(
            holds(first.pairs, name, first.least) for name in second.names
        )
        if not same:
            return 0.0
        small, large = sorted((first.content, second.content), key=len)
        number = first.threads * second.threads
        least = UNITED + UNITED_FEW / sqrt(number)
        if self._apart(first, second.titled, second.pairs, second.least):
            least += UNITED * (SURROUNDINGS - 1)
        return max(0.0, dot(small, large) / number - least)

    def _unite_pair(self, first: int, second: int) -> None:
        """The later of two issues goes into the earlier, unless both are stored."""
        kept, gone = min(first, second), max(first, second)
        if kept == gone or gone in self._stored:
            return
        if self._alike(self._issues[kept], self._issues[gone]) > 0:
            self._issues[kept].absorb(self._issues.pop(gone))
            self._united[gone] = kept

    def pairs_alike(self) -> list[tuple[float, int, int]]:
        """Stored issues, of which one got a thread, that would be one if they were new: (by how much, older, newer).

        Only among those that were read for a thread: reading others would take seconds.
        """
        stored = sorted(part for part in self._issues if part in self._stored and self._grew(part))
        found: dict[tuple[int, int], float] = {}
        for part in stored:
            for much, other, own in self._partners(part, self._near(part) & self._issues.keys()):
                first, second = sorted((self.merged.get(other, other), self.merged.get(own, own)))
                if other in self._stored and first != second:
                    found[first, second] = max(-much, found.get((first, second), 0.0))
        return sorted((much, *pair) for pair, much in found.items())[::-1]

    def talks_apart(self) -> list[tuple[int, ...]]:
        """The issues of each talk whose threads are stored in several, the one with most of them first."""
        placed = [Counter(self.labels_[thread] for thread in talk) for talk in self._talks]
        return [tuple(issue for issue, _ in count.most_common()) for count in placed if len(count) > 1]

    def _grew(self, part: int) -> bool:
        return self._issues[part].threads > len(self._stored[part])

    def _root(self, issue: int) -> int:
        while issue in self._united:
            issue = self._united[issue]
        return issue


_COPY = 12  # characters: a shorter text may be written twice by chance
