"""What a parser makes of a saved page, as plain JSON: fields without a value are left out."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from parsel import Selector

from crawlers.pages import Page
from crawlers.spiders import discuz, govcms, phpwind, rss, selectors, xiuno
from crawlers.times import When

ZONE = ZoneInfo("Asia/Shanghai")

Case = dict[str, Any]
Parser = Callable[[Page], Any]


def show_case(engine: str, case: Case, markup: str) -> Any:
    """Parse a saved page by its engine and kind, with the clock the case names."""
    selector = rss.as_xml(markup) if engine == "rss" else Selector(markup)
    seen_at = datetime.fromisoformat(case["fetched_at"])
    page = Page("demo", case["url"], selector, seen_at, ZONE)
    return show(parser(engine, case)(page))


def parser(engine: str, case: Case) -> Parser:
    if engine == "selectors":
        parse = selectors.parse_list if case["kind"] == "list" else selectors.parse_thread
        return partial(parse, places=case["selectors"])
    return PARSERS[engine][case["kind"]]


PARSERS: dict[str, dict[str, Parser]] = {
    "discuz": {"board": discuz.parse_board, "list": discuz.parse_list, "thread": discuz.parse_thread},
    "xiuno": {"board": xiuno.parse_board, "list": xiuno.parse_list, "thread": xiuno.parse_thread},
    "phpwind": {"board": phpwind.parse_board, "list": phpwind.parse_list, "thread": phpwind.parse_thread},
    "govcms": {"list": govcms.parse_list, "thread": govcms.parse_article},
    "rss": {"feed": rss.parse_feed},
}


def show(value: Any) -> Any:
    """Dataclasses as dicts, times in Shanghai, an interval as a pair."""
    if isinstance(value, When):
        return show(value.exact) if value.exact else [show(value.after), show(value.before)]
    if isinstance(value, datetime):
        return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
    if is_dataclass(value):
        shown = {field.name: getattr(value, field.name) for field in fields(value)}
        return {
            name: show(part)
            for name, part in shown.items()
            if part not in (None, (), "") and part is not False
        }
    if isinstance(value, tuple):
        return [show(part) for part in value]
    return value
