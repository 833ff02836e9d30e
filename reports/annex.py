"""Numbered evidence: every number of a brief points to a list of posts in its annex.

Figures of the same posts share a number and a list.  A post is shown once in the register,
however many lists hold it; a list shows at most `MAX_SHOWN` posts and says how many more there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from analysis.results import Figure, IssueResult, PostRef, RunResult, Share
from reports import words
from reports.model import EvidenceList, RegisterPost, Span, Tone
from reports.web import is_web

MAX_SHOWN = 20
FEW_SHOWN = 3  # for each line of a long table
EXCERPT = 60
NO_ISSUE = "未归入事项的帖子"
PURGED = "（按要求删除）"
GONE = "（原帖已不可见）"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Citation:
    """The posts of one or more figures, each with its label; `key` is the first one's."""

    key: str
    labels: tuple[str, ...]
    value: str
    posts: tuple[int, ...]
    most: int


class EvidenceBook:
    """Gives numbers in the order of first mention; one number for all figures of the same posts."""

    def __init__(self, result: RunResult) -> None:
        self._result = result
        self._zone = ZoneInfo(result.timezone)
        self._lists: list[_Citation] = []
        self._numbers: dict[str, int] = {}  # by figure
        self._of_posts: dict[frozenset[int], int] = {}

    def cite(
        self, figure: Figure | Share, label: str, unit: str = "", tone: Tone = "plain", most: int = MAX_SHOWN
    ) -> Span:
        """The figure with its unit as a span that points to its posts, if it has any.

        At most `most` of them are shown; the first mention of a figure decides, of several with
        the same posts the one that shows most.
        """
        text = _value(figure) + unit
        if not figure.posts:
            return Span(text=text, tone=tone)
        number = self._numbers.get(figure.key) or self._enter(figure, label, most)
        return Span(text=text, tone=tone, evidence=number)

    def _enter(self, figure: Figure | Share, label: str, most: int) -> int:
        """A list of its own, or a label more on the list that has these very posts."""
        last = len(self._lists)
        number = self._of_posts.setdefault(frozenset(figure.posts), last + 1)
        if number > last:
            self._lists.append(
                _Citation(
                    key=figure.key, labels=(label,), value=_counted(figure), posts=figure.posts, most=most
                )
            )
        else:
            same = self._lists[number - 1]
            self._lists[number - 1] = replace(same, labels=(*same.labels, label), most=max(same.most, most))
        self._numbers[figure.key] = number
        return number

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
                number=number,
                key=citation.key,
                label=_joined(citation.labels),
                value=citation.value,
                posts=citation.posts,
                shown=tuple(sorted(numbers[post_id] for post_id in chosen[citation.key])),
            )
            for number, citation in enumerate(self._lists, 1)
        )
        return lists, tuple(
            self._entry(numbers[post_id], groups.get(post_id, last)[1], post_id) for post_id in order
        )

    def _choose(self) -> dict[str, tuple[int, ...]]:
        """Short lists choose first; long ones then prefer posts that are in the register anyway."""
        known = self._result.evidence
        register: set[int] = set()
        chosen: dict[str, tuple[int, ...]] = {}
        for citation in sorted(self._lists, key=lambda entry: len(entry.posts)):
            at_hand = [post_id for post_id in dict.fromkeys(citation.posts) if post_id in known]
            at_hand.sort(key=lambda post_id: (post_id not in register, *self._place(post_id)))
            chosen[citation.key] = tuple(at_hand[: citation.most])
            register.update(chosen[citation.key])
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
            url=post.url if not post.purged and is_web(post.url) else None,
        )


def _excerpt(post: PostRef) -> str:
    if post.purged:
        return PURGED
    return GONE if post.text is None else words.shorten(post.text, EXCERPT)


def _joined(labels: Sequence[str]) -> str:
    """路灯：新增 and 路灯：全部帖子 -> 路灯：新增、全部帖子."""
    about: dict[str, dict[str, None]] = {}
    for label in labels:
        subject, colon, counted = label.rpartition("：")
        about.setdefault(subject + colon, {})[counted] = None
    return "；".join(subject + "、".join(counted) for subject, counted in about.items())


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
