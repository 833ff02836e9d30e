"""What `minyi doctor` says of one thing it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, what was found, and what to do."""

    name: str
    well: bool
    words: str
    remedy: str = ""
