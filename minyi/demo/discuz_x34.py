"""Discuz! X3.4: GBK, XHTML, dynamic addresses."""

CHARSET = "gbk"
GENERATOR = "Discuz! X3.4"


def board_path(fid: int, page: int = 1) -> str:
    return f"forum.php?mod=forumdisplay&fid={fid}" + (f"&page={page}" if page > 1 else "")


def thread_path(tid: int, page: int = 1, list_page: int = 1) -> str:
    """`list_page` is where the reader came from: the same thread has many addresses."""
    path = f"forum.php?mod=viewthread&tid={tid}&extra=page%3D{list_page}"
    return path + (f"&page={page}" if page > 1 else "")


def space_path(uid: int) -> str:
    return f"home.php?mod=space&uid={uid}"
