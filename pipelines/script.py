"""Traditional to simplified characters, for any string that Python can hold; and which are rare."""

import re
from functools import lru_cache

from opencc import OpenCC

# A class of a pattern: Hanzi so rare that they stand in names alone, 𠮷 or 㛃.
RARE_HANZI = "[\u3400-\u4dbf\u9fa6-\u9fff\U00020000-\U000323af]"
_CONVERT = OpenCC("t2s").convert
_SURROGATE = re.compile(r"[\ud800-\udfff]")


# Cleaning a text and taking its words ask for the same, one soon after the other.
@lru_cache(maxsize=4)
def simplify(text: str) -> str:
    """The text in simplified characters; a lone surrogate becomes the replacement character."""
    try:
        return str(_CONVERT(text))
    except UnicodeEncodeError:
        return str(_CONVERT(_SURROGATE.sub("\ufffd", text)))
