"""Xiuno BBS 4.  It shows no exact time anywhere, and a thread's first post has no number of its own."""

import re
from urllib.parse import urljoin

from parsel import Selector, SelectorList

from crawlers.items import Post
from crawlers.markup import Element, body_text, has_class, is_hidden, key_in, number, words
from crawlers.pages import (
    BoardLink,
    ListPage,
    Notice,
    NoticeKind,
    Page,
    ThreadPage,
    ThreadRow,
    classify,
    dated,
)
from crawlers.spiders.forum import ForumSpider, Parsers

BOARD_HREF = re.compile(r"\bforum-(\d+)(?:-1)?\.htm$")
THREAD_HREF = re.compile(r"\bthread-(\d+)(?:-\d+)?\.htm")
FIRST_POST = "0"
_PAGE = re.compile(r"\bthread-\d+-(\d+)\.htm")

Place = Selector | SelectorList[Selector]

_NOTICES: tuple[tuple[str, NoticeKind], ...] = (
    (r"主题不存在|帖子不存在|板块不存在|版块不存在|not exist", "gone"),
    (r"权限|登录|禁止访问|privilege", "restricted"),
)


def parse_board(page: Page) -> tuple[BoardLink, ...]:
    """The boards linked on a page, each once."""
    found: dict[str, BoardLink] = {}
    for link in page.selector.css("a[href]"):
        key, name = key_in(BOARD_HREF, link.attrib["href"]), words(link)
        if key and name:
            found.setdefault(key, BoardLink(key, name, page.join(link.attrib["href"])))
    return tuple(found.values())


def parse_list(page: Page) -> ListPage:
    """A page of a board in the order of last reply, stickies first."""
    rows = tuple(row for line in page.selector.css("li[data-tid]") if (row := _parse_row(line, page)))
    return ListPage(rows=rows, next_url=_next(page), notice=None if rows else parse_notice(page))


def _parse_row(line: Selector, page: Page) -> ThreadRow | None:
    links = [link for link in line.css(".subject a[href]") if THREAD_HREF.search(link.attrib["href"])]
    if not links:
        return None
    last = line.xpath(".//span[normalize-space(text())='←']/following-sibling::span[last()]")
    created = page.time(words(line.css(".date")))
    return ThreadRow(
        key=line.attrib["data-tid"],
        url=page.join(links[-1].attrib["href"]),
        title=words(links[-1]),
        replies=number(words(line.css(".icon-comment-o").xpath(".."))),
        views=number(words(line.css(".icon-eye").xpath(".."))),
        created=created,
        last=page.time(words(last)) or created,
        sticky=bool(re.search(r"\btop_[1-9]", line.attrib.get("class", ""))),
    )


def parse_thread(page: Page) -> ThreadPage:
    """A page of a thread.  The first post is repeated on every page and taken from the first."""
    found_number = _PAGE.search(page.url)
    page_number = int(found_number[1]) if found_number else 1
    replies = page.selector.css("li.post[data-pid], .postlist li[data-pid]")
    posts = [_parse_first(page)] if page_number == 1 else []
    posts += [_parse_reply(reply, page) for reply in replies]
    found = tuple(post for post in posts if post)
    return ThreadPage(
        key=key_in(THREAD_HREF, page.url),
        posts=found,
        title=words(page.selector.css(".card-thread h4, h4.break-all")) or None,
        board=words(page.selector.css(".breadcrumb a[href*='forum-']")[-1:]) or None,
        views=number(words(page.selector.css(".card-thread .icon-eye").xpath(".."))),
        replies=number(words(page.selector.css(".posts"))),
        page=page_number,
        next_url=_next(page),
        previous_url=_pager(page, "◀"),
        notice=None if found else parse_notice(page),
    )


def _parse_first(page: Page) -> Post | None:
    body = page.selector.css(".message[isfirst='1']")
    if not body:
        return None
    card = body.xpath("ancestor::div[contains(@class, 'card')][.//h4][1]")
    return _parse_post(card, body, page, FIRST_POST, floor=1)


def _parse_reply(reply: Selector, page: Page) -> Post | None:
    body = reply.css(".message")
    return _parse_post(reply, body, page, reply.attrib["data-pid"], floor=number(words(reply.css(".floor"))))


def _parse_post(
    place: Place, body: SelectorList[Selector], page: Page, key: str, floor: int | None
) -> Post | None:
    if not body:
        return None
    return Post(
        source=page.source,
        thread_key="",
        post_key=key,
        url=page.url.partition("#")[0],
        text=body_text(body[0].root, _is_noise),
        is_first=key == FIRST_POST,
        floor=floor,
        author=words(place.css(".username")) or None,
        **dated(page.time(words(place.css(".date")))),
    )


def _is_noise(element: Element) -> bool:
    return element.tag == "blockquote" or is_hidden(element) or has_class(element, "attachlist", "fieldset")


def _next(page: Page) -> str | None:
    return _pager(page, "▶")


def _pager(page: Page, sign: str) -> str | None:
    links = page.selector.css(".pagination a[href]")
    return next((page.join(link.attrib["href"]) for link in links if words(link) == sign), None)


def parse_notice(page: Page) -> Notice | None:
    """What a message page says; None on any other page."""
    cards = page.selector.xpath(
        "//h4[contains(@class, 'card-title')][.//i[contains(@class, 'icon-warning')]]"
    )
    return classify(words(cards), _NOTICES)


class XiunoSpider(ForumSpider):
    """A Xiuno BBS forum."""

    name = "xiuno"
    parsers = Parsers(parse_board, parse_list, parse_thread, parse_notice)

    def board_url(self, key: str) -> str:
        return self.address(f"forum-{key}.htm")

    def thread_url(self, key: str) -> str:
        return self.address(f"thread-{key}.htm")

    def page_url(self, url: str, number: int) -> str | None:
        return re.sub(r"(thread-\d+)(?:-\d+)?\.htm", rf"\g<1>-{number}.htm", url)

    def address(self, path: str) -> str:
        """Without the rewrite rules every path is a query, as the index's own links show."""
        return urljoin(self.source.url, path if self.rewritten else f"?{path}")
