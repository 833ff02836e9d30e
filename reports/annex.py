"""Numbered evidence: every number of a brief points to a list of posts in its annex.

A post is shown once in the register, however many numbers count it; a number shows at
most `MAX_SHOWN` posts and says how many more there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analysis.results import Figure, IssueResult, PostRef, RunResult, Share
from reports import words
from reports.model import EvidenceList, RegisterPost, Span, Tone

MAX_SHOWN = 20
FEW_SHOWN = 3  # for each line of a long table
EXCERPT = 60
NO_ISSUE = "未归入事项的帖子"
PURGED = "（按要求删除）"
GONE = "（原帖已不可见）"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Citation:
    number: int
    label: str
    value: str
    posts: tuple[int, ...]
    most: int


class EvidenceBook:
    """Gives numbers in the order of first mention; one number per figure."""

    def __init__(self, result: RunResult) -> None:
        self._result = result
        self._zone = ZoneInfo(result.timezone)
        self._cited: dict[str, _Citation] = {}

    def cite(
        self, figure: Figure | Share, label: str, unit: str = "", tone: Tone = "plain", most: int = MAX_SHOWN
    ) -> Span:
        """The figure with its unit as a span that points to its posts, if it has any.

        At most `most` of them are shown; the first mention of a figure decides.
        """
        text = _value(figure) + unit
        if not figure.posts:
            return Span(text=text, tone=tone)
        citation = self._cited.get(figure.key) or _Citation(
            number=len(self._cited) + 1, label=label, value=_counted(figure), posts=figure.posts, most=most
        )
        self._cited[figure.key] = citation
        return Span(text=text, tone=tone, evidence=citation.number)

    def close(
        self, issues: Sequence[IssueResult]
    ) -> tuple[tuple[EvidenceList, ...], tuple[RegisterPost, ...]]:
        """The lists, and the register of the posts they show, grouped by issue in the order given."""
        chosen = self._choose()
        shown = set().union(*chosen.values())
        groups = self._groups(issues, shown)
        last = (len(issues), NO_ISSUE)
        order = sorted(shown, key=lambda post_id: (groups.get(post_id, last)[0], *self._place(post_id)))
        numbers = {post_id: number for number, post_id in enumerate(order, 1)}
        lists = tuple(
            EvidenceList(
                number=citation.number,
                key=key,
                label=citation.label,
                value=citation.value,
                posts=citation.posts,
                shown=tuple(sorted(numbers[post_id] for post_id in chosen[key])),
            )
            for key, citation in self._cited.items()
        )
        return lists, tuple(
            self._entry(numbers[post_id], groups.get(post_id, last)[1], post_id) for post_id in order
        )

    def _choose(self) -> dict[str, tuple[int, ...]]:
        """Short lists choose first; long ones then prefer posts that are in the register anyway."""
        known = self._result.evidence
        register: set[int] = set()
        chosen: dict[str, tuple[int, ...]] = {}
        for key, citation in sorted(self._cited.items(), key=lambda item: len(item[1].posts)):
            at_hand = [post_id for post_id in dict.fromkeys(citation.posts) if post_id in known]
            at_hand.sort(key=lambda post_id: (post_id not in register, *self._place(post_id)))
            chosen[key] = tuple(at_hand[: citation.most])
            register.update(chosen[key])
        return chosen

    def _place(self, post_id: int) -> tuple[float, int]:
        return self._result.evidence[post_id].dated_at.timestamp(), post_id

    def _groups(self, issues: Iterable[IssueResult], shown: set[int]) -> dict[int, tuple[int, str]]:
        """Post -> (rank, title) of the first issue that has it."""
        groups: dict[int, tuple[int, str]] = {}
        for rank, issue in enumerate(issues):
            for post_id in (*issue.posts.posts, *issue.threads.posts):
                if post_id in shown and post_id not in groups:
                    groups[post_id] = (rank, issue.title)
        return groups

    def _entry(self, number: int, group: str, post_id: int) -> RegisterPost:
        post = self._result.evidence[post_id]
        return RegisterPost(
            number=number,
            post_id=post_id,
            group=words.shorten(group, EXCERPT),
            origin=" · ".join(filter(None, (post.source, post.board, post.agency))),
            time=words.written(post, self._zone),
            title=PURGED if post.purged else words.shorten(post.title, EXCERPT),
            excerpt=_excerpt(post),
            url=post.url if not post.purged and post.url.startswith(("http://", "https://")) else None,
        )


def _excerpt(post: PostRef) -> str:
    if post.purged:
        return PURGED
    return GONE if post.text is None else words.shorten(post.text, EXCERPT)


def _value(figure: Figure | Share) -> str:
    return words.count(figure.value) if isinstance(figure, Figure) else words.share(figure)


def _counted(figure: Figure | Share) -> str:
    """What the posts of the list add up to."""
    return str(figure.value if isinstance(figure, Figure) else figure.part)


def ranges(numbers: tuple[int, ...]) -> list[list[int]]:
    """(1, 2, 3, 7) -> [[1, 3], [7, 7]]."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found
