"""How long a topic's count and ten samples take: `python -m bench.search [POSTS] [DATABASE_URL]`.

Posts are made of invented words, the commonest in every fifth post and most in one of
thousands, eight to a thread.  The store is a new SQLite file in a temporary folder, or the empty
database of the address.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, insert, text

from pipelines.query import parse_query
from pipelines.schema import posts, threads
from pipelines.store import open_database
from pipelines.store.database import reading
from pipelines.store.lookups import Search
from pipelines.store.matches import find_matches, newest_matches
from pipelines.store.search import index_all

POSTS = 1_000_000
FLOORS = 8
WORDS = 30_000
LENGTH = 25  # words of a post, on average
BATCH = 20_000
NEWEST = datetime(2026, 11, 22, 12, tzinfo=UTC)
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]


def main() -> None:
    """Fill a store and print a table."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    with tempfile.TemporaryDirectory(prefix="minyi-bench-") as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'minyi.db'}"
        engine = open_database(url)
        words = invent_words(Random(1))
        fill(engine, words, size)
        before, started = _size(engine), time.monotonic()
        with engine.begin() as connection:
            index_all(connection)
        indexed = time.monotonic() - started
        _settle(engine)
        title = (
            f"{engine.dialect.name}, {size:,} posts: index in {indexed:.0f} s,"
            f" {before >> 20:,} MB without it, {_size(engine) >> 20:,} MB with it"
        )
        Console(width=140).print(_measure(engine, words, title))
        engine.dispose()


def invent_words(random: Random) -> list[str]:
    """Words of two to four characters, the commonest first."""
    return ["".join(random.choices(HAN, k=random.choice((2, 2, 2, 3, 4)))) for _ in range(WORDS)]


def fill(engine: Engine, words: list[str], size: int) -> None:
    """Store threads and posts, with no index yet."""
    with engine.begin() as connection:
        for rows in _batches(_threads(size // FLOORS)):
            connection.execute(insert(threads), rows)
        for rows in _batches(_posts(words, size)):
            connection.execute(insert(posts), rows)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _threads(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {
            "id": number,
            "source": f"bbs{number % 3}",
            "thread_key": str(number),
            "url": f"https://bbs.example.org/{number}",
            "title": f"第{number}帖",
            "first_seen_at": NEWEST,
            "last_seen_at": NEWEST,
        }


def _posts(words: list[str], size: int) -> Iterator[dict[str, Any]]:
    drawn = np.random.default_rng(1)
    odds = 1 / np.arange(12, WORDS + 12)
    vocabulary = np.array(words, dtype=object)
    for number in range(1, size + 1):
        if number % BATCH == 1:
            lengths = drawn.lognormal(np.log(LENGTH) - 0.3, 0.8, BATCH).astype(int) + 1
            starts = np.concatenate([[0], np.cumsum(lengths)])
            said = vocabulary[drawn.choice(WORDS, starts[-1], p=odds / odds.sum())]
        place = (number - 1) % BATCH
        planted = "百草堂要拆迁" if number % 5000 == 7 else ""
        at = NEWEST - timedelta(seconds=20 * (size - number))
        yield {
            "id": number,
            "thread_id": min((number - 1) // FLOORS + 1, size // FLOORS),
            "post_key": str(number),
            "url": "https://bbs.example.org/",
            "text": "，".join(said[starts[place] : starts[place + 1]]) + planted,
            "text_hash": "",
            "is_first": number % FLOORS == 1,
            "seen_at": at,
            "dated_at": at,
        }


def _settle(engine: Engine) -> None:
    """What a database does by itself in an hour."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def _size(engine: Engine) -> int:
    sizes = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    with reading(engine).connect() as connection:
        return int(connection.execute(text(sizes[engine.dialect.name])).scalar_one())


def _measure(engine: Engine, words: list[str], title: str) -> Table:
    common = words[0]
    phrase = next(word for word in words if len(word) == 4)
    queries = {
        "rare": "百草堂",
        "complex": f"百草堂 AND (拆 OR {words[9]}) NOT {words[5000]} from:2026-06-01",
        "none": "百草园",
        "common word": common,
        "common word of four": phrase,
        "one character": common[0],
        "two common words": f"{common} {words[1]}",
        "common without common": f"{common} NOT {words[1]}",
        "common in one source, one month": f"{common} source:bbs1 from:2026-10-01 to:2026-10-31",
        "a hundred words, any": " OR ".join(words[200:300]),
        "a hundred long words, any": " OR ".join([word for word in words[300:] if len(word) > 2][:100]),
    }
    table = Table("query", "posts", "threads", "time", "CPU of ours", title=title)
    for name, query in queries.items():
        with reading(engine).connect() as connection:
            counted, seconds, of_ours = _look(connection, query)
        table.add_row(name, *(f"{count:,}" for count in counted), f"{seconds:.2f} s", f"{of_ours:.2f} s")
    return table


def _look(connection: Connection, query: str) -> tuple[tuple[int, int], float, float]:
    """Posts and threads; seconds on the clock and of this process, which holds SQLite but not PostgreSQL."""
    started, worked = time.monotonic(), time.process_time()
    search = Search(node=parse_query(query), zone=ZoneInfo("Asia/Shanghai"), model_version="1")
    found = find_matches(connection, search)
    newest_matches(connection, found, 10)
    counted = len(found.posts), len(found.threads)
    return counted, time.monotonic() - started, time.process_time() - worked


if __name__ == "__main__":
    main()
