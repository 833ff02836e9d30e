"""What staff write, before it is stored: on one line, masked, not too long."""

from minyi.errors import InputError
from pipelines.mask import mask_text

LONGEST = 2000


def staff_words(text: str | None, most: int = LONGEST) -> str | None:
    """The masked text; None for nothing, InputError for more than `most` characters."""
    words = " ".join(mask_text((text or "").replace("\x00", ""), note=True).split())
    if len(words) > most:
        raise InputError(f"文字太长：{len(words)} 字，最多 {most} 字")
    return words or None
