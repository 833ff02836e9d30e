"""Segmentation, ours and jieba's, in one run on one core: `python -m bench.segment [MESSAGES.csv]`.

Without a file the posts are invented; with one (columns title, text) they are real.
"""

import csv
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.reading import posts_of
from pipelines.segment import Segmenter

ROUNDS = 5


def texts_of(path: Path | None) -> list[str]:
    """Title and body of each message; invented posts without a file."""
    if path is None:
        return posts_of(None)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [f"{row.get('title', '')}\n{row['text']}" for row in csv.DictReader(file)]


def seconds(segmenter: Segmenter, texts: Sequence[str]) -> float:
    """Processor time of one pass; each text's words are dropped at once, as in reading."""
    start = time.process_time()
    for text in texts:
        segmenter.cut(text)
    return time.process_time() - start


def agreement(ours: Segmenter, reference: Segmenter, texts: Sequence[str]) -> tuple[int, int, int]:
    """jieba's tokens, those of them that we cut at the same two places, and texts cut alike."""
    tokens = same = alike = 0
    for text in texts:
        theirs, mine = reference.cut(text), ours.cut(text)
        tokens += len(theirs)
        same += len(theirs) if theirs == mine else len(spans(theirs) & spans(mine))
        alike += theirs == mine
    return tokens, same, alike


def spans(tokens: Sequence[str]) -> set[tuple[int, int]]:
    """Start and end of each token."""
    found, start = set(), 0
    for token in tokens:
        found.add((start, start + len(token)))
        start += len(token)
    return found


def main() -> None:
    """Print one table: seconds and MB/s of both, the ratio, the agreement."""
    texts = texts_of(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    megabytes = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
    reference, ours = Segmenter(backend="jieba"), Segmenter()
    slow = min(seconds(reference, texts) for _ in range(2))
    fast = min(seconds(ours, texts) for _ in range(ROUNDS))
    tokens, same, alike = agreement(ours, reference, texts)

    table = Table(title=f"分词：{len(texts)} 篇，{megabytes:.1f} MB")
    for heading in ("", "秒", "MB/s", "倍数"):
        table.add_column(heading, justify="right" if heading else "left")
    table.add_row("jieba", f"{slow:.2f}", f"{megabytes / slow:.2f}", "1.0")
    table.add_row("Segmenter（rjieba）", f"{fast:.2f}", f"{megabytes / fast:.2f}", f"{slow / fast:.1f}")
    table.caption = f"与 jieba 逐词相同 {same / tokens:.4%}（{tokens} 词），整篇相同 {alike}/{len(texts)}；未对输入作任何归一"
    Console().print(table)


if __name__ == "__main__":
    main()
