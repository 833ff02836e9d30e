"""How long, and in how much memory, one day is analysed onto a history: `python bench/analyse.py`.

The posts are the demo town's, written again with other names for its places and other
words among theirs, over 92 days.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from analysis.run import KnownIssues, Settings, analyse
from minyi.demo.town import build_town, town_places
from pipelines.dedupe import text_hash

SIZES = (10_000, 100_000)
DAYS = 92
LAST = date(2026, 11, 22)
MARKS = "春夏秋冬梅兰竹菊江河湖海松柏云霞金银玉翠东南西北长永安宁和平丰乐福寿康泰"


def main() -> None:
    """Measure each size in a process of its own, so that memory is its own too."""
    table = Table(title=f"One day onto {DAYS - 1} days, one core")
    for heading in ("posts", "threads", "first run", "a day later", "memory"):
        table.add_column(heading, justify="right")
    for size in SIZES:
        done = subprocess.run([sys.executable, __file__, str(size)], capture_output=True, check=True)
        found = json.loads(done.stdout)
        seconds = (f"{found[name]:.1f} s" for name in ("first", "later"))
        table.add_row(f"{size:,}", f"{found['threads']:,}", *seconds, f"{found['megabytes']:,} MB")
    Console().print(table)


def measure(size: int) -> dict[str, float]:
    """Seconds of a first run over all posts and of the day after it, and the peak of memory."""
    posts = write_posts(size, Random(size))
    midnight = pd.Timestamp(LAST, tz="Asia/Shanghai")
    before = posts[posts["dated_at"] < midnight]
    started = time.perf_counter()
    first = _analyse(before, KnownIssues(), LAST - timedelta(days=1))
    between = time.perf_counter()
    known = KnownIssues(threads=first.issue_threads, next_id=max(first.issue_threads.values()) + 1)
    _analyse(posts, known, LAST)
    return {
        "first": between - started,
        "later": time.perf_counter() - between,
        "threads": posts["thread_id"].nunique(),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _analyse(posts: pd.DataFrame, known: KnownIssues, day: date) -> Any:
    return analyse(posts, known, Settings(), kind="daily", first_day=day, last_day=day, sources=())


def write_posts(size: int, dice: Random) -> pd.DataFrame:
    """So many posts with readings, over the days before the last."""
    rows: list[dict[str, Any]] = []
    thread = 0
    while len(rows) < size:
        places = {key: "".join(dice.sample(MARKS, 2)) + name[-2:] for key, name in town_places().items()}
        town = build_town(dice.randrange(10**6), LAST, places=places)
        for script in (script for site in town.sites for script in site.threads):
            thread += 1
            opened = datetime.combine(LAST, datetime.min.time(), UTC) - timedelta(
                hours=dice.uniform(-15, 24 * (DAYS - 1))
            )
            for floor, post in enumerate(script.posts):
                written = opened + timedelta(minutes=7 * floor)
                rows.append(_row(len(rows), thread, script.title, post.text, written, floor, dice))
    return pd.DataFrame(rows[:size])


def _row(
    number: int, thread: int, title: str, text: str, at: datetime, floor: int, dice: Random
) -> dict[str, Any]:
    negative = dice.random()
    return {
        "post_id": number,
        "thread_id": thread,
        "source": "bench",
        "board": "民生",
        "title": title,
        "text": text,
        "url": f"https://forum.example/{number}",
        "dated_at": pd.Timestamp(at),
        "seen_at": pd.Timestamp(at),
        "is_first": floor == 0,
        "hidden": None,
        "voice": str(number % 97),
        "agency": None,
        "text_hash": text_hash(f"{text}{number if len(text) > 40 else ''}"),
        "sentiment": "neg" if negative > 0.5 else "neu",
        "p_neg": negative,
        "intent": dice.choice(("投诉", "咨询", "其他")),
        "category": dice.choice(("城乡建设", "环境保护", "交通运输")),
        "p_category": 0.9,
        "category_detail": None,
        "district": dice.choice(("古城街道", "北岭镇", None)),
        "places": (),
        "spam": False,
        "source_district": None,
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()
