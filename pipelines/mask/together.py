"""Texts that belong together, a title with its thread's posts: who is named in one is masked in all."""

import re
from collections.abc import Iterator, Mapping

from pipelines.mask.surnames import PLACE_FOLLOWS, is_usual_name

_LEAST_NUMBER = 5  # shorter ones, of doors, are parts of other numbers
_ONE_OF_MANY = re.compile(r"[某×＊*Xx〔〕]")  # 李某 tells itself wherever it stands


def is_telling(secret: str, kind: str) -> bool:
    """Whether what was found in one text can be found by itself in another."""
    if kind != "姓名":
        return len(secret) >= _LEAST_NUMBER
    return len(secret) >= 2 and not _ONE_OF_MANY.search(secret)


def mask_known(text: str, secrets: Mapping[str, str]) -> str:
    """The text with each of the secrets, which are given with their kinds, masked where it stands."""
    for secret, kind in sorted(secrets.items(), key=lambda item: (-len(item[0]), item[0])):
        for start in reversed(list(_places(text, secret))):
            text = f"{text[:start]}〔{kind}〕{text[start + len(secret) :]}"
    return text


def _places(text: str, secret: str) -> Iterator[int]:
    start = text.find(secret)
    while start >= 0:
        end = start + len(secret)
        if len(secret) > 2 or _is_name_here(text, start, end):
            yield start
        start = text.find(secret, end)


def _is_name_here(text: str, start: int, end: int) -> bool:
    """Two characters are part of other words as well: 高明 stands in 高明区."""
    name = text[start:end]
    if PLACE_FOLLOWS.match(text, end) or text[end : end + 1] in ("区", "省", "州"):
        return False
    return name[0] in "老小阿" or is_usual_name(name, text[start : end + 2])


def is_masked_from(masked: str, text: str) -> bool:
    """Whether the one is the other, masked further."""
    if "〔" not in masked or masked == text:
        return False
    parts = (re.escape(part) for part in re.split("〔[^〕]*〕", masked))
    return re.fullmatch("(?s:.+?)".join(parts), text) is not None
