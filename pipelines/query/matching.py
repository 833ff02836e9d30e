"""Does a text match?  The meaning of the language; an index only finds what is worth asking."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pipelines.query.folding import fold_text, is_word_char
from pipelines.query.language import And, Field, Node, Not, Or, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A post as a query sees it: `text` (a first post's with its title) folded, `day` in the office's zone."""

    text: str
    source: str
    day: date
    places: Collection[str] = ()
    district: str | None = None
    category: str | None = None
    category_detail: str | None = None


def matches(node: Node, document: Document) -> bool:
    """Does the document match the query?"""
    match node:
        case Word():
            return contains(document.text, node.text)
        case Field():
            return _meets(node, document)
        case Not():
            return not matches(node.node, document)
        case And():
            return all(matches(each, document) for each in node.nodes)
        case Or():
            return any(matches(each, document) for each in node.nodes)


def contains(text: str, word: str) -> bool:
    """Does the folded text contain the word, whole where it begins or ends with a letter or digit?"""
    folded, open_left, open_right = _needle(word)
    at = text.find(folded)
    while at >= 0:
        end = at + len(folded)
        left = open_left or at == 0 or not is_word_char(text[at - 1])
        if left and (open_right or end == len(text) or not is_word_char(text[end])):
            return True
        at = text.find(folded, at + 1)
    return False


@lru_cache(maxsize=1024)
def _needle(word: str) -> tuple[str, bool, bool]:
    """The word folded, and whether anything may stand before and after it."""
    folded = fold_text(word)
    return folded, not is_word_char(folded[0]), not is_word_char(folded[-1])


def _meets(field: Field, document: Document) -> bool:
    match field.name:
        case "source":
            return document.source == field.value
        case "district":
            return document.district == field.value
        case "category":
            return field.value in (document.category, document.category_detail)
        case "from":
            return document.day >= date.fromisoformat(field.value)
        case "to":
            return document.day <= date.fromisoformat(field.value)
        case "place":
            place = fold_text(field.value)
            return contains(document.text, place) and any(
                place in fold_text(each) for each in document.places
            )
