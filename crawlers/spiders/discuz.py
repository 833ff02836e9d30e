"""Discuz! X2.5–X3.5, UTF-8 and GBK, rewritten and dynamic addresses, skins that keep the ids."""

import re
from urllib.parse import urljoin

from parsel import Selector, SelectorList

from crawlers.items import HiddenReason, Post
from crawlers.markup import Element, body_text, by_id, has_class, is_hidden, key_in, number, plain, words
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

BOARD_HREF = re.compile(r"(?:\bforum-(\w+)-\d+\.html)|(?:[?&]mod=forumdisplay&(?:.*&)?fid=(\w+))")
THREAD_HREF = re.compile(r"(?:\bthread-(\d+)-\d+-\d+\.html)|(?:[?&]mod=viewthread&(?:.*&)?tid=(\d+))")
_FILTERED = re.compile(r"[?&](?:filter|typeid|sortid|orderby|specialtype|mobile|archiveid)=")
_POST_ID = re.compile(r"post_(\d+)$")
_QUOTED = re.compile(r"[?&]pid=(\d+)")
_FLOORS = {"楼主": 1, "沙发": 2, "板凳": 3, "地板": 4}

_NOISE = (
    "quote",
    "pstatus",
    "jammer",
    "locked",
    "attach_nopermission",
    "attach_popup",
    "tip",
    "aimg_tip",
    "sign",
)

_NOTICES: tuple[tuple[str, NoticeKind], ...] = (
    (r"主题不存在|已被删除|正在被审核|没有找到帖子|版块不存在", "gone"),
    (r"IP 地址不在允许范围|IP 地址.*禁止|您的 IP", "blocked"),
    (r"尚未登录|没有权限|无权|阅读权限|需要密码|需要先登录|用户组|仅.*可见|积分", "restricted"),
)

_HIDDEN: tuple[tuple[str, HiddenReason], ...] = (
    (r"自动屏蔽|版主屏蔽|管理员.*屏蔽|被屏蔽", "shielded"),
    (r"支付|购买|售价", "paid"),
    (r"密码", "password"),
    (r"仅作者可见|仅.*可见", "members"),
)


def parse_board(page: Page) -> tuple[BoardLink, ...]:
    """The boards linked on a page, each once, under its plain address and its name."""
    areas = page.selector.css(".fl_tb, div[id^=category_], div[id^=subforum_]") or page.selector.css("body")
    return _boards_in(areas, page)


def _boards_in(areas: SelectorList[Selector], page: Page) -> tuple[BoardLink, ...]:
    found: dict[str, BoardLink] = {}
    for link in areas.css("a[href]"):
        href = link.attrib["href"]
        key, name = key_in(BOARD_HREF, href), words(link)
        if key and name and key not in found and not _FILTERED.search(href):
            found[key] = BoardLink(key, name, page.join(href))
    return tuple(found.values())


def parse_list(page: Page) -> ListPage:
    """A page of a board in the order of last reply, stickies first."""
    lines = page.selector.xpath(
        "//tbody[starts-with(@id, 'normalthread_') or starts-with(@id, 'stickthread_')]"
        " | //ul[@id='waterfall']/li"
    )
    rows = tuple(row for line in lines if (row := _parse_row(line, page)))
    return ListPage(
        rows=rows,
        board=_board_name(page),
        sub_boards=_sub_boards(page),
        next_url=_pager(page, "nxt"),
        notice=None if rows else parse_notice(page),
    )


def _parse_row(line: Selector, page: Page) -> ThreadRow | None:
    link = _title_link(line)
    if link is None:
        return None
    row_id = line.attrib.get("id", "")
    # The stub of a moved thread has a number of its own; its link leads to the real thread.
    key = key_in(THREAD_HREF, link.attrib["href"]) or row_id.rpartition("_")[2]
    moved = "移动:" in words(line.css("th"))
    times = line.css("td.by > em")
    return ThreadRow(
        key=key,
        url=page.join(link.attrib["href"]),
        title=words(link),
        replies=None if moved else number(line.css("td.num a::text").get()),
        views=None if moved else number(line.css("td.num em::text").get()),
        created=page.time(_moment(times[:1])),
        last=page.time(_moment(times[1:2])),
        sticky=row_id.startswith("stick"),
        moved=moved,
    )


def _title_link(line: Selector) -> Selector | None:
    """The title's link; by its address where a skin has dropped the class."""
    links = line.css("a.xst[href], h3 a[href]") or [
        link
        for link in line.css("th a[href]")
        if key_in(THREAD_HREF, link.attrib["href"]) and not words(link).isdigit()
    ]
    return next((link for link in links if words(link)), None)


def parse_thread(page: Page) -> ThreadPage:
    """A page of a thread; deleted floors are simply not there."""
    page_number = number(page.selector.css(".pg strong::text").get()) or 1
    floors = [floor for floor in page.selector.css("div[id^=post_]") if _POST_ID.match(floor.attrib["id"])]
    posts = [
        post
        for index, floor in enumerate(floors)
        if (post := _parse_post(floor, page, is_first=page_number == 1 and index == 0))
    ]
    views, replies = _counters(page) if page_number == 1 else (None, None)
    return ThreadPage(
        key=key_in(THREAD_HREF, page.selector.css("link[rel=canonical]::attr(href)").get(""))
        or key_in(THREAD_HREF, page.url),
        posts=tuple(posts),
        title=words(page.selector.css("#thread_subject")) or None,
        board=_board_name(page),
        views=views,
        replies=replies,
        page=page_number,
        next_url=_pager(page, "nxt"),
        previous_url=_pager(page, "prev"),
        notice=None if posts else parse_notice(page),
    )


def _parse_post(floor: Selector, page: Page, *, is_first: bool) -> Post | None:
    key = floor.attrib["id"].removeprefix("post_")
    written = by_id(floor, f"authorposton{key}")
    if not written:  # a deleted floor that left its frame
        return None
    body = by_id(floor, f"postmessage_{key}")
    text = body_text(body[0].root, _is_noise) if body else ""
    quoted = _QUOTED.search(" ".join(body.css(".quote a::attr(href)").getall()))
    return Post(
        source=page.source,
        thread_key="",
        post_key=key,
        url=f"{page.url.partition('#')[0]}#pid{key}",
        text=text,
        is_first=is_first,
        floor=_floor(words(by_id(floor, f"postnum{key}"))),
        quoted_post_key=quoted[1] if quoted else None,
        hidden=None if text else _hidden(floor),
        author=_author(floor),
        **dated(page.time(_moment(written))),
    )


def _is_noise(element: Element) -> bool:
    if element.tag == "ignore_js_op" or is_hidden(element) or has_class(element, *_NOISE):
        return True
    parent = element.getparent()
    if parent is None:
        return False
    return (element.tag == "em" and has_class(parent, "blockcode")) or (
        element.tag == "h4" and has_class(parent, "showhide")
    )


def _hidden(floor: Selector) -> HiddenReason | None:
    """Why a floor has no text for guests; None when its author simply wrote none."""
    said = plain(" ".join(floor.css(".locked, .attach_nopermission").xpath("string()").getall()))
    if not said:
        return None
    return next((reason for pattern, reason in _HIDDEN if re.search(pattern, said)), "locked")


def _author(floor: Selector) -> str | None:
    """The name shown; None for 匿名.  A deleted member's name is bare text."""
    name = floor.css(".authi a.xw1::text, .pti .authi a.xi2::text").get()
    if name is None:
        name = floor.css("td.pls .pi").xpath("text()").get("")
    name = plain(name)
    return name if name and name not in ("匿名", "游客") else None


def _floor(shown: str) -> int | None:
    return number(shown) or _FLOORS.get(shown.rstrip("#"))


def _moment(places: SelectorList[Selector]) -> str:
    """The exact time in a title where there is one, else the words shown."""
    return places.css("span::attr(title)").get() or words(places)


def _counters(page: Page) -> tuple[int | None, int | None]:
    counts = [number(words) for words in page.selector.css("#postlist .hm span.xi1::text").getall()[:2]]
    return (counts[0], counts[1]) if len(counts) == 2 else (None, None)


def _board_name(page: Page) -> str | None:
    """The board, from the way home: on a sticky's or a moved thread's page it is not the list's."""
    trail = [link for link in page.selector.css("#pt a[href]") if key_in(BOARD_HREF, link.attrib["href"])]
    return words(trail[-1]) if trail else None


def _sub_boards(page: Page) -> tuple[BoardLink, ...]:
    return _boards_in(page.selector.css("div[id^=subforum_]"), page)


def _pager(page: Page, name: str) -> str | None:
    links = page.selector.css(f".pg a.{name}::attr(href)").getall()
    return next((page.join(href) for href in links if not href.startswith("javascript")), None)


def parse_notice(page: Page) -> Notice | None:
    """What a page says instead of showing posts; None when it is simply empty."""
    if page.selector.css("form[action*=pwverify]"):
        return Notice("restricted", "本版块需要密码")
    if "尚无主题" in words(page.selector.css(".emp")):
        return Notice("empty", "本版块尚无主题")
    said = plain(" ".join(page.selector.css("#messagetext > p:first-of-type").xpath("string()").getall()))
    return classify(said, _NOTICES)


class DiscuzSpider(ForumSpider):
    """A Discuz! forum."""

    name = "discuz"

    parsers = Parsers(parse_board, parse_list, parse_thread, parse_notice)

    def index_url(self) -> str:
        return urljoin(self.source.url, "forum.php")

    def board_url(self, key: str) -> str:
        return urljoin(self.source.url, f"forum.php?mod=forumdisplay&fid={key}")

    def thread_url(self, key: str) -> str:
        """The dynamic address answers on rewritten sites too."""
        return urljoin(self.source.url, f"forum.php?mod=viewthread&tid={key}")

    def page_url(self, url: str, number: int) -> str | None:
        if re.search(r"thread-\d+-\d+-\d+\.html", url):
            return re.sub(r"(thread-\d+)-\d+-\d+\.html", rf"\g<1>-{number}-1.html", url)
        found = THREAD_HREF.search(url)
        return f"{self.thread_url(found[2])}&page={number}" if found else None
