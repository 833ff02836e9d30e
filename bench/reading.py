"""Speed of reading, on one core and in one run: `python -m bench.reading [MESSAGES.csv]`.

Without a file the posts are invented; with one (columns title, text) they are real.
"""

import csv
import os
import random
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipelines.mask import mask_text
from pipelines.places import PlaceFinder
from pipelines.reader import Document, Reader, load_models
from pipelines.segment import Segmenter

LENGTH = 350
POSTS = 2000
_SENTENCES = (
    "尊敬的领导您好，我是人民路阳光小区的业主。",
    "小区门口的路灯坏了半个月，晚上漆黑一片，老人孩子出门很不安全。",
    "多次向物业和社区反映，一直没有人来处理。",
    "对面工地夜间施工到凌晨两点，噪音严重扰民，孩子第二天还要上学。",
    "请问这条路什么时候能修好？希望相关部门给一个明确的答复。",
    "上次反映的垃圾清运问题已经解决，感谢城管同志的工作。",
    "建议在学校门口增设红绿灯和减速带。",
)


def posts_of(path: Path | None) -> list[str]:
    """2,000 civic posts of 350 characters."""
    draw = random.Random(0)
    if path is None:
        return ["".join(draw.choices(_SENTENCES, k=30))[:LENGTH] for _ in range(POSTS)]
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
    SnowNLP(few[0]).sentiments  # noqa: B018 loads its model
    works: list[tuple[str, Sequence[str], Callable[[], object]]] = [
        ("jieba", few, lambda: [jieba.lcut(post) for post in few]),
        ("our segmenter", posts, lambda: [segmenter.cut(post) for post in posts]),
        ("SnowNLP, sentiment alone", few[:40], lambda: [SnowNLP(post).sentiments for post in few[:40]]),
        ("our masking", posts, lambda: [mask_text(post) for post in posts]),
        ("our whole reading", posts, lambda: reader.read(documents)),
    ]
    return [(name, *_rates(some, seconds(work))) for name, some, work in works]


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
