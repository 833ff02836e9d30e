"""Invented civic posts, and how varied they are: `python -m bench.invented`.

What was read is remembered here and there (words, clauses, whole sentences), so posts made of a few
sentences over and over would flatter a reader.  These come from many patterns with places, things,
times and numbers of their own: hardly a sentence comes twice.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

LENGTH = 350
POSTS = 2000
_FILE = Path(__file__).with_suffix(".txt")
_MARKS = "春夏秋冬梅兰竹菊江河湖海松柏云霞金银玉翠东南西北长永安宁和平丰乐福寿康泰石桥塘坝湾岭坪沙柳杨桂樟"
_ENDS = {
    "road": ("路", "街", "大道", "巷", "东路", "中街", "环路"),
    "estate": ("花园", "小区", "公寓", "家园", "苑", "里", "新村", "华府"),
    "village": ("村", "社区", "镇", "街道", "新区"),
}
_NUMBERS = {"n": 40, "month": 13, "day": 29, "bus": 900}
_SLOT = re.compile(r"\{([^{}]+)\}")  # the innermost
_SENTENCE = re.compile(r"[^。？！]+[。？！]")

Words = dict[str, list[str]]


def invented_posts(seed: int = 0) -> Iterator[str]:
    """Posts of 350 characters without end; none has a pattern twice."""
    draw = random.Random(seed)
    words, patterns = _read()
    fill = _filler(draw, words)
    while True:
        yield "".join(fill(pattern) for pattern in draw.sample(patterns, 25))[:LENGTH]


def _read() -> tuple[Words, list[str]]:
    lines = [line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    words = dict(line.split(" = ") for line in lines if " = " in line)
    return {name: listed.split() for name, listed in words.items()}, [x for x in lines if " = " not in x]


def _filler(draw: random.Random, words: Words) -> Callable[[str], str]:
    def filled(slot: re.Match[str]) -> str:
        name: str = slot[1]
        if name in _ENDS:
            return "".join(draw.sample(_MARKS, 2)) + draw.choice(_ENDS[name])
        if name in _NUMBERS:
            return str(draw.randrange(1, _NUMBERS[name]))
        return draw.choice(words.get(name) or name.split("|"))

    def fill(pattern: str) -> str:
        while "{" in pattern:
            pattern = _SLOT.sub(filled, pattern)
        return pattern

    return fill


def sentences_of(posts: Sequence[str]) -> list[str]:
    """Whole sentences; what the end of a post cuts off is none."""
    return [sentence for post in posts for sentence in _SENTENCE.findall(post)]


def main() -> None:
    """Print the table."""
    posts = list(islice(invented_posts(), POSTS))
    seen = Counter(sentences_of(posts))
    table = Table("posts", "characters a post", "sentences", "different ones", title="Invented posts")
    lengths = {len(post) for post in posts}
    table.add_row(
        f"{len(posts):,}", f"{min(lengths)}", f"{seen.total():,}", f"{len(seen) / seen.total():.1%}"
    )
    Console().print(table)


if __name__ == "__main__":
    main()
