"""What tells one way of reading from another: rules, models, lexicon, gazetteer, local layers.

Kept apart from the reader, whose models take seconds to load.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

# Raised whenever a rule or a list that is shipped, not a model, makes posts read otherwise:
# what was read before is read again.
RULES: Final = 5


def lexicon_hash(words: Iterable[str]) -> str:
    """A short name of a user lexicon, whatever its order."""
    known = frozenset(word.strip() for word in words) - {""}
    return hashlib.sha256("\n".join(sorted(known)).encode("utf-8", "replace")).hexdigest()[:16]


def reading_version(
    models: str, places: str, lexicon: str, gazetteer: Mapping[str, str], layers: Mapping[str, object]
) -> str:
    """The version under which readings are stored: any change in what was read with gives another."""
    own = repr((RULES, places, lexicon, sorted(gazetteer.items()), sorted(layers.items())))
    return f"{models}-{hashlib.sha256(own.encode('utf-8', 'replace')).hexdigest()[:12]}"


@cache
def masking_version() -> str:
    """A short name of what masks: its rules and the lists of names.

    Of the files themselves: a number that somebody forgets to raise would leave names in every store.
    """
    here = Path(__file__).parent
    lists = [here / "lexicons" / name for name in ("surnames.txt", "given.txt")]
    files = [*sorted((here / "mask").glob("*.py")), here / "script.py", *lists]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]
