"""When two addresses lead to the same page."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

# Parameters that say how a page is shown or came to be shared, not which page it is.
_SHOWN = re.compile(
    r"page|extra|from|mobile|highlight|ordertype|authorid|goto|isappinstalled|nsukey|spm|fbclid|(?:utm|share)\w*",
    re.IGNORECASE,
)

# A place in a page that is a post of its own (`#pid71`), unlike `#top`.
_POST = re.compile(r"[a-z]*[-_]?\d+", re.IGNORECASE)


def same_page(url: str) -> str | None:
    """Equal for addresses of one page, whatever their scheme or way of showing; None for a whole site.

    A post of a page is told from the page; what is no web address stands for itself.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https"):
        return url
    path = parts.path.rstrip("/")
    asked = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _SHOWN.fullmatch(pair[0])
    )
    if not path and not asked:
        return None
    post = f"#{parts.fragment}" if _POST.fullmatch(parts.fragment) else ""
    return f"{host}{port}{path}?{urlencode(asked)}{post}"
