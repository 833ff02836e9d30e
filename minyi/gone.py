"""What has gone from its forum since a run was frozen is counted there, but never quoted again."""

from collections.abc import Set
from dataclasses import dataclass, replace

from analysis.results import InstructionResult, IssueResult, PostRef, Quote, Reply, RunResult
from minyi.scrub import GONE_TITLE, plain_matter
from pipelines.store.crawled import Gone


def without_gone(result: RunResult, gone: Gone) -> RunResult:
    """The result without a word of what is `gone`; its numbers stay as they were found."""
    silent = {
        post_id
        for post_id, post in result.evidence.items()
        if post.thread_id in gone.threads or post_id in gone.posts
    }
    if not silent:
        return result
    evidence = {
        post_id: _silenced(post) if post_id in silent else post for post_id, post in result.evidence.items()
    }
    words = _Words(
        tuple(_said(result.evidence[post_id], gone) for post_id in silent),
        tuple(f"{post.title}\n{post.text}" for post_id, post in evidence.items() if post_id not in silent),
    )
    return replace(
        result,
        evidence=evidence,
        issues=tuple(_unquoted(issue, silent, words) for issue in result.issues),
        praise=tuple(_unquoted(issue, silent, words) for issue in result.praise),
        instructions=tuple(_untold(order, silent, words) for order in result.instructions),
        views=tuple(replace(view, quotes=_still(view.quotes, silent)) for view in result.views),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """What posts said that are gone, and what those say that are still there."""

    gone: tuple[str, ...]
    there: tuple[str, ...]

    def may_stay(self, title: str) -> bool:
        """Whether a title is nobody's who is gone, or somebody else's too."""
        return not any(title in said for said in self.gone) or any(title in said for said in self.there)


def _said(post: PostRef, gone: Gone) -> str:
    """A floor that is gone from a living thread leaves the thread its title."""
    return f"{post.title}\n{post.text}" if post.thread_id in gone.threads else post.text or ""


def _silenced(post: PostRef) -> PostRef:
    return replace(post, title=GONE_TITLE, text=None)


def _unquoted(issue: IssueResult, silent: Set[int], words: _Words) -> IssueResult:
    """A title or a demand stays where a thread that is still there says it too."""
    return replace(
        issue,
        title=issue.title if words.may_stay(issue.title) else _matter(issue),
        quotes=_still(issue.quotes, silent),
        aspects=tuple(
            replace(aspect, quote=None) if aspect.quote and aspect.quote.post_id in silent else aspect
            for aspect in issue.aspects
        ),
        replies=_unsaid(issue.replies, silent),
        demands=tuple(
            demand
            for demand in issue.demands
            if not demand.count.posts or not set(demand.count.posts) <= silent
        ),
    )


def _untold(order: InstructionResult, silent: Set[int], words: _Words) -> InstructionResult:
    """The instruction stays: it is a leader's, and no resident's."""
    title = order.title if words.may_stay(order.title) else plain_matter({})
    return replace(order, title=title, replies=_unsaid(order.replies, silent))


def _still(quotes: tuple[Quote, ...], silent: Set[int]) -> tuple[Quote, ...]:
    return tuple(quote for quote in quotes if quote.post_id not in silent)


def _unsaid(replies: tuple[Reply, ...], silent: Set[int]) -> tuple[Reply, ...]:
    return tuple(
        replace(reply, text="", rubric=None) if reply.post_id in silent else reply for reply in replies
    )


def _matter(issue: IssueResult) -> str:
    fields = {"place": issue.place, "category": issue.category, "category_detail": issue.category_detail}
    return plain_matter(fields)
