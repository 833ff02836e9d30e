"""What has gone from its forum since a run was frozen is counted there, but never quoted again."""

from collections.abc import Set
from dataclasses import replace

from analysis.results import IssueResult, PostRef, RunResult

GONE_TITLE = "（原帖已不在论坛）"


def without_gone(result: RunResult, gone: Set[int]) -> RunResult:
    """The result without a word of the threads in `gone`; its numbers stay as they were found."""
    silent = {post_id for post_id, post in result.evidence.items() if post.thread_id in gone}
    if not silent:
        return result
    evidence = {
        post_id: _silenced(post) if post_id in silent else post for post_id, post in result.evidence.items()
    }
    titles = {result.evidence[post_id].title for post_id in silent}
    titles -= {post.title for post in evidence.values()}
    return replace(
        result,
        evidence=evidence,
        issues=tuple(_unquoted(issue, silent, titles) for issue in result.issues),
        praise=tuple(_unquoted(issue, silent, titles) for issue in result.praise),
    )


def _silenced(post: PostRef) -> PostRef:
    return replace(post, title=GONE_TITLE, text=None)


def _unquoted(issue: IssueResult, silent: Set[int], titles: Set[str]) -> IssueResult:
    """A title or a demand stays where a thread that is still there says it too."""
    return replace(
        issue,
        title=_matter(issue) if issue.title in titles else issue.title,
        quotes=tuple(quote for quote in issue.quotes if quote.post_id not in silent),
        replies=tuple(
            replace(reply, text="", rubric=None) if reply.post_id in silent else reply
            for reply in issue.replies
        ),
        demands=tuple(
            demand
            for demand in issue.demands
            if not demand.count.posts or not set(demand.count.posts) <= silent
        ),
    )


def _matter(issue: IssueResult) -> str:
    """What a matter is called when the words of its title may no longer be used."""
    return (issue.place or "") + (issue.category_detail or issue.category or "") + "事项"
