"""Traditional to simplified characters, for any string that Python can hold."""

import re

from opencc import OpenCC

_CONVERT = OpenCC("t2s").convert
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def simplify(text: str) -> str:
    """The text in simplified characters; a lone surrogate becomes the replacement character."""
    try:
        return str(_CONVERT(text))
    except UnicodeEncodeError:
        return str(_CONVERT(_SURROGATE.sub("\ufffd", text)))
