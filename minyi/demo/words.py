"""How Discuz! writes times and typed smilies."""

import re
from datetime import datetime

from markupsafe import Markup, escape

from minyi.demo.timetable import SHANGHAI

_SMILIES = {
    ":)": (1, "smile"),
    ":(": (2, "sad"),
    ":D": (3, "biggrin"),
    ":'(": (4, "cry"),
    ":@": (5, "huffy"),
    ":o": (6, "shocked"),
    ":lol": (12, "lol"),
    ":funk:": (14, "funk"),
    ":victory:": (17, "victory"),
    ":handshake": (23, "handshake"),
}
_TYPED = re.compile("|".join(re.escape(code) for code in sorted(_SMILIES, key=len, reverse=True)))


def full_time(moment: datetime, *, seconds: bool = False) -> str:
    """As in `2026-3-9 08:05`: no zeros in the date."""
    local = moment.astimezone(SHANGHAI)
    return f"{_day(local)} {local:%H:%M:%S}" if seconds else f"{_day(local)} {local:%H:%M}"


def _day(local: datetime) -> str:
    return f"{local.year}-{local.month}-{local.day}"


def time_words(moment: datetime, now: datetime) -> str | None:
    """`3 小时前`, `昨天 08:05`, `5 天前`; None when the moment is a week or more ago."""
    local, today = moment.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    days = (today - local.date()).days
    if days < 1:
        return _words_today(int((now - moment).total_seconds()))
    if days < 3:
        return f"{'昨天' if days == 1 else '前天'}&nbsp;{local:%H:%M}"
    return f"{days}&nbsp;天前" if days < 8 else None


def _words_today(seconds: int) -> str:
    if seconds > 3600:
        return f"{seconds // 3600}&nbsp;小时前"
    if seconds > 1800:
        return "半小时前"
    if seconds > 60:
        return f"{seconds // 60}&nbsp;分钟前"
    return f"{seconds}&nbsp;秒前" if seconds > 0 else "刚刚"


def time_markup(moment: datetime, now: datetime, *, shown: str = "minutes") -> Markup:
    """A time as the pages show it; `shown` is what the exact form holds: day, minutes or seconds."""
    exact = (
        _day(moment.astimezone(SHANGHAI)) if shown == "day" else full_time(moment, seconds=shown == "seconds")
    )
    words = time_words(moment, now)
    return Markup(f'<span title="{exact}">{words}</span>' if words else exact)


def body_markup(text: str) -> Markup:
    """A post's text as HTML: line breaks kept, typed smilies as images."""
    html = str(escape(text).replace("\n", Markup("<br />\n")))
    return Markup(_TYPED.sub(_smiley, html.replace("&#39;", "'")))


def _smiley(found: re.Match[str]) -> str:
    number, name = _SMILIES[found[0]]
    return f'<img src="static/image/smiley/default/{name}.gif" smilieid="{number}" border="0" alt="" />'


def plain_text(text: str) -> str:
    """A post's text without smilies: what a reader of the body gets."""
    return _TYPED.sub("", text)
