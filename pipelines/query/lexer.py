"""A query's tokens, of full or half width, with where they stand."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NoReturn

from pipelines.query.language import FIELDS, OPERATORS

Kind = Literal["word", "field", "open", "close", "and", "or", "not"]

_AUTHORS: Final = {
    *("author", "user", "username", "voice", "ip", "uid", "id", "作者", "楼主", "用户", "用户名", "网友"),
    *("发帖人", "昵称", "姓名", "账号", "电话", "手机", "手机号"),
}
_CLOSING: Final = {'"': '"', "＂": "＂", "“": "”", "”": "”", "„": "”", "‟": "”", "「": "」", "『": "』"}
_BRACKETS: Final[dict[str, Literal["open", "close"]]] = {
    "(": "open",
    "（": "open",
    ")": "close",
    "）": "close",
}
_BARE = re.compile(r"[^\s()（）\"“”„‟＂「」『』]+")
_NAME = re.compile(r"([^\W\d_]+)[:：]\s*")
_SEPARATOR = re.compile(r"(?<!\d)[，、；,;]|[，、；,;](?!\d)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class QueryError(ValueError):
    """A mistake in a query: what is wrong, and `position`, the character where it is."""

    def __init__(self, message: str, query: str, position: int) -> None:
        super().__init__(f"检索式第 {position + 1} 个字处：{message}")
        self.message = message
        self.query = query
        self.position = position

    @property
    def pointer(self) -> tuple[str, str]:
        """The line of the mistake, and a line with a caret below it."""
        start = self.query.rfind("\n", 0, self.position) + 1
        line = self.query[start:].split("\n", 1)[0]
        before = line[: self.position - start]
        return line, "".join("　" if _is_wide(char) else " " for char in before) + "^"


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is the word or a field's value, `field` the field's name as written."""

    kind: Kind
    position: int
    text: str = ""
    field: str = ""
    value_position: int = 0


class Lexer:
    """Cuts one query into tokens; QueryError where that cannot be."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def tokens(self) -> Iterator[Token]:
        while self._skip_spaces():
            start = self.position
            char = self.text[start]
            if char in _BRACKETS:
                self.position += 1
                yield Token(_BRACKETS[char], start)
            elif char in _CLOSING:
                yield Token("word", start, self._phrase())
            elif found := _NAME.match(self.text, start):
                yield self._field(found)
            else:
                yield self._bare(start)

    def _skip_spaces(self) -> bool:
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1
        return self.position < len(self.text)

    def _bare(self, start: int) -> Token:
        text = self._word()
        operator = OPERATORS.get(unicodedata.normalize("NFKC", text).casefold())
        return Token(operator, start) if operator else Token("word", start, text)  # type: ignore[arg-type]

    def _word(self) -> str:
        start = self.position
        found = _BARE.match(self.text, start)
        if found is None:
            self._fail("这里缺一个词", start)
        if separator := _SEPARATOR.search(found[0]):
            words = f"“{separator[0]}”不是运算符：都要出现就用空格，有一个就行用 OR，要查原文请加引号"
            self._fail(words, start + separator.start())
        self.position = found.end()
        return found[0]

    def _phrase(self) -> str:
        start = self.position
        closing = _CLOSING[self.text[start]]
        position = start + 1
        while position < len(self.text) and self.text[position] != closing:
            position += 2 if self.text[position] == "\\" else 1
        if position >= len(self.text):
            self._fail(f"这个引号没有配对的 {closing}", start)
        self.position = position + 1
        return _ESCAPED.sub(r"\1", self.text[start + 1 : position])

    def _field(self, found: re.Match[str]) -> Token:
        written, start = found[1], found.start()
        name = unicodedata.normalize("NFKC", written).casefold()
        if name in _AUTHORS:
            self._fail(f"没有“{written}”这个条件：民意只看事，不按人检索", start)
        if name not in FIELDS:
            known = "place 地点、district 区域、category 类别、source 来源、from 自、to 至"
            self._fail(f"不认识条件“{written}”；可用：{known}；要查原文请加引号", start)
        self.position = value_at = found.end()
        if value_at == len(self.text) or self.text[value_at] in _BRACKETS:
            self._fail(f"“{written}：”后面缺内容", value_at)
        value = self._phrase() if self.text[value_at] in _CLOSING else self._word()
        return Token("field", start, value, name, value_at)

    def _fail(self, message: str, position: int) -> NoReturn:
        raise QueryError(message, self.text, position)
