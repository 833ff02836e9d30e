"""From a query to conditions on posts: one that surely holds, and one that may hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, func, literal, not_, or_, text, true

from pipelines.query import And, Field, Node, Not, Or, Word, all_of, any_of, fold_text
from pipelines.query.folding import ANYTHING, is_word_char, word_grams
from pipelines.query.language import leaves
from pipelines.schema import corrections, posts, readings, threads

_MOST_FOUND = 6  # words; a database is slow at looking for more in every text

# What a person said goes before what a model read.
CATEGORY = func.coalesce(corrections.c.label, readings.c.category)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A query, and what its conditions mean in this office: zone, readings, the sources' own districts."""

    node: Node
    zone: ZoneInfo
    model_version: str
    districts: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How a database writes lookups in its index of grams."""

    select: str
    gram: str
    start: str
    both: str
    either: str
    without: str
    find: Callable[[ColumnElement[str], str], ColumnElement[int]]


_SYNTAX = {
    "sqlite": _Syntax(
        "SELECT rowid FROM post_grams WHERE post_grams MATCH {}",
        '"{}"',
        '"{}" *',
        " AND ",
        " OR ",
        " NOT ",
        func.instr,
    ),
    "postgresql": _Syntax(
        "SELECT post_id FROM post_grams WHERE grams @@ CAST({} AS tsquery)",
        "'{}'",
        "'{}':*",
        " & ",
        " | ",
        " & !",
        func.strpos,
    ),
}


def bounds(dialect: str, search: Search) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions on a post (with its thread and what was read of it): may match; and surely does, if it may."""
    syntax = _SYNTAX[dialect]
    maybe = _Bound(syntax, search, "maybe").condition(search.node, True)
    surely = _Bound(syntax, search, "surely")
    if all(
        (isinstance(leaf, Field) and leaf.name != "place") or _is_exact(leaf) for leaf in leaves(search.node)
    ):
        return maybe, not_(surely.looked_up(syntax.gram.format(ANYTHING)))
    return maybe, surely.condition(search.node, False)


def _is_exact(leaf: Word | Field) -> bool:
    """Does the index say all there is to say about it?"""
    return isinstance(leaf, Word) and word_grams(leaf.text)[2]


@dataclass(frozen=True, slots=True)
class _Found:
    """A set of posts in the index's own words, or all others (`inverted`)."""

    lookup: str
    inverted: bool = False


class _Bound:
    """One of the two conditions; its parameters' names begin with `prefix`.

    `loose` says how a word counts that the index is not sure of; it turns round below a NOT.
    """

    def __init__(self, syntax: _Syntax, search: Search, prefix: str) -> None:
        self.syntax = syntax
        self.search = search
        self.prefix = prefix
        self.lookups = 0
        unsure = [leaf for leaf in leaves(search.node) if not _is_exact(leaf)]
        self.finds = len(unsure) <= _MOST_FOUND

    def condition(self, node: Node, loose: bool) -> ColumnElement[bool]:
        if _is_lookup(node, loose):
            return self._of_index(self._found(node, loose), loose)
        match node:
            case Word():
                return self._stands_as_written(node.text)
            case Field():
                return self._meets(node, loose)
            case Not():
                return not_(self.condition(node.node, not loose))
            case And():
                return and_(true(), *(self.condition(each, loose) for each in self._grouped(node, loose)))
            case Or():
                return or_(false(), *(self.condition(each, loose) for each in self._grouped(node, loose)))

    def _grouped(self, node: And | Or, loose: bool) -> list[Node]:
        """What the index can look up at once as one, and the others."""
        lookups = [each for each in node.nodes if _is_lookup(each, loose)]
        others = [each for each in node.nodes if not _is_lookup(each, loose)]
        join = all_of if isinstance(node, And) else any_of
        return [*([join(*lookups)] if lookups else []), *others]

    def _stands_as_written(self, word: str) -> ColumnElement[bool]:
        """The very characters are there: more than enough, unless more letters or digits may follow them."""
        folded = fold_text(word)
        if not self.finds or is_word_char(folded[0]) or is_word_char(folded[-1]):
            return false()
        here, above = (self.syntax.find(column, word) > 0 for column in (posts.c.text, threads.c.title))
        return or_(here, and_(posts.c.is_first, above))

    def _of_index(self, found: _Found, loose: bool) -> ColumnElement[bool]:
        """Texts that may hold anything are in no set of words, and belong to every set that is loose."""
        lookup = found.lookup
        if loose != found.inverted:
            lookup = self.syntax.either.join((lookup, self.syntax.gram.format(ANYTHING)))
        holds = self.looked_up(lookup)
        return not_(holds) if found.inverted else holds

    def looked_up(self, lookup: str) -> ColumnElement[bool]:
        self.lookups += 1
        name = f"{self.prefix}_{self.lookups}"
        return posts.c.id.in_(text(self.syntax.select.format(f":{name}")).bindparams(**{name: lookup}))

    def _found(self, node: Node, loose: bool) -> _Found:
        """A query of words alone."""
        match node:
            case Word():
                return self._word(node.text)
            case Not():
                return _inverse(self._found(node.node, not loose))
            case And():
                return self._all([self._found(each, loose) for each in node.nodes])
            case Or():
                return _inverse(self._all([_inverse(self._found(each, loose)) for each in node.nodes]))
            case Field():
                raise AssertionError("a condition is not in the index")

    def _word(self, word: str) -> _Found:
        whole, starts, _ = word_grams(word)
        grams = [*map(self.syntax.gram.format, whole), *map(self.syntax.start.format, starts)]
        return _Found(f"({self.syntax.both.join(grams)})")

    def _all(self, found: list[_Found]) -> _Found:
        inside = [each.lookup for each in found if not each.inverted]
        outside = [each.lookup for each in found if each.inverted]
        without = f"({self.syntax.either.join(outside)})"
        if not inside:
            return _Found(without, inverted=True)
        both = f"({self.syntax.both.join(inside)})"
        return _Found(f"({both}{self.syntax.without}{without})" if outside else both)

    def _meets(self, condition: Field, loose: bool) -> ColumnElement[bool]:
        value = condition.value
        match condition.name:
            case "source":
                return threads.c.source == value
            case "district":
                return self._district().is_not_distinct_from(value)
            case "category":
                return or_(
                    CATEGORY.is_not_distinct_from(value),
                    readings.c.category_detail.is_not_distinct_from(value),
                )
            case "from":
                return posts.c.dated_at >= self._midnight(date.fromisoformat(value))
            case "to":
                return posts.c.dated_at < self._midnight(date.fromisoformat(value) + timedelta(days=1))
            case "place":
                return self._of_index(self._word(value), loose) if loose else false()

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.search.zone)

    def _district(self) -> ColumnElement[str | None]:
        own = {name: district for name, district in self.search.districts.items() if district}
        by_source = [(threads.c.source == name, literal(district)) for name, district in own.items()]
        return func.coalesce(readings.c.district, case(*by_source, else_=None) if by_source else None)


def _inverse(found: _Found) -> _Found:
    return _Found(found.lookup, not found.inverted)


def _is_lookup(node: Node, loose: bool) -> bool:
    """Can the index alone answer it, that way?"""
    match node:
        case Word():
            return loose or _is_exact(node)
        case Field():
            return False
        case Not():
            return _is_lookup(node.node, not loose)
        case And() | Or():
            return all(_is_lookup(each, loose) for each in node.nodes)
