"""Word lists: the ones shipped beside this file, and the user's own.

All were written for this project.  A list is one entry a line; `#` starts a comment.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipelines.encodings import decode_text

MAX_WORD = 32
# Of first characters: with fewer or many more a text takes longer.
_GROUPS = 8

_JIEBA_ENTRY = re.compile(r"(\S+)(?:\s+\d+)?(?:\s+[a-z]+)?")


class LexiconError(ValueError):
    """A lexicon file cannot be read; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words in file order, and what was left out: how often each reason applied."""

    words: tuple[str, ...]
    duplicates: int = 0
    too_long: int = 0
    unreadable: int = 0


def load_lexicon(path: Path) -> Lexicon:
    """Read a user lexicon: one word a line, plain or in jieba's `word freq tag` form.

    UTF-8, UTF-16 with a mark, or GB18030; any line ends.  Words over 32 characters,
    repeated ones and ones with control characters are left out and counted.
    """
    words: dict[str, None] = {}
    duplicates = too_long = unreadable = 0
    for line in _entries(_decode(path)):
        entry = _JIEBA_ENTRY.fullmatch(line)
        word = entry[1] if entry else line
        if len(word) > MAX_WORD:
            too_long += 1
        elif not word.isprintable():
            unreadable += 1
        elif word in words:
            duplicates += 1
        else:
            words[word] = None
    return Lexicon(tuple(words), duplicates, too_long, unreadable)


@cache
def shipped_list(name: str) -> tuple[str, ...]:
    """The entries of `lexicons/<name>.txt`, in file order."""
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(_entries(text))


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the words, the longest that begins at each point.

    Two classes of characters pass over most of a text before single words are tried, and those are tried by
    a class of first characters, then by the second: half the time of trying each first character in turn.
    """
    longest = sorted(words, key=lambda word: (-len(word), word))
    second = [_class(word[1] for word in longest if len(word) > 1)]
    second += [f"(?<={re.escape(word)})" for word in longest if len(word) == 1]
    begins = _class(word[0] for word in longest) + f"(?:{'|'.join(second)})"
    firsts = sorted({word[0] for word in longest})
    groups = [firsts[number::_GROUPS] for number in range(min(_GROUPS, len(firsts)))]
    whole = "|".join(_begun_by(group, longest) for group in groups)
    return re.compile(f"(?={begins})(?:{whole})")


def _begun_by(firsts: Sequence[str], longest: Sequence[str]) -> str:
    """A pattern of the words that begin with one of these characters, the longest first."""
    rests: dict[str, dict[str, list[str]]] = {}
    for word in longest:
        if word[0] in firsts and len(word) > 1:
            rests.setdefault(word[1], {}).setdefault(word[:2], []).append(re.escape(word[2:]))
    tried = [
        f"{re.escape(second)}(?:{'|'.join(_after(two, rest) for two, rest in begun.items())})"
        for second, begun in rests.items()
    ]
    alone = f"(?<={_class(word for word in longest if word in firsts)})"
    return f"{_class(firsts)}(?:{'|'.join([*tried, alone])})"


def _after(beginning: str, rests: Sequence[str]) -> str:
    return f"(?<={re.escape(beginning)})(?:{'|'.join(rests)})"


def where_one_begins(words: Iterable[str]) -> str:
    """A look-ahead for the first characters of words: before alternatives, it passes over most of a text."""
    return f"(?={_class(word[0] for word in words)})"


def _class(characters: Iterable[str]) -> str:
    """A class of characters; of none, what matches nowhere."""
    chosen = "".join(map(re.escape, sorted(set(characters))))
    return f"[{chosen}]" if chosen else "(?!)"


@cache
def stop_words() -> frozenset[str]:
    """Function words, white space apart: nothing a keyword may consist of."""
    return frozenset(word for line in shipped_list("stop_words") for word in line.split())


def _entries(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := raw.strip()) and not line.startswith("#")]


def _decode(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise LexiconError(f"读不了词表 {path}：{error.strerror}；请检查文件名和权限") from error
    try:
        return decode_text(raw)
    except UnicodeError as error:
        raise LexiconError(f"词表 {path} 不是文本，或编码不明；请另存为 UTF-8") from error
