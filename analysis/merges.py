"""Issues stored apart that may be one matter: staff decide, the program never moves a stored thread."""

from collections.abc import Iterator

from analysis.issues import IssueGrouper
from analysis.results import MergeSuggestion

MOST = 20


def suggest_merges(grouper: IssueGrouper, most: int = MOST) -> tuple[MergeSuggestion, ...]:
    """What staff may want to merge, of the issues that got a thread in this run; talks first."""
    found: dict[tuple[int, int], str] = {}
    for first, second, reason in (*_of_talks(grouper), *_of_places(grouper)):
        found.setdefault((first, second), reason)
    return tuple(
        MergeSuggestion(first=first, second=second, reason=reason)
        for (first, second), reason in list(found.items())[:most]
    )


def _of_talks(grouper: IssueGrouper) -> Iterator[tuple[int, int, str]]:
    for head, *others in grouper.talks_apart():
        for other in others:
            yield min(head, other), max(head, other), "同一段时间里的帖子说的像是同一件事"


def _of_places(grouper: IssueGrouper) -> Iterator[tuple[int, int, str]]:
    for _, first, second in grouper.pairs_alike():
        place = grouper.names_[first].place or grouper.names_[second].place
        yield first, second, f"都在{place}，说法相近" if place else "地点相同，说法相近"
