"""From a query to conditions on posts: one that surely holds, and one that may hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, func, literal, not_, or_, text, true

from pipelines.query import And, Field, Node, Not, Or, Word, all_of, any_of
from pipelines.query.folding import ANYTHING, word_grams
from pipelines.query.language import leaves
from pipelines.schema import corrections, posts, readings, threads

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


_SYNTAX = {
    "sqlite": _Syntax(
        "SELECT rowid FROM post_grams WHERE post_grams MATCH {}", '"{}"', '"{}" *', " AND ", " OR ", " NOT "
    ),
    "postgresql": _Syntax(
        "SELECT post_id FROM post_grams WHERE grams @@ CAST({} AS tsquery)",
        "'{}'",
        "'{}':*",
        " & ",
        " | ",
        " & !",
    ),
}


def bounds(dialect: str, search: Search) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions on a post (with its thread and what was read of it): surely matches, may match."""
    surely, maybe = (_Bound(_SYNTAX[dialect], search, name) for name in ("surely", "maybe"))
    return surely.condition(search.node, False), maybe.condition(search.node, True)


@dataclass(frozen=True, slots=True)
class _Found:
    """A set of posts in the index's own words, or all others (`inverted`); None is the empty set."""

    lookup: str | None
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

    def condition(self, node: Node, loose: bool) -> ColumnElement[bool]:
        if all(isinstance(leaf, Word) for leaf in leaves(node)):
            return self._of_index(self._found(node, loose), loose)
        match node:
            case Field():
                return self._meets(node, loose)
            case Not():
                return not_(self.condition(node.node, not loose))
            case And():
                return and_(true(), *(self.condition(each, loose) for each in _grouped(node.nodes, all_of)))
            case Or():
                return or_(false(), *(self.condition(each, loose) for each in _grouped(node.nodes, any_of)))
            case Word():
                raise AssertionError("a word is looked up in the index")

    def _of_index(self, found: _Found, loose: bool) -> ColumnElement[bool]:
        """Texts that may hold anything are in no set of words, and belong to every set that is loose."""
        anything = self.syntax.gram.format(ANYTHING)
        lookups = [found.lookup] if found.lookup is not None else []
        if loose != found.inverted:
            lookups.append(anything)
        holds = self._looked_up(self.syntax.either.join(lookups)) if lookups else false()
        return not_(holds) if found.inverted else holds

    def _looked_up(self, lookup: str) -> ColumnElement[bool]:
        self.lookups += 1
        name = f"{self.prefix}_{self.lookups}"
        return posts.c.id.in_(text(self.syntax.select.format(f":{name}")).bindparams(**{name: lookup}))

    def _found(self, node: Node, loose: bool) -> _Found:
        """A query of words alone."""
        match node:
            case Word():
                return self._word(node.text, loose)
            case Not():
                return _inverse(self._found(node.node, not loose))
            case And():
                return self._all([self._found(each, loose) for each in node.nodes])
            case Or():
                return _inverse(self._all([_inverse(self._found(each, loose)) for each in node.nodes]))
            case Field():
                raise AssertionError("a condition is not in the index")

    def _word(self, word: str, loose: bool) -> _Found:
        whole, starts, exact = word_grams(word)
        if not exact and not loose:
            return _Found(None)
        grams = [*map(self.syntax.gram.format, whole), *map(self.syntax.start.format, starts)]
        return _Found(f"({self.syntax.both.join(grams)})")

    def _all(self, found: list[_Found]) -> _Found:
        inside = [each.lookup for each in found if not each.inverted]
        outside = [each.lookup for each in found if each.inverted and each.lookup is not None]
        if None in inside:
            return _Found(None)
        without = f"({self.syntax.either.join(outside)})" if outside else None
        if not inside:
            return _Found(without, inverted=True)
        both = f"({self.syntax.both.join(each for each in inside if each is not None)})"
        return _Found(f"({both}{self.syntax.without}{without})" if without else both)

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
                return self._of_index(self._word(value, loose), loose) if loose else false()

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.search.zone)

    def _district(self) -> ColumnElement[str | None]:
        own = {name: district for name, district in self.search.districts.items() if district}
        by_source = [(threads.c.source == name, literal(district)) for name, district in own.items()]
        return func.coalesce(readings.c.district, case(*by_source, else_=None) if by_source else None)


def _inverse(found: _Found) -> _Found:
    return _Found(found.lookup, not found.inverted)


def _grouped(nodes: Iterable[Node], join: object) -> list[Node]:
    """The nodes of words alone as one, so that the index joins them, and the others."""
    nodes = list(nodes)
    words = [node for node in nodes if all(isinstance(leaf, Word) for leaf in leaves(node))]
    others = [node for node in nodes if node not in words]
    return [*([join(*words)] if words else []), *others]  # type: ignore[operator]
