"""Labels that people gave: kept beside the readings, and stronger than any of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select

from pipelines.schema import corrections, posts, threads
from pipelines.store.database import upsert

if TYPE_CHECKING:
    import pandas as pd

_SHARES = ("neg", "neu", "pos")
_LONGEST_NUMBER = 18  # digits; the databases' integers end soon after


def find_post(connection: Connection, wanted: str) -> Row[Any] | None:
    """The post with that number or address, with its text_hash; None when there is none."""
    is_number = wanted.isdecimal() and len(wanted) <= _LONGEST_NUMBER
    here = posts.c.id == int(wanted) if is_number else posts.c.url == wanted
    columns: list[Any] = [posts.c.id, posts.c.text_hash]
    return connection.execute(select(*columns).where(here)).first()


def save_corrections(
    connection: Connection, post: Row[Any], labels: Mapping[str, str], corrected_at: datetime
) -> None:
    """Store a person's labels of a post by task, replacing that person's earlier ones."""
    same = {"post_id": post.id, "text_hash": post.text_hash, "corrected_at": corrected_at}
    rows = [same | {"task": task, "label": label} for task, label in labels.items()]
    upsert(
        connection, corrections, rows, key=("post_id", "task"), update=("label", "text_hash", "corrected_at")
    )


def corrected_posts(connection: Connection, task: str) -> Sequence[Row[Any]]:
    """Posts with a correction of their present text for that task: title, text, is_first, label."""
    columns: list[Any] = [threads.c.title, posts.c.text, posts.c.is_first, corrections.c.label]
    query = (
        select(*columns)
        .join(posts, posts.c.id == corrections.c.post_id)
        .join(threads, threads.c.id == posts.c.thread_id)
        .where(corrections.c.task == task, corrections.c.text_hash == posts.c.text_hash)
        .order_by(posts.c.id)
    )
    return connection.execute(query).all()


def apply_corrections(connection: Connection, frame: "pd.DataFrame") -> None:
    """Let what people said stand in the frame of posts instead of what the models read."""
    query = select(corrections).join(posts, posts.c.id == corrections.c.post_id)
    current = corrections.c.text_hash == posts.c.text_hash
    given = connection.execute(query.where(current)).all()
    wanted = frame["post_id"][frame["post_id"].isin([found.post_id for found in given])]
    rows = {post_id: row for row, post_id in wanted.items()}
    for found in given:
        row = rows.get(found.post_id)
        if row is None:
            continue
        frame.at[row, found.task] = found.label
        certain = [f"p_{share}" for share in _SHARES] if found.task == "sentiment" else [f"p_{found.task}"]
        for column in frame.columns.intersection(certain):
            frame.at[row, column] = 1.0 if column in (f"p_{found.label}", f"p_{found.task}") else 0.0
