"""What is stored of threads of which more comes in: masked in one view with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from pipelines.mask import mask_known
from pipelines.schema import posts, threads
from pipelines.store.masking import Change, rewrite_posts, rewrite_titles

Key = tuple[str, str | None]  # of a thread, and of a post where it is one


def masked_texts(connection: Connection, source: str, keys: Iterable[Key]) -> dict[Key, str]:
    """Those of these titles and texts that are stored and hold a mask."""
    wanted = set(keys)
    found = _stored(
        connection, source, {thread for thread, _ in wanted}, {post for _, post in wanted if post}
    )
    return {key: row.text for key, row in found if key in wanted and "〔" in row.text}


def mask_stored(
    connection: Connection,
    source: str,
    secrets: Mapping[str, Mapping[str, str]],
    hash_of: Callable[[str], str],
) -> set[tuple[int, str]]:
    """Mask in the stored titles and texts of threads, by their keys, what is a secret in each of them.

    What was read of them is forgotten, as it is when all that is stored is masked again.  Answers the
    numbers and keys of the threads that held one: what was made of them meanwhile may hold it too.
    """
    held: set[tuple[int, str]] = set()
    titles: list[Change] = []
    texts: list[Change] = []
    for (thread, post), row in _stored(connection, source, secrets):
        if (masked := mask_known(row.text, secrets[thread])) != row.text:
            change = Change(id=row.id, thread_id=row.thread_id, before=row.text, after=masked)
            (titles if post is None else texts).append(change)
            held.add((row.thread_id, thread))
    if titles:
        rewrite_titles(connection, titles)
    if texts:
        rewrite_posts(connection, texts, hash_of)
    return held


def _stored(
    connection: Connection, source: str, keys: Iterable[str], only: Set[str] | None = None
) -> Iterator[tuple[Key, Row[Any]]]:
    """Titles and texts of the threads, of `only` these posts: of what, and id, thread_id and text."""
    here = (threads.c.source == source) & threads.c.thread_key.in_(bindparam("keys", expanding=True))
    of_thread: list[Any] = [threads.c.thread_key, threads.c.id.label("thread_id")]
    titles: Any = select(*of_thread, threads.c.id, threads.c.title.label("text")).where(here)
    texts: Any = select(*of_thread, posts.c.post_key, posts.c.id, posts.c.text).where(here)
    wanted = {"keys": sorted(keys)}
    if not wanted["keys"]:
        return
    for row in connection.execute(titles, wanted).all():
        yield (row.thread_key, None), row
    said = texts.join(posts, posts.c.thread_id == threads.c.id)
    if only is not None:
        said = said.where(posts.c.post_key.in_(bindparam("only", expanding=True)))
        wanted["only"] = sorted(only)
    for row in connection.execute(said, wanted).all():
        yield (row.thread_key, row.post_key), row
