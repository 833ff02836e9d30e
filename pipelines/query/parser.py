"""From what staff write to a query, or to the place of the mistake.

query   = either
either  = both { OR both }
both    = negated { [AND] negated }
negated = { NOT } (word | "phrase" | field:value | "(" either ")")
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Final, NoReturn

from pipelines.query.folding import fold_text
from pipelines.query.language import (
    FIELDS,
    And,
    Field,
    FieldName,
    Node,
    Not,
    Or,
    Word,
    all_of,
    any_of,
    leaves,
)
from pipelines.query.lexer import Lexer, QueryError, Token

LONGEST_QUERY: Final = 4000
MOST_LEAVES: Final = 300
DEEPEST: Final = 20

# Field -> what may be written for it -> its value.  Fields that are not here take anything.
Choices = Mapping[FieldName, Mapping[str, str]]

__all__ = ["Choices", "QueryError", "parse_query"]


def parse_query(text: str, choices: Choices | None = None) -> Node:
    """The query; QueryError with the position of the first mistake."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"检索式太长（{len(text)} 字），最多 {LONGEST_QUERY} 字", text, LONGEST_QUERY)
    return _Parser(text, choices or {}).parse()


class _Parser:
    """One reading of one query."""

    def __init__(self, text: str, choices: Choices) -> None:
        self.text = text
        self.choices = choices
        self.tokens = list(Lexer(text).tokens())
        self.next = 0
        self.depth = 0

    def parse(self) -> Node:
        if not self.tokens:
            self._fail("检索式是空的，请至少写一个词", 0)
        node = self._either()
        if self.next < len(self.tokens):
            self._fail("多了一个右括号", self.tokens[self.next].position)
        if sum(1 for _ in leaves(node)) > MOST_LEAVES:
            self._fail(f"词太多，最多 {MOST_LEAVES} 个；请拆成几个专题", 0)
        if not _is_grounded(node):
            self._fail(_UNGROUNDED, self._ungrounded_at())
        return node

    def _either(self) -> Node:
        nodes = [self._both()]
        while self._takes("or"):
            nodes.append(self._both())
        return any_of(*nodes)

    def _both(self) -> Node:
        nodes = [self._negated()]
        while self._kind() not in ("", "or", "close"):
            self._takes("and")
            nodes.append(self._negated())
        return all_of(*nodes)

    def _negated(self) -> Node:
        if not self._takes("not"):
            return self._single()
        self._deeper()
        node = Not(self._negated())
        self.depth -= 1
        return node

    def _single(self) -> Node:
        if self.next == len(self.tokens):
            self._fail("后面缺一个词", len(self.text))
        token = self.tokens[self.next]
        self.next += 1
        match token.kind:
            case "open":
                return self._bracketed(token)
            case "word":
                return self._word(token)
            case "field":
                return self._field(token)
        return self._missing(token)

    def _missing(self, token: Token) -> NoReturn:
        if token.kind == "close":
            self._fail("括号里是空的，或运算符后面缺一个词", token.position)
        self._fail(f"{token.kind.upper()} 前面缺一个词；要查这个字本身请加引号", token.position)

    def _bracketed(self, opened: Token) -> Node:
        self._deeper()
        node = self._either()
        if not self._takes("close"):
            self._fail("这个括号没有配对的右括号", opened.position)
        self.depth -= 1
        return node

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self._fail(f"括号和 NOT 套得太深，最多 {DEEPEST} 层", self.tokens[self.next - 1].position)

    def _word(self, token: Token) -> Word:
        if not any(char.isalnum() for char in fold_text(token.text)):
            self._fail("这里没有可以查的字（标点和表情查不了）", token.position)
        return Word(token.text)

    def _field(self, token: Token) -> Field:
        name = FIELDS[token.field]
        if name in ("from", "to"):
            return Field(name, self._day(token))
        choices = self.choices.get(name)
        if choices is not None and token.text not in choices:
            known = "、".join(dict.fromkeys(choices)) or "（还没有配置）"
            self._fail(f"{token.field} 没有“{token.text}”；可写：{known}", token.value_position)
        if name == "place" and not any(char.isalnum() for char in fold_text(token.text)):
            self._fail("这里没有可以查的地名", token.value_position)
        return Field(name, choices[token.text] if choices is not None else token.text)

    def _day(self, token: Token) -> str:
        day = _read_day(unicodedata.normalize("NFKC", token.text))
        if day is None:
            self._fail(f"看不懂日期“{token.text}”，请写成 2026-11-22 的样子", token.value_position)
        return day.isoformat()

    def _kind(self) -> str:
        return self.tokens[self.next].kind if self.next < len(self.tokens) else ""

    def _takes(self, kind: str) -> bool:
        if self._kind() != kind:
            return False
        self.next += 1
        return True

    def _ungrounded_at(self) -> int:
        return next((token.position for token in self.tokens if token.kind == "not"), self.tokens[0].position)

    def _fail(self, message: str, position: int) -> NoReturn:
        raise QueryError(message, self.text, position)


# No forum is older than 1900, and the first day of all cannot be told in UTC.
_DAY = re.compile(r"((?:19|2\d)\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def _read_day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:  # the 31st of February
        return None


_UNGROUNDED = (
    "只有排除、来源或日期，会把几乎所有帖子都算进来；请写明要找什么："
    "至少一个词、地点、区域或类别（OR 的每一边都要有）"
)


def _is_grounded(node: Node, wanted: bool = True) -> bool:
    """Does every post that matches contain something the query names?  `wanted` turns round below a NOT."""
    match node:
        case Word():
            return wanted
        case Field():
            return wanted and node.name in ("place", "district", "category")
        case Not():
            return _is_grounded(node.node, not wanted)
        case And() | Or():
            join = any if isinstance(node, And) == wanted else all
            return join(_is_grounded(each, wanted) for each in node.nodes)
