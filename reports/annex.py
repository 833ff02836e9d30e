"""Numbered evidence: every number of a brief points to a list of posts in its annex.

A post is shown once in the register, however many numbers count it; a number shows at
most `MAX_SHOWN` posts and says how many more there are.
"""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from analysis.results import Figure, IssueResult, PostRef, RunResult, Share
from reports import words
from reports.model import EvidenceList, RegisterPost, Span, Tone

MAX_SHOWN = 20
EXCERPT = 60
NO_ISSUE = "未归入事项的帖子"
PURGED = "（按要求删除）"
GONE = "（原帖已不可见）"


class EvidenceBook:
    """Gives numbers in the order of first mention; one number per figure."""

    def __init__(self, result: RunResult) -> None:
        self._result = result
        self._zone = ZoneInfo(result.timezone)
        self._cited: dict[str, tuple[int, str, str, tuple[int, ...]]] = {}

    def cite(self, figure: Figure | Share, label: str, unit: str = "", tone: Tone = "plain") -> Span:
        """The figure with its unit as a span that points to its posts, if it has any."""
        shown = _value(figure) + unit
        if not figure.posts:
            return Span(text=shown, tone=tone)
        number, *_ = self._cited.setdefault(
            figure.key, (len(self._cited) + 1, label, _counted(figure), figure.posts)
        )
        return Span(text=shown, tone=tone, evidence=number)

    def close(
        self, issues: Sequence[IssueResult]
    ) -> tuple[tuple[EvidenceList, ...], tuple[RegisterPost, ...]]:
        """The lists, and the register of the posts they show, grouped by issue in the order given."""
        chosen = self._choose()
        groups = self._groups(issues)
        order = sorted(
            set().union(*chosen.values()),
            key=lambda post_id: (groups.get(post_id, (len(issues), ""))[0], *self._place(post_id)),
        )
        numbers = {post_id: number for number, post_id in enumerate(order, 1)}
        lists = tuple(
            EvidenceList(
                number=number,
                key=key,
                label=label,
                value=value,
                posts=posts,
                shown=tuple(sorted(numbers[post_id] for post_id in chosen[key])),
            )
            for key, (number, label, value, posts) in self._cited.items()
        )
        register = tuple(
            self._entry(
                numbers[post_id], groups.get(post_id, (0, NO_ISSUE))[1], self._result.evidence[post_id]
            )
            for post_id in order
        )
        return lists, register

    def _choose(self) -> dict[str, tuple[int, ...]]:
        """Short lists choose first; long ones then prefer posts that are in the register anyway."""
        known = self._result.evidence
        register: set[int] = set()
        chosen: dict[str, tuple[int, ...]] = {}
        for key, (_, _, _, posts) in sorted(self._cited.items(), key=lambda item: len(item[1][3])):
            at_hand = [post_id for post_id in dict.fromkeys(posts) if post_id in known]
            at_hand.sort(key=lambda post_id: (post_id not in register, *self._place(post_id)))
            chosen[key] = tuple(at_hand[:MAX_SHOWN])
            register.update(chosen[key])
        return chosen

    def _place(self, post_id: int) -> tuple[float, int]:
        return self._result.evidence[post_id].dated_at.timestamp(), post_id

    def _groups(self, issues: Iterable[IssueResult]) -> dict[int, tuple[int, str]]:
        cited = {post_id for _, _, _, posts in self._cited.values() for post_id in posts}
        groups: dict[int, tuple[int, str]] = {}
        for rank, issue in enumerate(issues):
            own = set(issue.posts.posts).union(issue.threads.posts) & cited
            groups.update({post_id: (rank, issue.title) for post_id in own if post_id not in groups})
        return groups

    def _entry(self, number: int, group: str, post: PostRef) -> RegisterPost:
        return RegisterPost(
            number=number,
            post_id=post.post_id,
            group=words.shorten(group, EXCERPT),
            origin=" · ".join(filter(None, (post.source, post.board, post.agency))),
            time=words.moment(post.dated_at, self._zone),
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
