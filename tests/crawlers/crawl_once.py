"""One crawl in this process, as a store would see it: python -m tests.crawlers.crawl_once JOB.

The job's arguments are those of crawlers.run.crawl, and `reject` and `fail_at`: post keys at
which the sink drops an item, or breaks.  Keys go to JOB.jsonl as they come, all else to JOB.done.
"""

import json
import pickle
import sys
from pathlib import Path
from typing import Any

from crawlers.detect import check_source, detect_source
from crawlers.run import crawl


class Keeper:
    """A sink that writes down the keys of every item at once and keeps the items."""

    def __init__(self, file: Path, reject: str | None, fail_at: str | None) -> None:
        self.file, self.reject, self.fail_at = file, reject, fail_at
        self.items: list[Any] = []

    def take(self, item: Any) -> None:
        key = getattr(item, "post_key", None)
        if key is not None and key == self.reject:
            raise ValueError("test_reason")
        if key is not None and key == self.fail_at:
            raise RuntimeError("disk full")
        self.items.append(item)
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(
                json.dumps({"kind": type(item).__name__, "thread": item.thread_key, "post": key}) + "\n"
            )


def main(job: Path) -> None:
    source, arguments = pickle.loads(job.read_bytes())
    keeper = Keeper(job.with_suffix(".jsonl"), arguments.pop("reject", None), arguments.pop("fail_at", None))
    report = crawl(source, keeper.take, **arguments)
    job.with_suffix(".done").write_bytes(pickle.dumps((report, keeper.items)))


def look(job: Path) -> None:
    """detect_source of an address, or check_source of a source; the answer goes to JOB.done."""
    source, arguments = pickle.loads(job.read_bytes())
    if isinstance(source, str):
        found: Any = detect_source(source, **arguments)
    else:
        found = check_source(source, **arguments)
    job.with_suffix(".done").write_bytes(pickle.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
