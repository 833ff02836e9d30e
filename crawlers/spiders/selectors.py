"""Home-made forums: CSS selectors in the configuration say where everything is.

On a list: `rows`, and in a row `link`, `title`, `replies`, `views`, `created`, `last`; `next`.
In a thread: `posts`, and in a post `key`, `author`, `time`, `body`, `quote`; `drop` (noise in a
body), `thread_title`, `board`, `thread_next`.  `::text` and `::attr(name)` may end a selector.
`thread_key` is a regular expression whose first group is the thread's number in its address.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from cssselect import SelectorError
from parsel import Selector, SelectorList
from scrapy import Request
from scrapy.http import Response

from crawlers.items import Post
from crawlers.markup import Drop, body_text, is_hidden, number, plain, words
from crawlers.pages import BoardLink, ListPage, Notice, Page, ThreadPage, ThreadRow, dated
from crawlers.spiders.forum import ForumSpider, Parsers

Places = Mapping[str, str]

REQUIRED = ("rows", "link", "posts", "time", "body")
OPTIONAL = (
    *("title", "replies", "views", "created", "last", "next", "thread_key"),
    *("key", "author", "quote", "drop", "thread_title", "board", "thread_next"),
)
KEPT_PAGES = 3
_KEY = r"(\d+)(?!.*\d)"


class SelectorsError(ValueError):
    """The selectors of a source are incomplete or wrong; the message says which and how to mend it."""


def check_selectors(places: Places) -> None:
    """SelectorsError for a selector that is missing, unknown or no CSS."""
    if missing := [name for name in REQUIRED if name not in places]:
        raise SelectorsError(f"selectors 缺少 {'、'.join(missing)}")
    if unknown := [name for name in places if name not in REQUIRED + OPTIONAL]:
        raise SelectorsError(
            f"selectors 里不认识 {'、'.join(unknown)}，可用的有 {'、'.join(REQUIRED + OPTIONAL)}"
        )
    for name, css in places.items():
        if name != "thread_key":
            _check_css(name, css)


def _check_css(name: str, css: str) -> None:
    try:
        Selector("<html></html>").css(css)
    except (SelectorError, ValueError) as error:
        raise SelectorsError(f"selectors 的 {name} = {css!r} 不是有效的 CSS 选择器（{error}）") from error


def find(place: Selector | SelectorList[Selector], places: Places, name: str) -> SelectorList[Selector]:
    """What a named selector finds in a place; nothing where none is configured."""
    css = places.get(name)
    return place.css(css) if css else SelectorList([])


def read(place: Selector | SelectorList[Selector], places: Places, name: str) -> str:
    """The text, or the attribute, that a named selector finds."""
    found = find(place, places, name)
    return plain(found.get("")) if "::" in places.get(name, "") else words(found)


def parse_list(page: Page, places: Places) -> ListPage:
    """A page of a list, in the page's order."""
    rows = tuple(
        row for line in find(page.selector, places, "rows") if (row := _parse_row(line, page, places))
    )
    return ListPage(rows=rows, next_url=_link(page, places, "next"))


def _parse_row(line: Selector, page: Page, places: Places) -> ThreadRow | None:
    href = find(line, places, "link").xpath("@href").get()
    if not href:
        return None
    url = page.join(href)
    created = page.time(read(line, places, "created"))
    return ThreadRow(
        key=thread_key(url, places),
        url=url,
        title=read(line, places, "title") or read(line, places, "link"),
        replies=number(read(line, places, "replies")),
        views=number(read(line, places, "views")),
        created=created,
        last=page.time(read(line, places, "last")) or created,
    )


def thread_key(url: str, places: Places) -> str:
    """The thread's number in its address; the address itself where there is none."""
    found = re.search(places.get("thread_key", _KEY), url.partition("#")[0])
    return found[1] if found and found.groups() else url


def parse_thread(page: Page, places: Places) -> ThreadPage:
    """A page of a thread; the page number is the walk's business."""
    posts = find(page.selector, places, "posts")
    return ThreadPage(
        posts=tuple(_parse_post(post, index, page, places) for index, post in enumerate(posts)),
        title=read(page.selector, places, "thread_title") or None,
        board=read(page.selector, places, "board") or None,
        next_url=_link(page, places, "thread_next"),
    )


def _parse_post(post: Selector, index: int, page: Page, places: Places) -> Post:
    body = find(post, places, "body")
    drop = _noise(post, places)
    key = read(post, places, "key") or post.attrib.get("id", "") or f"{page.url}#{index}"
    return Post(
        source=page.source,
        thread_key="",
        post_key=key,
        url=page.url,
        text="\n".join(body_text(part.root, drop) for part in body),
        is_first=index == 0,
        author=read(post, places, "author") or None,
        **dated(page.time(read(post, places, "time"))),
    )


def _noise(post: Selector, places: Places) -> Drop:
    """Drops what the selectors `drop` and `quote` find in a post."""
    noise = {found.root for name in ("drop", "quote") for found in find(post, places, name)}
    return lambda element: element in noise or is_hidden(element)


def _link(page: Page, places: Places, name: str) -> str | None:
    href = find(page.selector, places, name).xpath("@href").get()
    return page.join(href) if href and not href.startswith(("javascript", "#")) else None


def no_notice(page: Page) -> Notice | None:
    """A home-made forum's messages are unknown."""
    return None


def explain_selectors(pages: Iterable[Page], places: Places) -> Iterator[tuple[str, bool, str]]:
    """Each selector, whether it found anything on any of the pages, and the first thing it found."""
    pages = list(pages)
    for name, css in places.items():
        if name == "thread_key":
            continue
        found = [
            plain(found.get("")) if "::" in css else words(found)
            for page in pages
            if (found := page.selector.css(css))
        ]
        yield f"选择器 {name}", bool(found), found[0][:40] if found else f"{css} 什么也没有找到"


class SelectorsSpider(ForumSpider):
    """A forum described by selectors; its boards are addresses of lists."""

    name = "selectors"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        places = self.source.selectors
        check_selectors(places)
        self.looked: list[Page] = []
        self.parsers = Parsers(
            lambda _: (),
            partial(parse_list, places=places),
            partial(parse_thread, places=places),
            no_notice,
        )

    def page(self, response: Response) -> Page | None:
        page = super().page(response)
        if page:
            self.looked.append(page)
            del self.looked[KEPT_PAGES:]
        return page

    def findings(self) -> Iterable[tuple[str, bool, str]]:
        """What each selector found on the first pages."""
        return explain_selectors(self.looked, self.source.selectors)

    async def start(self) -> AsyncIterator[Request]:
        for url in self.source.boards or (self.source.url,):
            for request in self.open_board(BoardLink(url, self.source.title, url)):
                yield request
