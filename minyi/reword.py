"""Masking again what frozen results and issues hold of a text: pure, on what JSON holds."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from minyi.scrub import NAMES, plain_matter
from pipelines.mask import find_personal

# A name of two characters, or a surname, is part of other words as well.
_LEAST = 3

# Names of pages and of staff's own choice: only those of the configuration are nobody's.
_SAID = frozenset(("agency", "board", "place", "places", "topic", "query", "title", "text"))

Reword = Callable[[str], str]


def reword_from(texts: Iterable[str]) -> Reword | None:
    """What masks, in any text, what is personal in these: a title has lost the words that told a name.

    None where there is nothing to mask.
    """
    found: dict[str, str] = {}
    for text in texts:
        for span in find_personal(text):
            if span.end - span.start >= _LEAST:
                found[text[span.start : span.end]] = f"〔{span.kind}〕"
    longest_first = sorted(found.items(), key=lambda item: (-len(item[0]), item[0]))

    def reword(text: str) -> str:
        for secret, mask in longest_first:
            text = text.replace(secret, mask)
        return text

    return reword if found else None


def reword_results(results: Mapping[str, Any], reword: Reword) -> dict[str, Any]:
    """A run's results with what residents said masked; numbers stay as they were found.

    What may hold no mask goes: a quote, a demand, a keyword; an issue is called by its plain matter.
    """
    found: dict[str, Any] = _walk(results, "", reword)
    return found


def _walk(value: Any, key: str, reword: Reword) -> Any:
    match value:
        case str():
            return reword(value) if key in _SAID or (key not in NAMES and _is_said(value)) else value
        case list():
            walked = [(each, _walk(each, key, reword)) for each in value]
            return [after for before, after in walked if not _is_dropped(before, after, key)]
        case dict():
            fields = {name: _walk(each, name, reword) for name, each in value.items()}
            if "place" in value and fields.get("title") != value.get("title"):
                fields["title"] = plain_matter(fields)
            return fields
    return value


def _is_said(text: str) -> bool:
    """Whether somebody may have said it: hashes and times have no Hanzi, and no mask is looked for there."""
    return any(character >= "\u3400" for character in text)


def _is_dropped(before: Any, after: Any, key: str) -> bool:
    if before == after:
        return False
    if isinstance(before, str):
        return key in ("words", "places")
    if not isinstance(before, dict):
        return False
    quoted = "post_id" in before and "sentiment" in before
    return (quoted or "is_question" in before or "word" in before) and _words_of(before) != _words_of(after)


def _words_of(value: Mapping[str, Any]) -> tuple[Any, Any]:
    return value.get("text"), value.get("word")
