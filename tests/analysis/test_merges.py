"""Issues from day to day: stored threads never move, staff's merges hold, and merges are suggested."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.issues import IssueGrouper
from analysis.merges import suggest_merges
from analysis.profiles import ThreadText

ESTATES = ("春晖苑", "翠屏园", "金桂府")
TROUBLES = ("烧烤摊油烟直排扰民，没有烟道", "水泵夜里噪音不停，睡不着", "电梯坏了半个月没人修")
DAY = 739_000


def thread(number: int, estate: int, trouble: int, day: int) -> ThreadText:
    text = f"{ESTATES[estate]}小区{TROUBLES[trouble]}，第{number}位业主盼解决。"
    title = f"{ESTATES[estate]}{TROUBLES[trouble][:8]}"
    return ThreadText(
        thread_id=number, title=title, text=text, text_hash=str(number), places=(), day=DAY + day
    )


days = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=4), min_size=2, max_size=4
)


def numbered(written: list[list[tuple[int, int]]]) -> list[list[ThreadText]]:
    """The threads of each day, numbered in their order."""
    numbers = iter(range(1, 100))
    return [[thread(next(numbers), *what, day) for what in own] for day, own in enumerate(written)]


class Store:
    """What is kept from run to run, as `pipelines.store.issues` does it."""

    def __init__(self) -> None:
        self.parts: dict[int, int] = {}
        self.merged: dict[int, int] = {}
        self.next_id = 1

    def run(self, threads: list[ThreadText]) -> IssueGrouper:
        grouper = IssueGrouper(known=self.parts, merged=self.merged, next_id=self.next_id).fit(threads)
        self.parts = dict(grouper.parts_)
        self.next_id = max([*self.parts.values(), self.next_id - 1]) + 1
        return grouper

    def merge(self, first: int, second: int) -> None:
        into = {part: first for part, whole in self.merged.items() if whole == second}
        self.merged |= {second: first} | into

    def split(self, number: int) -> None:
        self.parts[number] = self.next_id
        self.next_id += 1

    @property
    def issues(self) -> list[int]:
        return sorted({self.merged.get(part, part) for part in self.parts.values()})


@given(days, st.lists(st.tuples(st.sampled_from(("merge", "split", "rest")), st.integers(0, 99)), min_size=4))
@settings(max_examples=40)
def test_ids_stay_and_staff_are_respected(
    written: list[list[tuple[int, int]]], decisions: list[tuple[str, int]]
) -> None:
    store, seen = Store(), []
    for own, (decision, choice) in zip(numbered(written), decisions, strict=False):
        before = dict(store.parts)
        seen += own
        grouper = store.run(seen)
        assert {number: store.parts[number] for number in before} == before
        assert grouper.labels_ == _wholes(store)
        again = IssueGrouper(known=store.parts, merged=store.merged, next_id=store.next_id).fit(seen)
        assert again.parts_ == store.parts
        assert not again.touched_
        _decide(store, decision, choice)


def _wholes(store: Store) -> Mapping[int, int]:
    return {number: store.merged.get(part, part) for number, part in store.parts.items()}


def _decide(store: Store, decision: str, choice: int) -> None:
    issues, threads = store.issues, sorted(store.parts)
    if decision == "merge" and len(issues) > 1:
        store.merge(issues[0], issues[1 + choice % (len(issues) - 1)])
    elif decision == "split":
        store.split(threads[choice % len(threads)])


@given(days, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_rows_in_the_store_does_not_matter(written: list[list[tuple[int, int]]], dice) -> None:  # type: ignore[no-untyped-def]
    threads = [one for own in numbered(written) for one in own]
    known = {one.thread_id: 1 for one in threads if dice.random() < 0.3}
    shuffled = list(known.items())
    dice.shuffle(shuffled)
    first = IssueGrouper(known=known, next_id=2).fit(threads)
    assert IssueGrouper(known=dict(shuffled), next_id=2).fit(threads).parts_ == first.parts_


def test_stored_issues_that_turn_out_alike_are_suggested_not_moved() -> None:
    threads = [thread(number, 0, 0, number) for number in range(1, 6)]
    threads += [thread(number, 1, 1, number) for number in range(6, 9)]
    known = {1: 1, 2: 1, 3: 2, 4: 2, 6: 3, 7: 3, 8: 3}
    grouper = IssueGrouper(known=known, next_id=4).fit(threads)
    assert grouper.parts_.items() >= known.items()
    [suggested] = suggest_merges(grouper)
    assert (suggested.first, suggested.second) == (1, 2)
    assert "春晖苑" in suggested.reason
    merged = IssueGrouper(known=known, merged={2: 1}, next_id=4).fit(threads)
    assert suggest_merges(merged) == ()
