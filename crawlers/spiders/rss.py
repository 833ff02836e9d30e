"""RSS and Atom feeds: every entry is a thread of one post, as much of it as the feed gives."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from crawlers.items import Post, Thread, ThreadRead
from crawlers.markup import body_text, is_hidden, key_in, number, plain
from crawlers.pages import Page, ThreadRow, dated
from crawlers.resume import plan_visit
from crawlers.spiders.discuz import THREAD_HREF
from crawlers.spiders.polite import PoliteSpider, Yielded


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: its row, and the post it holds."""

    row: ThreadRow
    post: Post


def parse_feed(page: Page) -> tuple[Entry, ...]:
    """The entries of an RSS 2.0, RSS 1.0 or Atom feed, whose selector is one of XML."""
    items = page.selector.xpath("//*[local-name() = 'item' or local-name() = 'entry']")
    return tuple(entry for item in items if (entry := _parse_entry(item, page)))


def _parse_entry(item: Selector, page: Page) -> Entry | None:
    href = plain(item.xpath("link/@href | link/text()").get("")) or plain(item.xpath("guid/text()").get(""))
    title = plain(item.xpath("string(title)").get(""))
    if not href or not title:
        return None
    url = page.join(href)
    when = page.time(item.xpath("string(pubDate | date | published | updated)").get(""))
    key = key_in(THREAD_HREF, url) or plain(item.xpath("string(guid | id)").get("")) or urlsplit(url).path
    row = ThreadRow(
        key=key,
        url=url,
        title=title,
        replies=number(item.xpath("string(comments[number()])").get()),
        created=when,
        last=when,
    )
    post = Post(
        source=page.source,
        thread_key=key,
        post_key="0",
        url=url,
        text=_text(item),
        is_first=True,
        author=plain(item.xpath("string(creator | author/name | author)").get("")) or None,
        **dated(when),
    )
    return Entry(row, post)


def _text(item: Selector) -> str:
    """The longest of what the entry says of its content, freed of markup."""
    markup = max(
        item.xpath("encoded | content | description | summary").xpath("string()").getall(),
        key=len,
        default="",
    )
    return body_text(Selector(f"<div>{markup}</div>").css("body")[0].root, is_hidden)


def as_xml(text: str) -> Selector:
    """A feed's selector, whatever content type it was served as; an HTML parser would lose its links."""
    feed = Selector(text, type="xml")
    feed.remove_namespaces()
    return feed


class RssSpider(PoliteSpider):
    """A feed, or several: `boards` are their addresses."""

    name = "rss"

    async def start(self) -> AsyncIterator[Request]:
        for url in self.source.boards or (self.source.url,):
            yield Request(url, self.parse_feed_page, errback=self.fail_list)

    def parse_feed_page(self, response: Response) -> Iterator[Yielded]:
        page = self.page(response)
        entries = parse_feed(replace(page, selector=as_xml(response.text))) if page else ()
        self.count("list_pages")
        self.count("listed", len(entries))
        for entry in entries:
            row = entry.row
            if not self.is_refused(row.key) and plan_visit(
                row, self.known.get(row.key), self.since, self.clock(response), self.look_back
            ):
                yield Thread(source=self.source.name, thread_key=row.key, url=row.url, title=row.title)
                yield entry.post
                yield ThreadRead(source=self.source.name, thread_key=row.key, pages=1)
                self.count("threads")
