"""How long, and in how much memory, one day is analysed onto a history: `python -m bench.analyse [SIZE …]`.

Each size is a store of its own in a temporary folder: the demo town's posts, written again
with other names for its places and a few words of their own, over 80 days, grouped already;
then a day of a fifteenth of that (a tenth onto a million).  The day is analysed as
`minyi analyse` does it, in a process of its own, so that memory is its own too.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from minyi.config import load_config
from minyi.demo.town import build_town, town_places
from minyi.runs import run_analysis
from minyi.workspace import Workspace
from pipelines.dedupe import text_hash
from pipelines.schema import issue_threads, issues, posts, readings, threads

SIZES = {10_000: 1_000, 100_000: 7_000, 300_000: 20_000, 1_000_000: 100_000}
DAYS = 80
LAST = date(2026, 11, 22)
MIDNIGHT = datetime(2026, 11, 21, 16, tzinfo=UTC)  # of the last day, in China
TOWNS = 12
PHASES = {
    "load": ("minyi.runs", "posts_frame"),
    "columns": ("analysis.run", "read_posts"),
    "threads": ("analysis.groups", "read_threads"),
    "group": ("analysis.issues", "IssueGrouper.fit"),
    "name": ("analysis.titles", "name_issue"),
    "describe": ("analysis.run", "list_issues"),
    "save": ("minyi.runs", "save_issues"),
}
_MARKS = "春夏秋冬梅兰竹菊江河湖海松柏云霞金银玉翠东南西北长永安宁和平丰乐福寿康泰"
_WORDS = "天地人心水火土木日月星辰风雨雷电山川花草鸟兽虫鱼书画琴棋诗酒茶米油盐酱醋布衣车船桥路门窗"
_BATCH = 5_000

Row = dict[str, Any]


def main() -> None:
    """Fill a store of each size and measure the day in a child process."""
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    first: tuple[int, float] | None = None
    names = ("total", *PHASES)
    table = Table(
        "history",
        "day",
        "threads",
        *names,
        "memory",
        title="One day onto a history, seconds of one processor",
    )
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="minyi-bench-") as folder:
            file = Path(folder) / "minyi.toml"
            file.write_text(
                f'data_dir = "{folder}/var"\n[office]\nname = "测试"\ncontact = "x@example.org"\n'
            )
            opened = fill(_workspace(file), size, SIZES.get(size, size // 15))
            done = subprocess.run([sys.executable, "-m", "bench.analyse", str(file)], capture_output=True)
            if done.returncode:
                sys.exit(done.stderr.decode())
        found = json.loads(done.stdout)
        seconds = (f"{found[name]:.1f} s" for name in names)
        first = first or (size, found["total"])
        table.caption = (
            f"{size / first[0]:,.0f} times the history takes {found['total'] / first[1]:,.0f} times as long"
        )
        table.add_row(
            f"{size:,}",
            f"{SIZES.get(size, size // 15):,}",
            f"{opened:,}",
            *seconds,
            f"{found['memory']:,} MB",
        )
    Console(width=140).print(table)


def _workspace(file: Path) -> Workspace:
    return Workspace(config=load_config(file, {}), file=file)


def measure(file: Path) -> dict[str, float]:
    """Processor seconds in all and by phase, and the peak of memory."""
    spent: Counter[str] = Counter()
    for phase, (module, name) in PHASES.items():
        _time(module, name, phase, spent)
    started = time.process_time()
    run_analysis(_workspace(file), LAST, LAST)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"total": time.process_time() - started, **{name: spent[name] for name in PHASES}, "memory": peak}


def _time(module: str, name: str, phase: str, spent: Counter[str]) -> None:
    """Count the processor seconds that a function or method takes."""
    owner: Any = import_module(module)
    *path, last = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    whole: Callable[..., Any] = getattr(owner, last)

    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.process_time()
        try:
            return whole(*arguments, **named)
        finally:
            spent[phase] += time.process_time() - started  # type: ignore[assignment]

    setattr(owner, last, timed)


def fill(workspace: Workspace, history: int, day: int) -> int:
    """Store so many posts of the days before, in issues, and of the day itself; how many threads there are."""
    with workspace.engine.begin() as connection:
        opened, written = 0, write_threads(history, day, workspace.reading_version)
        while batch := list(islice(written, _BATCH)):
            opened += len(batch)
            for table in (threads, issues, issue_threads, posts, readings):
                if rows := [row for thread in batch for row in thread.get(table.name, ())]:
                    connection.execute(insert(table), rows)
    return opened


def write_threads(history: int, day: int, version: str) -> Iterator[dict[str, list[Row]]]:
    """The rows of each thread, by table, until there are so many posts; those of the day have no issue."""
    dice = Random(history)
    towns = [_texts(number) for number in range(TOWNS)]
    numbers, matters, written = count(1), count(1), 0
    for copy in count():
        if written >= history + day:
            return
        names = {name: "".join(dice.sample(_MARKS, 2)) + name[-2:] for name in town_places().values()}
        renamed = re.compile("|".join(sorted(names, key=len, reverse=True)))
        issue_of: dict[str, int] = {}
        for line, title, texts in towns[copy % TOWNS]:
            own = [_rename(text, renamed, names) for text in (title, *texts)]
            new = written >= history
            written += len(texts)
            at = MIDNIGHT + timedelta(hours=dice.uniform(0, 20) if new else -dice.uniform(24, 24 * DAYS))
            rows = _rows(next(numbers), own[0], own[1:], at, version, dice)
            if not new:
                _keep(rows, line, issue_of, matters, own[0], at)
            yield rows


def _rename(text: str, places: re.Pattern[str], names: dict[str, str]) -> str:
    return places.sub(lambda found: names[found[0]], text)


def _texts(seed: int) -> list[tuple[str, str, Sequence[str]]]:
    """Line, title and posts of each thread of a town."""
    return [
        (thread.line, thread.title, [post.text for post in thread.posts])
        for site in build_town(seed, LAST).sites
        for thread in site.threads
    ]


def _rows(
    thread: int, title: str, texts: Sequence[str], at: datetime, version: str, dice: Random
) -> dict[str, list[Row]]:
    said = [
        f"{text}{''.join(dice.choices(_WORDS, k=60 if floor == 0 else 8))}。"
        for floor, text in enumerate(texts)
    ]
    url = f"https://forum.example/{thread}"
    opened = {"id": thread, "source": "bench", "thread_key": str(thread), "url": url, "title": title}
    seen = {"first_seen_at": at, "last_seen_at": at}
    return {
        "threads": [opened | seen],
        "posts": [
            _post(thread, floor, text, at + timedelta(minutes=floor)) for floor, text in enumerate(said)
        ],
        "readings": [
            _reading(thread * 1000 + floor, text, at, version, dice) for floor, text in enumerate(said)
        ],
    }


def _post(thread: int, floor: int, text: str, at: datetime) -> Row:
    return {
        "id": thread * 1000 + floor,
        "thread_id": thread,
        "post_key": str(floor),
        "url": f"https://forum.example/{thread}#{floor}",
        "text": text,
        "text_hash": text_hash(text),
        "floor": floor,
        "is_first": floor == 0,
        "voice": f"{thread % 977:x}{floor}",
        "posted_at": at,
        "seen_at": at,
        "dated_at": at,
    }


def _reading(post: int, text: str, at: datetime, version: str, dice: Random) -> Row:
    negative = round(dice.random(), 4)
    return {
        "post_id": post,
        "model_version": version,
        "text_hash": text_hash(text),
        "sentiment": "neg" if negative > 0.5 else "neu",
        "p_neg": negative,
        "p_neu": 1 - negative,
        "p_pos": 0.0,
        "intent": dice.choice(("投诉", "咨询", "其他")),
        "p_intent": 0.9,
        "category": dice.choice(("城乡建设", "环境保护", "交通运输")),
        "p_category": 0.9,
        "district": dice.choice(("古城街道", "北岭镇", None)),
        "places": [],
        "tokens": " ".join(text[place : place + 2] for place in range(0, len(text), 2)),
        "spam": False,
        "read_at": at,
    }


def _keep(
    rows: dict[str, list[Row]],
    line: str,
    issue_of: dict[str, int],
    matters: Iterator[int],
    title: str,
    at: datetime,
) -> None:
    """Give a thread of the days before its issue: the story's, or its own."""
    thread = rows["threads"][0]["id"]
    story = line if line in _STORIES else f"{line}{thread}"
    if story not in issue_of:
        issue_of[story] = next(matters)
        times = {"first_post_at": at, "first_seen_at": at}
        rows["issues"] = [{"id": issue_of[story], "title": title} | times]
    rows["issue_threads"] = [{"thread_id": thread, "issue_id": issue_of[story], "joined_at": at}]


_STORIES = frozenset({"lamp", "machines", "pharmacy", "afterschool", "litter", "parking"})


if __name__ == "__main__":
    if len(sys.argv) == 2 and sys.argv[1].endswith(".toml"):
        print(json.dumps(measure(Path(sys.argv[1]))))
    else:
        main()
