"""Personal data, found and masked before anything is stored.

Numbers (numbers.py) are judged by shape, check digit and the words before them, other
marks (labels.py) by form or label, names (names.py) by the words around them.  A mask says what was
there, 〔手机号〕, and nothing else of the text changes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.mask.accounts import find_accounts
from pipelines.mask.digits import fold_digits, without_item_numbers
from pipelines.mask.labels import find_labelled
from pipelines.mask.names import find_names
from pipelines.mask.numbers import find_numbers
from pipelines.mask.personal import Personal
from pipelines.mask.together import TOKEN, is_masked_from, is_telling, mask_known

__all__ = [
    "Personal",
    "find_personal",
    "is_masked_from",
    "mask_known",
    "mask_telling",
    "mask_text",
    "mask_together",
]

_PASSES = 4
_UNSEEN = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20e3\ufe0f\ufeff]")


def find_personal(text: str, *, note: bool = False) -> list[Personal]:
    """What is personal in the text, in order and without overlaps; in a `note` of staff short names need no cue."""
    if "〔" in text:
        # A mask must not serve as the label ("手机号") of what stands after it.
        text = TOKEN.sub(lambda token: "〓" * len(token[0]), text)
    found = _find(text, note)
    if _UNSEEN.search(text):
        found += _find_unseen(text, note)
    return _without_overlaps(found)


def _find(text: str, note: bool) -> list[Personal]:
    folded = fold_digits(text)
    numbers = [*find_numbers(folded), *find_labelled(folded), *find_accounts(folded)]
    if folded != text and (unnumbered := without_item_numbers(text)) != text:
        numbers += find_numbers(fold_digits(unnumbered))
    return [*numbers, *find_names(text, numbers, note=note)]


def _find_unseen(text: str, note: bool) -> list[Personal]:
    """What is found once the characters nobody sees are taken out, at its places in the text."""
    places = [place for place, character in enumerate(text) if not _UNSEEN.match(character)]
    spans = _find(_UNSEEN.sub("", text), note)
    return [replace(span, start=places[span.start], end=places[span.end - 1] + 1) for span in spans]


def mask_text(text: str, *, note: bool = False) -> str:
    """The text with each personal span replaced by a token such as 〔手机号〕; a `note` is of staff."""
    return mask_telling(text, note=note)[0]


def mask_telling(text: str, *, note: bool = False) -> tuple[str, dict[str, str]]:
    """The masked text, and what of it must not stand in texts beside it either, with its kind."""
    secrets: dict[str, str] = {}
    for _ in range(_PASSES):
        spans = find_personal(text, note=note)
        if not spans:
            break
        found = ((text[span.start : span.end], span.kind) for span in spans)
        secrets |= {secret: kind for secret, kind in found if is_telling(secret, kind)}
        text = _replace(text, spans)
    return text, secrets


def mask_together(texts: Sequence[str]) -> list[str]:
    """Texts of one thread or row, masked in one view: who is named in one is masked in all."""
    masked = [mask_telling(text) for text in texts]
    secrets = {secret: kind for _, found in masked for secret, kind in found.items()}
    return [mask_known(text, secrets) for text, _ in masked]


def _replace(text: str, spans: list[Personal]) -> str:
    parts, end = [], 0
    for span in spans:
        parts += [text[end : span.start], f"〔{span.kind}〕"]
        end = span.end
    return "".join([*parts, text[end:]])


def _without_overlaps(spans: list[Personal]) -> list[Personal]:
    kept: list[Personal] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
