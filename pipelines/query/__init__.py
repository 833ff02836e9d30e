"""The language of topics: boolean queries that staff write, read, write back and evaluate."""

from pipelines.query.folding import fold_text
from pipelines.query.language import And, Field, Node, Not, Or, Word, all_of, any_of, format_query
from pipelines.query.matching import Document, matches
from pipelines.query.parser import Choices, QueryError, parse_query

__all__ = [
    "And",
    "Choices",
    "Document",
    "Field",
    "Node",
    "Not",
    "Or",
    "QueryError",
    "Word",
    "all_of",
    "any_of",
    "fold_text",
    "format_query",
    "matches",
    "parse_query",
]
