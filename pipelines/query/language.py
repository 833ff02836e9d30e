"""What a query is made of, and how it is written back."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

FieldName = Literal["source", "place", "district", "category", "from", "to"]

# What may be written for a field, besides its own name.
FIELDS: Final[dict[str, FieldName]] = {
    "source": "source",
    "来源": "source",
    "place": "place",
    "地点": "place",
    "地名": "place",
    "district": "district",
    "区域": "district",
    "片区": "district",
    "辖区": "district",
    "category": "category",
    "类别": "category",
    "from": "from",
    "since": "from",
    "自": "from",
    "起": "from",
    "to": "to",
    "until": "to",
    "至": "to",
    "止": "to",
}
OPERATORS: Final = {"and": "and", "与": "and", "or": "or", "或": "or", "not": "not", "非": "not"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase that stands in the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A condition on the post: `from` and `to` are days in ISO form, both counted."""

    name: FieldName
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    node: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """Two nodes or more, none of them an And."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two nodes or more, none of them an Or."""

    nodes: tuple["Node", ...]


Node = Word | Field | Not | And | Or


def all_of(*nodes: Node) -> Node:
    """Every one of them; nested Ands become one."""
    flat = [each for node in nodes for each in (node.nodes if isinstance(node, And) else (node,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(*nodes: Node) -> Node:
    """At least one of them; nested Ors become one."""
    flat = [each for node in nodes for each in (node.nodes if isinstance(node, Or) else (node,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def leaves(node: Node) -> Iterator[Word | Field]:
    """The words and conditions of a query."""
    match node:
        case Word() | Field():
            yield node
        case Not():
            yield from leaves(node.node)
        case And() | Or():
            for each in node.nodes:
                yield from leaves(each)


def format_query(node: Node) -> str:
    """The query as text that reads back as the same query."""
    match node:
        case Word():
            return _quoted(node.text)
        case Field():
            return f"{node.name}:{_quoted(node.value)}"
        case Not():
            return f"NOT {_inside(node.node)}"
        case And():
            return " ".join(
                _inside(each) if isinstance(each, Or) else format_query(each) for each in node.nodes
            )
        case Or():
            return " OR ".join(format_query(each) for each in node.nodes)


def _inside(node: Node) -> str:
    return f"({format_query(node)})" if isinstance(node, And | Or) else format_query(node)


# Without anything that has a meaning in a query, or is refused outside quotes.
_PLAIN = re.compile(r"[^\s()（）\"“”„‟＂「」『』:：，、；,;\\]+")


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and unicodedata.normalize("NFKC", text).casefold() not in OPERATORS:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
