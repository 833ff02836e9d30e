"""One find of personal data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Personal:
    """`kind` is what it is and what the mask says; `reason`, in Chinese, why it was taken for that."""

    kind: str
    start: int
    end: int
    reason: str
