"""Answers an address of a forum: rewritten or dynamic, the page, a redirect or a message."""

import re
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import parse_qsl, urlsplit

from minyi.demo import pages
from minyi.demo.engine import Engine
from minyi.demo.forum import POSTS_A_PAGE, Forum

_REWRITTEN = (
    (re.compile(r"/forum-(?P<fid>\d+)-(?P<page>\d+)\.html"), "forumdisplay"),
    (re.compile(r"/thread-(?P<tid>\d+)-(?P<page>\d+)-(?P<list>\d+)\.html"), "viewthread"),
    (re.compile(r"/space-uid-(?P<uid>\d+)\.html"), "space"),
)
_NO_THREAD = "抱歉，指定的主题不存在或已被删除或正在被审核"
_NO_BOARD = "抱歉，指定的版块不存在"

_SMILEY = """\
<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle cx="10" cy="10" r="9" fill="#f5c542"/>
<path d="M6 12q4 4 8 0M7 7v1M13 7v1" stroke="#7a5410" stroke-width="1.5" fill="none"/></svg>
"""

ROBOTS = """\
#
# robots.txt for Discuz! X3
#

User-agent: *
Allow: /data/attachment/
Allow: /data/cache/
Disallow: /api/
Disallow: /data/
Disallow: /source/
Disallow: /template/
Disallow: /uc_server/
Disallow: /search.php
Disallow: /member.php
Disallow: /misc.php
Disallow: /forum.php?mod=redirect*
Disallow: /forum.php?mod=post*
Disallow: /home.php?mod=spacecp*
Disallow: /*?mod=misc*
Disallow: /*?mod=attachment*
Disallow: /*mobile=yes*
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: text with its type, or a redirect to `location`."""

    text: str = ""
    status: int = 200
    kind: str = "text/html"
    location: str | None = None


def answer(forum: Forum, engine: Engine, base: str, target: str) -> Answer:
    """The answer to a GET of `target`; `base` is the site's address with a slash at the end."""
    path = urlsplit(target).path
    if path == "/robots.txt":
        return Answer(ROBOTS, kind="text/plain")
    if path == "/data/cache/style_1_common.css":
        css = (files("minyi.demo") / "templates" / "style.css").read_text("utf-8")
        return Answer(css, kind="text/css")
    if path.startswith("/static/image/smiley/"):
        return Answer(_SMILEY, kind="image/svg+xml")
    kind, values = _what(target)
    match kind:
        case "index":
            return Answer(pages.index_page(forum, engine, base))
        case "forumdisplay":
            return _board(forum, engine, base, values)
        case "viewthread":
            return _thread(forum, engine, base, values)
        case "redirect":
            return _redirect(forum, engine, base, values)
        case "space":
            return Answer(pages.space_page(forum, engine, base, _number(values, "uid", 0)))
    return Answer(pages.message_page(forum, engine, base, "抱歉，您访问的页面不存在"), 404)


def _what(target: str) -> tuple[str | None, dict[str, str]]:
    """The kind of page an address asks for, and its parameters."""
    parts = urlsplit(target)
    for pattern, kind in _REWRITTEN:
        if found := pattern.fullmatch(parts.path):
            return kind, found.groupdict()
    values = dict(parse_qsl(parts.query))
    if parts.path == "/home.php":
        return "space", values
    if parts.path in {"/", "/forum.php", "/index.php"}:
        return values.get("mod", "index"), values
    return None, {}


def _board(forum: Forum, engine: Engine, base: str, values: dict[str, str]) -> Answer:
    board = forum.board(_number(values, "fid", 0))
    if board is None:
        return Answer(pages.message_page(forum, engine, base, _NO_BOARD))
    page = forum.list_page(board, _number(values, "page", 1))
    return Answer(pages.list_page(forum, engine, base, page))


def _thread(forum: Forum, engine: Engine, base: str, values: dict[str, str]) -> Answer:
    thread = forum.thread(_number(values, "tid", 0))
    if thread is None:
        return Answer(pages.message_page(forum, engine, base, _NO_THREAD), 404)
    came_from = int(values.get("list") or _number({"page": values.get("extra", "")[5:]}, "page", 1))
    page = forum.post_page(thread, _number(values, "page", 1))
    if forum.redirects(page):
        number = f"&page={page.number}" if page.number > 1 else ""
        return Answer(status=302, location=f"{base}forum.php?mod=viewthread&tid={thread.tid}{number}")
    return Answer(pages.thread_page(forum, engine, base, page, came_from))


def _redirect(forum: Forum, engine: Engine, base: str, values: dict[str, str]) -> Answer:
    """`goto=findpost` and `goto=lastpost`: to the page the post is on."""
    thread = forum.thread(_number(values, "ptid", 0) or _number(values, "tid", 0))
    if thread is None:
        return Answer(pages.message_page(forum, engine, base, _NO_THREAD), 404)
    last = thread.posts[-1].pid
    pid = last if values.get("goto") == "lastpost" else _number(values, "pid", last)
    floor = next((post.floor for post in thread.posts if post.pid == pid), None)
    if floor is None:
        return Answer(pages.message_page(forum, engine, base, "没有找到帖子"))
    page = (floor - 1) // POSTS_A_PAGE + 1
    place = f"{base}forum.php?mod=viewthread&tid={thread.tid}&page={page}#pid{pid}"
    return Answer(status=301, location=place)


def _number(values: dict[str, str], name: str, default: int) -> int:
    text = values.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else default
