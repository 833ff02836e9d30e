"""Speed of reading, on one core and in one run: `python -m bench.reading [MESSAGES.csv]`.

Without a file the posts are invented; with one (columns title, text) they are real.
"""

import csv
import os
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, delete, insert

from bench.invented import LENGTH, POSTS, invented_posts
from pipelines.mask import mask_text
from pipelines.places import PlaceFinder
from pipelines.reader import Document, Reader, load_models
from pipelines.schema import posts as stored_posts
from pipelines.schema import readings, threads
from pipelines.segment import Segmenter
from pipelines.store import open_database
from pipelines.store.readings import save_readings, unread_posts

BATCH = 1000
_AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def posts_of(path: Path | None) -> list[str]:
    """2,000 civic posts of 350 characters."""
    if path is None:
        return list(islice(invented_posts(), POSTS))
    draw = random.Random(0)
    with path.open(encoding="utf-8-sig", newline="") as file:
        whole = "".join(f"{row.get('title', '')}。{row['text']}" for row in csv.DictReader(file))
    starts = (draw.randrange(max(1, len(whole) - LENGTH)) for _ in range(POSTS))
    return [whole[start : start + LENGTH] for start in starts]


def seconds(work: Callable[[], object]) -> float:
    """The processor time of the best of three runs, which other work on the machine disturbs least."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def measure(posts: Sequence[str]) -> list[tuple[str, float, float]]:
    """What, posts a second, megabytes of UTF-8 a second."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
        from snownlp import SnowNLP
    jieba.initialize()
    few = posts[:200]
    segmenter = Segmenter()
    reader = Reader(load_models(), segmenter, PlaceFinder({}), unsure=0.5)
    documents = [Document(title="", text=post) for post in posts]
    reader.read(documents[:10])
    folder = tempfile.TemporaryDirectory()
    store = open_database(f"sqlite:///{folder.name}/reading.db")
    fill(store, iter(posts))
    SnowNLP(few[0]).sentiments  # noqa: B018 loads its model
    works: list[tuple[str, Sequence[str], Callable[[], object]]] = [
        ("jieba", few, lambda: _each(jieba.lcut, few)),
        ("our segmenter", posts, lambda: _each(segmenter.cut, posts)),
        (
            "SnowNLP, sentiment alone",
            few[:40],
            lambda: _each(lambda post: SnowNLP(post).sentiments, few[:40]),
        ),
        ("our masking", posts, lambda: _each(mask_text, posts)),
        ("our whole reading", posts, lambda: reader.read(documents)),
        ("masking and whole reading", posts, lambda: reader.read(_masked(posts))),
        ("whole reading with store writes", posts, lambda: _read_again(store, reader)),
    ]
    rates = [(name, *_rates(some, seconds(work))) for name, some, work in works]
    store.dispose()
    folder.cleanup()
    return rates


def _each(work: Callable[[str], object], posts: Sequence[str]) -> None:
    """What comes out is dropped at once, as in reading."""
    for post in posts:
        work(post)


def _masked(posts: Sequence[str]) -> list[Document]:
    return [Document(title="", text=mask_text(post)) for post in posts]


def fill(engine: Engine, texts: Iterator[str]) -> None:
    """Store the texts, each as the first post of a thread of its own."""
    number = 0
    while chunk := list(islice(texts, BATCH)):
        ids = range(number + 1, number + 1 + len(chunk))
        times = {"first_seen_at": _AT, "last_seen_at": _AT}
        opened = [
            {"id": n, "source": "bench", "thread_key": str(n), "url": "", "title": "小区的事", **times}
            for n in ids
        ]
        written = {"post_key": "1", "url": "", "is_first": True, "seen_at": _AT, "dated_at": _AT}
        rows = [
            {"id": n, "thread_id": n, "text": text, "text_hash": f"{n:032}", **written}
            for n, text in zip(ids, chunk, strict=True)
        ]
        with engine.begin() as connection:
            connection.execute(insert(threads), opened)
            connection.execute(insert(stored_posts), rows)
        number += len(chunk)


def read_all(engine: Engine, reader: Reader) -> int:
    """Read what is unread, as `minyi read` does; how many posts."""
    done = 0
    for rows in unread_posts(engine, reader.version, size=BATCH):
        results = reader.read([Document(title=row.title, text=row.text) for row in rows])
        with engine.begin() as connection:
            save_readings(connection, rows, results, reader.version, _AT)
        done += len(rows)
    return done


def _read_again(engine: Engine, reader: Reader) -> None:
    with engine.begin() as connection:
        connection.execute(delete(readings))
    read_all(engine, reader)


def _rates(posts: Sequence[str], taken: float) -> tuple[float, float]:
    return len(posts) / taken, sum(len(post.encode()) for post in posts) / 1e6 / taken


def main() -> None:
    """Print the table."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    measured = measure(posts_of(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
    table = Table(title=f"One core, civic posts of {LENGTH} characters")
    for heading in ("what", "posts/s", "MB/s"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for name, posts, megabytes in measured:
        table.add_row(name, f"{posts:,.0f}", f"{megabytes:.2f}")
    rates = {name: posts for name, posts, _ in measured}
    Console().print(table)
    Console().print(f"our segmenter ÷ jieba: {rates['our segmenter'] / rates['jieba']:.1f}")
    Console().print(
        f"our whole reading ÷ SnowNLP: {rates['our whole reading'] / rates['SnowNLP, sentiment alone']:.1f}"
    )


if __name__ == "__main__":
    main()
