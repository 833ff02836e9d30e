"""Style, script and icon: the same for everyone, and nothing of the office's."""

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

router = APIRouter()

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
# A changed style may take five minutes to be seen.
_CACHED = {"Cache-Control": "max-age=300"}


@router.get("/static/{name}")
def show_file(name: str) -> Response:
    content = _load(name)
    if content is None:
        raise HTTPException(404)
    return Response(content, media_type=_TYPES[name.rsplit(".", 1)[-1]], headers=_CACHED)


@cache
def _load(name: str) -> str | None:
    if name == "tokens.css":
        return _tokens()
    known = {file.name: file for file in files("minyi.portal").joinpath("static").iterdir()}
    return known[name].read_text(encoding="utf-8") if name in known else None


def _tokens() -> str:
    """The colours and fonts of the briefs: what stands in their style sheet before its first plain rule."""
    style = files("reports").joinpath("templates/brief.css").read_text(encoding="utf-8")
    return style[: style.index("\n* {") + 1]
