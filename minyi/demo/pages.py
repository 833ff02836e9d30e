"""Renders a forum's pages with the markup of its Discuz! version."""

from datetime import datetime
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from minyi.demo.engine import Engine
from minyi.demo.forum import POSTS_A_PAGE, Forum, PostPage, ThreadPage
from minyi.demo.model import Board, Post, Thread
from minyi.demo.words import body_markup, full_time, time_markup

_FLOORS = {1: "楼主", 2: "沙发", 3: "板凳", 4: "地板"}
_QUOTE_LENGTH = 80

_templates = Environment(
    loader=PackageLoader("minyi.demo"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(body=body_markup, full_time=full_time, floors=_FLOORS)


def index_page(forum: Forum, engine: Engine, base: str) -> str:
    """The boards with their counts and latest threads."""
    threads = forum.threads()
    boards = [_board_line(board, threads, forum.clock()) for board in forum.site.boards]
    return _render("index.html.j2", forum, engine, base, boards=boards)


def _board_line(board: Board, threads: list[Thread], now: datetime) -> dict[str, Any]:
    own = [thread for thread in threads if thread.fid == board.fid]
    today = sum(post.posted_at.date() == now.date() for thread in own for post in thread.posts)
    return {
        "board": board,
        "threads": len(own),
        "posts": sum(len(thread.posts) for thread in own),
        "today": today,
        "latest": max(own, key=lambda thread: thread.posts[-1].posted_at, default=None),
    }


def list_page(forum: Forum, engine: Engine, base: str, page: ThreadPage) -> str:
    """A page of a board."""
    link = partial(engine.board_path, page.board.fid)
    return _render(
        "forumdisplay.html.j2", forum, engine, base, page=page, link=link, posts_a_page=POSTS_A_PAGE
    )


def thread_page(forum: Forum, engine: Engine, base: str, page: PostPage, list_number: int) -> str:
    """A page of a thread."""
    quoted = {post.pid: post for post in page.thread.posts}

    def link(number: int) -> str:
        return engine.thread_path(page.thread.tid, number, list_number)

    return _render(
        "viewthread.html.j2",
        forum,
        engine,
        base,
        page=page,
        thread=page.thread,
        link=link,
        board=forum.board(page.thread.fid),
        quoted=quoted,
        replies=_replies(page.thread),
    )


def _replies(thread: Thread) -> int:
    return sum(not post.deleted for post in thread.posts[1:])


def message_page(forum: Forum, engine: Engine, base: str, message: str) -> str:
    """What Discuz! says instead of a page."""
    return _render("message.html.j2", forum, engine, base, message=message)


def space_page(forum: Forum, engine: Engine, base: str, uid: int) -> str:
    """A member's page: there as on real sites, for crawlers to leave alone."""
    return message_page(forum, engine, base, f"用户 {uid} 的个人资料，请登录后查看")


def quote_text(post: Post) -> str:
    """The beginning of a quoted post, cut as Discuz! cuts it."""
    text = post.text.replace("\n", " ")
    return text if len(text) <= _QUOTE_LENGTH else f"{text[:_QUOTE_LENGTH]} ..."


def _render(name: str, forum: Forum, engine: Engine, base: str, **values: Any) -> str:
    now = forum.clock()
    return _templates.get_template(name).render(
        engine=engine,
        site=forum.site,
        base=base,
        when=lambda moment, shown="minutes": time_markup(moment, now, shown=shown),
        replies_of=_replies,
        quote_text=quote_text,
        **values,
    )
