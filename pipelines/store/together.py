"""What is stored of threads of which more comes in: masked in one view with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from pipelines.mask import mask_known
from pipelines.schema import posts, threads

Key = tuple[str, str | None]  # of a thread, and of a post where it is one


def masked_texts(connection: Connection, source: str, keys: Iterable[Key]) -> dict[Key, str]:
    """Those of these titles and texts that are stored and hold a mask."""
    wanted = set(keys)
    names = {"threads": {thread for thread, _ in wanted}, "posts": {post for _, post in wanted if post}}
    found = _stored(connection, source, names["threads"], names["posts"])
    return {key: text for key, _, text in found if key in wanted and "〔" in text}


def mask_stored(
    connection: Connection,
    source: str,
    secrets: Mapping[str, Mapping[str, str]],
    hash_of: Callable[[str], str],
) -> None:
    """Mask in the stored titles and texts of threads, by their keys, what is a secret in each of them."""
    for (thread, post), number, text in list(_stored(connection, source, secrets)):
        if (masked := mask_known(text, secrets[thread])) == text:
            continue
        if post is None:
            connection.execute(update(threads).where(threads.c.id == number).values(title=masked))
        else:
            values = {"text": masked, "text_hash": hash_of(masked)}
            connection.execute(update(posts).where(posts.c.id == number).values(values))


def _stored(
    connection: Connection, source: str, keys: Iterable[str], only: Set[str] | None = None
) -> Iterator[tuple[Key, int, str]]:
    """Titles and texts of the threads, of `only` these posts: of what, its row's number, the words."""
    here = (threads.c.source == source) & threads.c.thread_key.in_(bindparam("keys", expanding=True))
    titles: Any = select(threads.c.thread_key, threads.c.id, threads.c.title).where(here)
    texts: Any = select(threads.c.thread_key, posts.c.post_key, posts.c.id, posts.c.text).where(here)
    wanted = {"keys": sorted(keys)}
    if not wanted["keys"]:
        return
    for thread, number, title in connection.execute(titles, wanted).all():
        yield (thread, None), number, title
    said = texts.join(posts, posts.c.thread_id == threads.c.id)
    if only is not None:
        said = said.where(posts.c.post_key.in_(bindparam("only", expanding=True)))
        wanted["only"] = sorted(only)
    for thread, post, number, text in connection.execute(said, wanted).all():
        yield (thread, post), number, text
