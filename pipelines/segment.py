"""Words: one `Segmenter`, as jieba cuts them and some fifteen times as fast.

rjieba is the engine in production, jieba the reference.  The two differ in one thing:
rjieba keeps letters and digits joined by `-`, `.` or `_` together ("80-90", "www.a.cn"),
jieba splits them.  `cut` splits them as jieba does, so that the two agree token by token.
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Literal

import rjieba

from pipelines.lexicons import Lexicon, LexiconError, load_lexicon, stop_words
from pipelines.version import lexicon_hash

__all__ = ["Lexicon", "LexiconError", "Segmenter", "load_lexicon", "stop_words"]

Backend = Literal["rjieba", "jieba"]

_JOINED = re.compile(r"[A-Za-z0-9][-._][A-Za-z0-9]")
_WORD_OF_JIEBA = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CARRIERS = ("{}", "在{}附近", "反映{}的问题", "（{}）", "请问{}什么时候")


class Segmenter:
    """Cuts text into words; joining them gives the text back.

    `words` are the user's own (places, agencies, projects).  `lexicon_hash` tells one
    set of them from another, whatever their order.
    """

    def __init__(self, words: Iterable[str] = (), *, backend: Backend = "rjieba") -> None:
        self.words = frozenset(word.strip() for word in words) - {""}
        self.backend = backend
        self.lexicon_hash = lexicon_hash(self.words)
        self._cut = _rust(self.words) if backend == "rjieba" else _reference(self.words)

    def cut(self, text: str) -> list[str]:
        """The words of the text, white space and punctuation included."""
        try:
            return self._cut(text)
        except UnicodeEncodeError:
            return _same_lengths(self._cut(_SURROGATE.sub("\ufffd", text)), text)

    def ineffective(self) -> list[str]:
        """The user words that do not come out whole when used in a sentence, sorted."""
        return sorted(word for word in self.words if not self._takes_effect(word))

    def _takes_effect(self, word: str) -> bool:
        return all(word in self.cut(carrier.format(word)) for carrier in _CARRIERS)


def _same_lengths(tokens: list[str], text: str) -> list[str]:
    cut, start = [], 0
    for token in tokens:
        cut.append(text[start : start + len(token)])
        start += len(token)
    return cut


# A dictionary takes a tenth of a second to build; who opens an office again and again has few lexicons.
@lru_cache(maxsize=2)
def _rust(words: frozenset[str]) -> Callable[[str], list[str]]:
    engine = rjieba.Jieba()
    encodable = sorted(word for word in words if not _SURROGATE.search(word))
    for word in encodable:
        engine.add_word(word, None, None)
    joined_words = frozenset(word for word in encodable if _JOINED.search(word))

    def cut(text: str) -> list[str]:
        tokens: list[str] = engine.cut(text)
        if _JOINED.search(text) is None:
            return tokens
        joined = [place for place, token in enumerate(tokens) if len(token) > 2 and not token.isalnum()]
        for place in reversed(joined):
            tokens[place : place + 1] = _split_joined(tokens[place], joined_words)
        return tokens

    return cut


def _split_joined(token: str, joined_words: frozenset[str]) -> list[str]:
    if token in joined_words or _JOINED.search(token) is None:
        return [token]
    return [part for part in _WORD_OF_JIEBA.split(token) if part]


def _reference(words: frozenset[str]) -> Callable[[str], list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # jieba would leave its parsed dictionary in the temp folder; parsing it here writes nothing.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in sorted(words):
        tokenizer.add_word(word)

    def cut(text: str) -> list[str]:
        return list(tokenizer.cut(text))

    return cut
