"""Bytes of database a post takes, texts, readings and indexes included: `python -m bench.size [POSTS] [URL]`.

Posts of 150 characters, each in a thread of its own, which is the most a post can take; 100,000 in an
SQLite file unless told otherwise.  URL: of an empty PostgreSQL database.
"""

import sys
import tempfile
from collections.abc import Sequence
from itertools import islice

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from bench.invented import invented_posts
from bench.reading import fill, read_all
from pipelines.places import PlaceFinder
from pipelines.reader import Reader, load_models
from pipelines.segment import Segmenter
from pipelines.store import open_database
from pipelines.store.search import index_all
from pipelines.store.upkeep import tidy

LENGTH = 150
POSTS = 100_000
SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def size_of(engine: Engine) -> int:
    """Bytes of the database, as its own software says."""
    with engine.connect() as connection:
        return int(connection.execute(text(SIZE[engine.dialect.name])).scalar_one())


def measure(url: str, posts: int) -> tuple[str, float, float]:
    """The kind of store, bytes a stored post, bytes more once it is read."""
    engine = open_database(url)
    empty = size_of(engine)
    fill(engine, (each[:LENGTH] for each in islice(invented_posts(), posts)))
    with engine.begin() as connection:
        index_all(connection)
    tidy(engine)
    stored = size_of(engine)
    read_all(engine, Reader(load_models(), Segmenter(), PlaceFinder({}), unsure=0.5))
    tidy(engine)
    read = size_of(engine)
    kind = engine.dialect.name
    engine.dispose()
    return kind, (stored - empty) / posts, (read - stored) / posts


def main(arguments: Sequence[str]) -> None:
    posts = int(arguments[0]) if arguments else POSTS
    with tempfile.TemporaryDirectory() as folder:
        url = arguments[1] if len(arguments) > 1 else f"sqlite:///{folder}/size.db"
        kind, stored, read = measure(url, posts)
    table = Table("store", "posts", "bytes a post, stored", "more, once read", "MB a million posts")
    table.add_row(kind, f"{posts:,}", f"{stored:,.0f}", f"{read:,.0f}", f"{stored + read:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
