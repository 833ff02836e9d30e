"""Which charset a page is in, whatever it claims."""

import re

from scrapy.http import TextResponse
from w3lib.encoding import resolve_encoding

_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE)
# So few bytes outside ASCII may look like UTF-8 by chance (联通 in GBK does).
_CHANCE = 12


def decode_page(response: TextResponse, override: str | None = None) -> tuple[str, int]:
    """The charset to read a page with, and how many places it cannot be read at."""
    body = response.body
    if override:
        encoding = _known(override) or "utf-8"
        return encoding, _errors(body, encoding)
    claims = _claims(response)
    if not _errors(body, "utf-8") and (claims[:1] in ([], ["utf-8"]) or _beyond_ascii(body) >= _CHANCE):
        return "utf-8", 0
    candidates = dict.fromkeys([*claims, "gb18030", "utf-8"])
    best = min(candidates, key=lambda encoding: _errors(body, encoding))
    return best, _errors(body, best)


def _claims(response: TextResponse) -> list[str]:
    """What the header, then the markup says.  Single-byte claims are defaults, not statements."""
    header = response._headers_encoding()
    found = _DECLARED.search(response.body[:2048])
    claims = [header, _known(found[1].decode("ascii")) if found else None]
    return [claim for claim in claims if claim and not claim.startswith(("cp125", "iso8859", "ascii"))]


def _known(name: str) -> str | None:
    """The superset to decode with: gb2312 and gbk are read as gb18030."""
    encoding = resolve_encoding(name)
    return "gb18030" if encoding in ("gbk", "gb2312") else encoding


def _beyond_ascii(body: bytes) -> int:
    return len(body) - len(body.decode("ascii", "ignore"))


def _errors(body: bytes, encoding: str) -> int:
    return body.decode(encoding, "replace").count("\ufffd") - body.count(b"\xef\xbf\xbd")
