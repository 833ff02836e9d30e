"""phpwind 9, dynamic and rewritten addresses; 8.7 as far as public facts about its pages go."""

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

BOARD_HREF = re.compile(
    r"[?&]c=thread&(?:.*&)?fid=(\d+)|\bthread\.php\?(?:.*&)?fid[=-](\d+)|\bthread(?:-htm-fid)?-(\d+)(?:-\d+)?\.html"
)
THREAD_HREF = re.compile(r"\bread\.php\?(?:.*&)?tid[=-](\d+)|\bread(?:-htm-tid)?-(\d+)[\w-]*\.html")
_FLOOR_ID = re.compile(r"read_(tpc|\d+)$")
_SHORT = 30
_FLOORS = {"楼主": 1, "沙发": 2, "板凳": 3, "地板": 4}
_NOISE = (
    "shield",
    "content_hidden",
    "read_attach_list",
    "J_attach",
    "attach_list",
    "img_lists",
    "blockcode_copy",
)

_NOTICES: tuple[tuple[str, NoticeKind], ...] = (
    (r"不存在|已被删除|正在审核|未通过审核", "gone"),
    (r"IP.*(?:禁止|限制)", "blocked"),
    (r"权限|登录|用户组|密码|限制", "restricted"),
)


def parse_board(page: Page) -> tuple[BoardLink, ...]:
    """The boards linked on a page, each once, under the plain address of its first page."""
    return _boards_in(page.selector.css("body"), page)


def _boards_in(areas: SelectorList[Selector], page: Page) -> tuple[BoardLink, ...]:
    found: dict[str, BoardLink] = {}
    for link in areas.css("a[href]"):
        href = link.attrib["href"]
        key, name = key_in(BOARD_HREF, href), words(link).strip("[]【】")
        if key and name and not re.search(r"[?&](?:page|type|tab|orderby|topic_type)=", href):
            found.setdefault(key, BoardLink(key, name, page.join(href)))
    return tuple(found.values())


def parse_list(page: Page) -> ListPage:
    """A page of a board in the order of last reply, stickies first."""
    parse = _parse_row if page.selector.css("#J_posts_list") else _parse_row_8
    lines = page.selector.css("#J_posts_list tr, tr.tr3")
    rows = tuple(row for line in lines if (row := parse(line, page)))
    return ListPage(
        rows=rows,
        board=_board_name(page),
        sub_boards=_sub_boards(page),
        next_url=_pager(page, "next"),
        notice=None if rows else parse_notice(page),
    )


def _parse_row(line: Selector, page: Page) -> ThreadRow | None:
    links = line.css("a.st[href]")
    key = key_in(THREAD_HREF, links[0].attrib["href"]) if links else None
    if key is None:
        return None
    counts = line.css("td.num em::text").getall()
    created, last = line.css(".info > span")[:1], line.css(".info > span")[1:2]
    return ThreadRow(
        key=key,
        url=page.join(links[0].attrib["href"]),
        # The text is cut with an ellipsis; the title is whole.
        title=links[0].attrib.get("title") or words(links[0]),
        replies=number(counts[0]) if counts else None,
        views=number(counts[1]) if len(counts) > 1 else None,
        created=page.time(words(created)),
        last=page.time(words(last)),
        sticky=bool(line.css(".posts_icon i[title*='置顶']")),
    )


def _parse_row_8(line: Selector, page: Page) -> ThreadRow | None:
    links = line.css("a[id^=a_ajax_][href]")
    if not links:
        return None
    counts = re.findall(r"\d+", words(line.css("td.num")))
    created, last = line.css("td.author")[:1], line.css("td.author")[1:2]
    return ThreadRow(
        key=links[0].attrib["id"].removeprefix("a_ajax_"),
        url=page.join(links[0].attrib["href"]),
        title=words(links[0]),
        replies=int(counts[0]) if counts else None,
        views=int(counts[1]) if len(counts) > 1 else None,
        created=page.time(words(created.css("p"))),
        last=page.time(last.css("a::attr(title)").get() or words(last)),
        sticky=bool(line.css("img[src*=headtopic]")),
    )


def parse_thread(page: Page) -> ThreadPage:
    """A page of a thread."""
    floors = page.selector.css(".J_read_floor[id^=read_]")
    bodies = [body for body in page.selector.css("[id^=read_]") if _FLOOR_ID.match(body.attrib["id"])]
    posts = tuple(_parse_post(floor, page) for floor in floors) or tuple(
        _parse_post_8(body, page) for body in bodies
    )
    return ThreadPage(
        key=key_in(THREAD_HREF, page.url),
        posts=posts,
        title=words(page.selector.css("#J_post_title, #subject_tpc")) or None,
        board=_board_name(page),
        page=number(words(page.selector.css(".pages strong, .pages b")[:1])) or 1,
        next_url=_pager(page, "next"),
        previous_url=_pager(page, "pre"),
        notice=None if posts else parse_notice(page),
    )


def _parse_post(floor: Selector, page: Page) -> Post:
    key = floor.attrib["id"].removeprefix("read_")
    body = floor.css(".editor_content")
    text = body_text(body[0].root, _is_noise) if body else ""
    return Post(
        source=page.source,
        thread_key="",
        post_key=key,
        url=f"{page.url.partition('#')[0]}#read_{key}",
        text=text,
        is_first=key == "0",
        floor=_floor(words(floor.css(".lou"))),
        hidden="shielded" if not text and floor.css(".shield") else None,
        author=words(floor.css(".name a[data-uid]")) or None,
        **dated(page.time(words(floor.css(".floor_top_tips > .fl")))),
    )


def _parse_post_8(body: Selector, page: Page) -> Post:
    """The table around a body has one floor's author and time; the first is called tpc there, and 0 by phpwind 9."""
    key = body.attrib["id"].removeprefix("read_").replace("tpc", "0")
    floor = body.xpath("ancestor::table[.//span[starts-with(@title, '发表于')]][1]")
    text = body_text(body.root, _is_noise)
    return Post(
        source=page.source,
        thread_key="",
        post_key=key,
        url=f"{page.url.partition('#')[0]}#{body.attrib['id']}",
        text="" if _is_shielded(text) else text,
        is_first=key == "0",
        floor=_floor(words(floor.css("a.s3, .lou"))),
        hidden="shielded" if _is_shielded(text) else None,
        author=words(floor.css(".readName a, a[href*='action-show-uid'], a[href*='u.php']")[:1]) or None,
        **dated(page.time(floor.css("span[title^=发表于]::attr(title)").get())),
    )


def _is_shielded(text: str) -> bool:
    return "屏蔽" in text and len(text) < _SHORT


def _is_noise(element: Element) -> bool:
    return element.tag == "blockquote" or is_hidden(element) or has_class(element, *_NOISE)


def _floor(shown: str) -> int | None:
    return number(shown) or _FLOORS.get(shown.rstrip("#"))


def _board_name(page: Page) -> str | None:
    trail = [
        link
        for link in page.selector.css(".bread_crumb a[href], #breadCrumb a[href]")
        if BOARD_HREF.search(link.attrib["href"])
    ]
    return words(trail[-1]) if trail else None


def _sub_boards(page: Page) -> tuple[BoardLink, ...]:
    return _boards_in(page.selector.css(".fname"), page)


def _pager(page: Page, name: str) -> str | None:
    pages = page.selector.css(".pages")
    links = pages.css(f"a.J_pages_{name}::attr(href), a.pages_{name}::attr(href)").getall()
    if not links and name == "next":
        # phpwind 8.7 marks no next page: it is the number after the current one.
        links = pages.css("b").xpath("following-sibling::a[1][number(.) > 0]/@href").getall()
    return page.join(links[0]) if links else None


def parse_notice(page: Page) -> Notice | None:
    """What an error page says; None on any other page."""
    return classify(words(page.selector.css("#J_html_error, .error_cont li")), _NOTICES)


class PhpwindSpider(ForumSpider):
    """A phpwind forum."""

    name = "phpwind"
    parsers = Parsers(parse_board, parse_list, parse_thread, parse_notice)

    def index_url(self) -> str:
        return urljoin(self.source.url, "index.php?m=bbs&c=forumlist")

    def board_url(self, key: str) -> str:
        return urljoin(self.source.url, f"index.php?m=bbs&c=thread&fid={key}")

    def thread_url(self, key: str) -> str:
        return urljoin(self.source.url, f"read.php?tid={key}")

    def page_url(self, url: str, number: int) -> str | None:
        found = THREAD_HREF.search(url)
        return f"{self.thread_url(found[1])}&page={number}" if found and found[1] else None
