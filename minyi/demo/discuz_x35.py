"""Discuz! X3.5: UTF-8, HTML5, rewritten addresses."""

CHARSET = "utf-8"
GENERATOR = "Discuz! X3.5"


def board_path(fid: int, page: int = 1) -> str:
    return f"forum-{fid}-{page}.html"


def thread_path(tid: int, page: int = 1, list_page: int = 1) -> str:
    """`list_page` is where the reader came from: the same thread has many addresses."""
    return f"thread-{tid}-{page}-{list_page}.html"


def space_path(uid: int) -> str:
    return f"space-uid-{uid}.html"
