"""Reading a store of many posts in constant memory: `python -m bench.volume [SIZE ...]`.

Each size (10,000 and 100,000 unless others are named; a million takes its time) is read by a
process of its own, from an SQLite store and back into it.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.invented import invented_posts
from bench.reading import fill, read_all
from pipelines.places import PlaceFinder
from pipelines.reader import Reader, load_models
from pipelines.segment import Segmenter
from pipelines.store import open_database

SIZES = (10_000, 100_000)


def measure(size: int) -> tuple[int, float, float]:
    """Posts read, seconds of reading, and the most memory held (MB)."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'volume.db'}")
        fill(engine, islice(invented_posts(), size))
        reader = Reader(load_models(), Segmenter(), PlaceFinder({}), unsure=0.5)
        start = time.perf_counter()
        done = read_all(engine, reader)
        seconds = time.perf_counter() - start
        engine.dispose()
    return done, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    table = Table("posts", "seconds", "posts/s", "peak memory, MB", title="Reading a store, writes included")
    for size in [int(argument) for argument in arguments] or SIZES:
        with get_context("spawn").Pool(1) as pool:
            done, seconds, megabytes = pool.apply(measure, (size,))
        table.add_row(f"{done:,}", f"{seconds:,.1f}", f"{done / seconds:,.0f}", f"{megabytes:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
