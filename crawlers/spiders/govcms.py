"""Government sites: lists of articles (Hanweb JCMS and other systems), news and answered letters.

An article is a thread whose first post has the issuing office as its agency.  An answered letter
is the resident's post followed by the office's.
"""

import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import trafilatura
from parsel import Selector, SelectorList
from scrapy import Request

from crawlers.items import Post
from crawlers.markup import Element, body_text, has_class, is_hidden, plain, words
from crawlers.pages import BoardLink, Dated, ListPage, Notice, Page, ThreadPage, ThreadRow, dated
from crawlers.spiders.forum import ForumSpider, Parsers
from crawlers.times import When

# art/2024/1/5/art_123_4567.html (JCMS) · t20240105_4567.html (TRS) · content/post_4567.html ·
# content_4567.html · info/1001/4567.htm (VSB) · 2024-01/05/content_4567.htm · c123/content.html
ARTICLE = re.compile(
    r"art_(?P<jcms>\d+_\w+)\.html|t(?P<trs>\d{8}_\d+)\.s?html?|post_(?P<post>\d+)\.html"
    r"|content_(?P<content>\d+)\.s?html?|/info/(?P<vsb>\d+/\d+)\.htm|/(?P<uid>[0-9a-f]{32})\.s?html?"
)
_DAY_IN_URL = re.compile(r"/t(20\d\d)(\d\d)(\d\d)_|/(20\d\d)[-/](\d{1,2})/(\d{1,2})/")
_DAY = re.compile(r"20\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?:\s*日)?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_BYLINE = re.compile(r"(?:发布|发文|来源|信息来源|作者|浏览|字体)[^。]{0,60}$")
_NEXT = ("下一页", "下页", "后一页", ">", "›", "»")

_BODIES = (
    "#zoom, #UCAP-CONTENT, .TRS_Editor, .trs_editor_view, #js_content, .bt_content, .v_news_content, "
    ".pages_content, .article-content, .article_content, .Custom_UnionStyle, #content_detail, .xxgk_content"
)
_LABELS = {
    "title": r"(?:来信|信件|留言|写信|诉求|咨询)?(?:标题|主题)",
    "asked": r"(?:来信|信件|留言|问题|诉求|咨询|写信)(?:内容|正文)",
    "asked_at": r"(?:来信|写信|留言|提交|受理|咨询|诉求)(?:时间|日期)",
    "answered": r"(?:答复|回复|办理|处理)(?:内容|意见|结果|情况|正文)",
    "answered_at": r"(?:答复|回复|办结|处理|办理)(?:时间|日期)",
    "agency": r"(?:答复|回复|承办|处理|办理|受理)(?:单位|部门|机构)",
}
_CELLS = (
    "//*[self::td or self::th or self::dt or self::label or self::span or self::strong or self::b or self::p"
    " or self::li or self::div[not(.//div)]]"
)


def parse_list(page: Page) -> ListPage:
    """The articles linked on a list, with the day beside each link or in its address."""
    place = _with_hidden_records(page)
    found: dict[str, ThreadRow] = {}
    for link in place.css("a[href]"):
        row = _parse_row(link, page)
        if row:
            found.setdefault(row.key, row)
    return ListPage(rows=tuple(found.values()), board=_column(page), next_url=_next(page))


def _with_hidden_records(page: Page) -> SelectorList[Selector]:
    """JCMS keeps the list's further records as CDATA in a script, for its own pager to show."""
    scripts = "".join(page.selector.css("script[type='text/xml']::text").getall())
    records = re.findall(r"<record>\s*<!\[CDATA\[(.*?)\]\]>", scripts, re.DOTALL)
    places = [Selector(f"<ul>{record}</ul>") for record in records]
    return SelectorList([*page.selector.css("body"), *places])


def _parse_row(link: Selector, page: Page) -> ThreadRow | None:
    url = page.join(link.attrib["href"])
    title = plain(link.attrib.get("title", "")) or words(link)
    key = article_key(url)
    if key is None or not title:
        return None
    beside = _DAY.search(words(link.xpath("ancestor::*[self::li or self::tr or self::dl or self::p][1]")))
    created = page.time(beside[0] if beside else _day_of(url))
    return ThreadRow(key=key, url=url, title=title, created=created, last=created)


def article_key(url: str) -> str | None:
    """The system's own number of an article; None for an address that is no article."""
    found = ARTICLE.search(urlsplit(url).path)
    return next((group for group in found.groups() if group), None) if found else None


def parse_article(page: Page) -> ThreadPage:
    """An article: its title, day, issuing office and body; or a letter and its answer."""
    letter = _labelled(page)
    posts = _parse_letter(page, letter) if {"asked", "answered"} <= letter.keys() else _parse_news(page)
    return ThreadPage(
        key=article_key(page.url),
        posts=posts,
        title=_title(page, letter.get("title", "")),
        board=_column(page),
        page=1,
    )


def _parse_letter(page: Page, letter: dict[str, str]) -> tuple[Post, ...]:
    asked_at, answered_at = page.time(letter.get("asked_at")), page.time(letter.get("answered_at"))
    question = Post(
        source=page.source,
        thread_key="",
        post_key="question",
        url=page.url,
        text=letter["asked"],
        is_first=True,
        floor=1,
        **(dated(asked_at) if asked_at else _until(answered_at)),
    )
    answer = Post(
        source=page.source,
        thread_key="",
        post_key="answer",
        url=page.url,
        text=letter["answered"],
        is_first=False,
        floor=2,
        agency=letter.get("agency") or _agency(page),
        **(dated(answered_at) if answered_at else _since(asked_at)),
    )
    return question, answer


def _since(asked: When | None) -> Dated:
    """An answer without a time came after its question: to borrow its time would make it an answer at once."""
    return Dated(posted_at=None, posted_after=asked.after if asked else None, posted_before=None)


def _until(answered: When | None) -> Dated:
    return Dated(posted_at=None, posted_after=None, posted_before=answered.before if answered else None)


def _parse_news(page: Page) -> tuple[Post, ...]:
    text = _body(page)
    if not text:
        return ()
    shown = _meta(page, "PubDate") or _labelled_day(page)
    post = Post(
        source=page.source,
        thread_key="",
        post_key="article",
        url=page.url,
        text=text,
        is_first=True,
        floor=1,
        agency=_agency(page),
        **dated(page.time(shown) or page.time(_day_of(page.url))),
    )
    return (post,)


def _body(page: Page) -> str:
    """The body by the places the common systems use; else what trafilatura takes for it."""
    texts = [body_text(body.root, _is_noise) for body in page.selector.css(_BODIES)]
    longest = max(texts, key=len, default="")
    return longest or _extracted(page)


def _extracted(page: Page) -> str:
    """The body as trafilatura finds it, without the lines that repeat the title and the day."""
    text = trafilatura.extract(page.selector.get() or "", include_comments=False) or ""
    title = words(page.selector.css("h1")[:1])
    return "\n".join(line for line in text.split("\n") if line != title and not _BYLINE.match(line))


def _is_noise(element: Element) -> bool:
    return is_hidden(element) or has_class(element, "share", "bdsharebuttonbox", "print", "ewm")


def _title(page: Page, labelled: str) -> str | None:
    title = _meta(page, "ArticleTitle") or labelled or words(page.selector.css("h1")[:1])
    return title or words(page.selector.css("title")).split("_")[0].strip() or None


def _agency(page: Page) -> str | None:
    """The issuing office: the standard's meta element, else the words 来源 or 发布机构."""
    lines = "\n".join(body_text(body.root, _is_noise) for body in page.selector.css("body"))
    found = re.search(r"(?:来源|发布机构|信息来源|发布单位)\s*[:：]\s*([^\s|，。；【】\[\]]{2,30})", lines)
    return _meta(page, "ContentSource") or (found[1] if found else None) or _meta(page, "SiteName") or None


def _column(page: Page) -> str | None:
    return _meta(page, "ColumnName") or None


def _meta(page: Page, name: str) -> str:
    """A meta element of the standard for government sites; its case differs from site to site."""
    lowered = "translate(@name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
    return plain(page.selector.xpath(f"//meta[{lowered} = '{name.lower()}']/@content").get(""))


def _labelled(page: Page) -> dict[str, str]:
    """What stands after or beside labels such as 答复内容：, in a table, a list or a line."""
    found: dict[str, str] = {}
    if not re.search(_LABELS["answered"], words(page.selector.css("body"))):
        return found
    for cell in page.selector.xpath(_CELLS):
        text = body_text(cell.root, _is_noise)
        for name, pattern in _LABELS.items():
            label = re.match(rf"{pattern}\s*(?:[:：]\s*|$)", text)
            if label and name not in found and (said := text[label.end() :].strip() or _beside(cell)):
                found[name] = said
    return found


def _beside(cell: Selector) -> str:
    return "\n".join(body_text(place.root, _is_noise) for place in cell.xpath("following-sibling::*[1]"))


def _labelled_day(page: Page) -> str:
    found = re.search(
        rf"(?:发布|发文|成文|时间|日期)[^\d]{{0,12}}({_DAY.pattern})", words(page.selector.css("body"))
    )
    return found[1] if found else ""


def _day_of(url: str) -> str:
    found = _DAY_IN_URL.search(url)
    return "-".join(group for group in found.groups() if group) if found else ""


def _next(page: Page) -> str | None:
    for link in page.selector.css("a[href]"):
        if words(link) in _NEXT and not link.attrib["href"].startswith(("javascript", "#")):
            return page.join(link.attrib["href"])
    return None


def no_notice(page: Page) -> Notice | None:
    return None


class GovcmsSpider(ForumSpider):
    """A government site; `boards` are the addresses of its lists."""

    name = "govcms"
    parsers = Parsers(lambda _: (), parse_list, parse_article, no_notice)

    async def start(self) -> AsyncIterator[Request]:
        for url in self.source.boards or (self.source.url,):
            for request in self.open_board(BoardLink(url, self.source.title, url)):
                yield request
