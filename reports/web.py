"""Which addresses may become links: of a page of the web, plainly written, and nothing else."""

import unicodedata
from urllib.parse import urlsplit

# Browsers, Word and mail drop or turn round such characters before they open an address, each in its own way.
_UNSEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


def is_web(url: str | None) -> bool:
    """Whether an address may become a link.

    Its scheme is http or https, in whatever letters, and its host is named: javascript: or file: of a hostile
    feed would be run or opened by the reader's browser, Word or mail.  No user name, which would pass
    for the host, no space or unseen character, and no backslash, which browsers read as a slash.
    """
    if url is None or "\\" in url or any(unicodedata.category(char) in _UNSEEN for char in url):
        return False
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False
    return parts.scheme in ("http", "https") and named and "@" not in parts.netloc
