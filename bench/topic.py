"""How long a topic's run takes over a history: `python -m bench.topic [SIZE …]`, on the stores of `bench.analyse`."""

import resource
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.analyse import SIZES, fill
from minyi.config import load_config
from minyi.runs import result_of
from minyi.topics import count_topic, run_topic
from minyi.workspace import Workspace
from pipelines.store.search import index_all

QUERIES = {
    "one story": "药铺 AND (拆 OR 重建) NOT 广告",
    "a common word": "路灯 OR 垃圾 OR 噪音",
    "a question": "什么时候",
}


def main() -> None:
    """Fill a store of each size and run each topic over all of it."""
    for size in [int(size) for size in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory(prefix="minyi-bench-") as folder:
            file = Path(folder) / "minyi.toml"
            file.write_text(
                f'data_dir = "{folder}/var"\n[office]\nname = "测试"\ncontact = "x@example.org"\n'
            )
            Console(width=120).print(measure(file, size))


def measure(file: Path, size: int) -> Table:
    """Seconds of one core for the count and the run, and what they found."""
    workspace = Workspace(load_config(file, {}), file)
    fill(workspace, size, SIZES.get(size, size // 15))
    with workspace.engine.begin() as connection:
        index_all(connection)
    table = Table("topic", "posts", "threads", "issues", "count", "run", title=f"Topics over {size:,} posts")
    for name, query in QUERIES.items():
        started = time.process_time()
        found = count_topic(workspace, query, staff="bench")
        counted = time.process_time()
        result = result_of(run_topic(workspace, query, staff="bench"))
        seconds = (f"{counted - started:.1f} s", f"{time.process_time() - counted:.1f} s")
        table.add_row(name, f"{found.posts:,}", f"{found.threads:,}", f"{len(result.issues):,}", *seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    table.caption = f"at most {peak:,} MB, filling included"
    workspace.close()
    return table


if __name__ == "__main__":
    main()
