"""Taking somebody's words out of frozen results and staff's notes: pure, on what JSON holds."""

import re
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

PURGED = "按要求删除"
PURGED_TITLE = f"（{PURGED}）"
GONE_TITLE = "（原帖已不在论坛）"

# So many letters in a row are somebody's words; fewer are everybody's.
GRAM = 8
LEAST = 6

# Closed vocabularies and the offices' own names: a resident uses them too, and they say nothing of one.
NAMES = frozenset(
    {
        *("department", "departments", "place", "places", "district", "districts", "agency", "board"),
        *("category", "category_detail", "categories", "source", "sources", "name", "timezone", "kind"),
        *("model_version", "lexicon_hash", "config_hash", "heat_formula", "url", "key", "topic", "query"),
    }
)


class Passages:
    """Texts whose words may stand nowhere any more."""

    def __init__(self, texts: Iterable[str]) -> None:
        said = [squeezed for text in texts if (squeezed := _squeeze(text))]
        self.whole = frozenset(said)
        self.grams = frozenset(text[at : at + GRAM] for text in said for at in range(len(text) - GRAM + 1))
        self.short = [text for text in said if LEAST <= len(text) < GRAM]

    def redact(self, text: str, mark: str = PURGED_TITLE) -> str:
        """The text with `mark` wherever these words are repeated."""
        places = [at for at, letter in enumerate(text) if not letter.isspace()]
        squeezed = "".join(text[at] for at in places)
        if squeezed in self.whole:
            return mark
        for start, end in reversed(self._spans(squeezed)):
            text = text[: places[start]] + mark + text[places[end - 1] + 1 :]
        return text

    def hold(self, text: str) -> bool:
        """Whether these words say that, as a clause of a title does."""
        squeezed = _squeeze(text).rstrip("…")
        return len(squeezed) >= 2 and any(squeezed in whole for whole in self.whole)

    def _spans(self, squeezed: str) -> list[tuple[int, int]]:
        found = [
            (at, at + GRAM)
            for at in range(len(squeezed) - GRAM + 1)
            if squeezed[at : at + GRAM] in self.grams
        ]
        for short in self.short:
            found += [match.span() for match in re.finditer(re.escape(short), squeezed)]
        return _joined(sorted(found))


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@dataclass(frozen=True, slots=True)
class Scrubber:
    """Takes the posts `silent` and the words of `passages` out of a run; `purged`: at somebody's request."""

    silent: Set[int]
    passages: Passages
    purged: bool = True

    def results(self, results: Mapping[str, Any]) -> dict[str, Any]:
        """The results without them; numbers stay as they were found."""
        evidence = results.get("evidence", {})
        kept = [post for post in evidence.values() if post["post_id"] not in self.silent]
        said = [_squeeze(f"{post['title']}\n{post['text'] or ''}") for post in kept]
        found: dict[str, Any] = self._walk(results, "", said)
        return found

    def labels(self, labels: Mapping[str, Any]) -> dict[str, Any]:
        """What posts were read as, without these."""
        return {
            key: value for key, value in labels.items() if not key.isdecimal() or int(key) not in self.silent
        }

    def _walk(self, value: Any, key: str, said: Collection[str]) -> Any:
        match value:
            case str():
                return value if key in NAMES else self.passages.redact(value, self._mark)
            case list():
                walked = (self._walk(each, key, said) for each in value if not self._is_dropped(each))
                return list(walked)
            case dict() if "post_id" in value:
                return self._of_post(value, key, said)
            case dict():
                fields = {name: self._walk(each, name, said) for name, each in value.items()}
                return self._titled(value, fields, said)
        return value

    def _of_post(self, value: dict[str, Any], key: str, said: Collection[str]) -> dict[str, Any]:
        """A post as evidence, or an official reply; what others wrote stays as they wrote it."""
        if value["post_id"] not in self.silent:
            return value
        changes: dict[str, Any] = {}
        if "thread_id" in value:
            changes = {"text": None, "title": self._mark}
            if self.purged:
                changes |= {"url": "", "purged": True}
        elif "text" in value:
            changes = {"text": "", "rubric": None}
        return value | {name: change for name, change in changes.items() if name in value}

    def _is_dropped(self, value: Any) -> bool:
        """A quote of theirs, and a demand that nobody else makes in the same words."""
        if not isinstance(value, dict):
            return False
        if "sentiment" in value and value.get("post_id") in self.silent:
            return True
        if "is_question" not in value or not self._counts(value):
            return False
        return self._counts(value) <= self.silent or self.passages.hold(value["text"])

    def _counts(self, demand: Mapping[str, Any]) -> frozenset[int]:
        posts = frozenset(demand.get("count", {}).get("posts", ()))
        return posts if posts & self.silent else frozenset()

    def _titled(
        self, before: Mapping[str, Any], fields: dict[str, Any], said: Collection[str]
    ) -> dict[str, Any]:
        """An issue keeps its title where somebody who is still there says it too."""
        title = before.get("title")
        if not isinstance(title, str) or "place" not in before:
            return fields
        if not self.passages.hold(title) and fields["title"] == title:
            return fields
        if any(_squeeze(title) in each for each in said):
            return fields | {"title": title}
        return fields | {"title": plain_matter(before)}

    @property
    def _mark(self) -> str:
        return PURGED_TITLE if self.purged else GONE_TITLE


def plain_matter(issue: Mapping[str, Any]) -> str:
    """What a matter is called when the words of its title may no longer be used."""
    kind = issue.get("category_detail") or issue.get("category") or ""
    return f"{issue.get('place') or ''}{kind}事项"
