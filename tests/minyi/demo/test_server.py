"""Both forums over HTTP, as a guest's program sees them."""

import http.client
import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from parsel import Selector

from minyi.demo.engine import ENGINES
from minyi.demo.model import Post, Town
from minyi.demo.server import Forums, running_forums
from minyi.demo.timetable import SHANGHAI
from minyi.demo.words import plain_text

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=SHANGHAI)
KEYS = ("haiping", "teahouse")
CHARSETS = {"haiping": "utf-8", "teahouse": "gbk"}


class Guest:
    """One connection to a forum; pages are decoded strictly in the charset that was announced."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)

    def ask(self, address: str) -> tuple[int, str, http.client.HTTPMessage]:
        self._connection.request("GET", "/" + urljoin(self.base, address).removeprefix(self.base))
        reply = self._connection.getresponse()
        charset = reply.headers.get_content_charset()
        assert charset is not None
        return reply.status, reply.read().decode(charset), reply.headers

    def page(self, address: str) -> Selector:
        status, text, _ = self.ask(address)
        assert status == 200
        return Selector(text)

    def pages(self, address: str) -> list[Selector]:
        """The page and all after it by a.nxt."""
        found = [self.page(address)]
        while following := found[-1].css(".pg a.nxt::attr(href)").get():
            found.append(self.page(following))
        return found

    def threads(self) -> dict[str, str]:
        """Thread number -> address, from all pages of all boards; each number once, stickies apart."""
        boards = self.page("forum.php").css(".fl_tb h2 a::attr(href)").getall()
        rows = [
            row for board in boards for page in self.pages(board) for row in page.css("tbody[id*=thread_]")
        ]
        normal = Counter(row.attrib["id"] for row in rows if row.attrib["id"].startswith("normal"))
        assert set(normal.values()) == {1}
        return {row.attrib["id"].rpartition("_")[2]: row.css("a.xst::attr(href)").get("") for row in rows}

    def close(self) -> None:
        self._connection.close()


def there(town: Town, key: str) -> list[Post]:
    return [post for post in town.site(key).posts if post.posted_at <= NOON]


def body(post: Selector) -> str:
    """A post's text without quote, edit line and smilies."""
    cell = post.css(".t_f")
    cell.css(".quote, i.pstatus").drop()
    return "".join(cell.xpath(".//text()").getall())


@pytest.mark.parametrize("key", KEYS)
def test_following_the_pager_reaches_every_post_once(key: str, town: Town, running: Forums) -> None:
    guest = Guest(running.urls[key])
    texts: dict[str, str] = {}
    for address in guest.threads().values():
        for page in guest.pages(address):
            for post in page.css("#postlist > div[id^=post_]"):
                number = post.attrib["id"].removeprefix("post_")
                assert number not in texts
                texts[number] = re.sub(r"\s", "", body(post))
    guest.close()
    expected = {str(post.pid): re.sub(r"\s", "", plain_text(post.text)) for post in there(town, key)}
    assert texts == expected


@pytest.mark.parametrize("key", KEYS)
def test_pages_announce_their_charset_twice(key: str, running: Forums) -> None:
    guest = Guest(running.urls[key])
    _, text, headers = guest.ask("forum.php")
    guest.close()
    assert headers.get_content_charset() == CHARSETS[key]
    assert f"charset={CHARSETS[key]}" in text.replace('"', "")


def test_what_gbk_lacks_is_a_character_reference(town: Town, running: Forums) -> None:
    laughed = next(p for p in town.site("teahouse").posts if "😂" in p.text)
    guest = Guest(running.urls["teahouse"])
    _, text, _ = guest.ask(f"forum.php?mod=viewthread&tid={laughed.tid}")
    guest.close()
    assert "&#128514;" in text


def test_the_two_forums_form_their_addresses_differently(running: Forums) -> None:
    rewritten, dynamic = (Guest(running.urls[key]) for key in KEYS)
    assert re.fullmatch(r"thread-\d+-1-1\.html", next(iter(rewritten.threads().values())))
    assert "mod=viewthread&tid=" in next(iter(dynamic.threads().values()))
    rewritten.close()
    dynamic.close()


def test_a_page_past_the_end_wraps_in_a_board_and_is_clamped_in_a_thread(town: Town, running: Forums) -> None:
    longest = max(town.site("haiping").threads, key=lambda thread: len(thread.posts))
    guest = Guest(running.urls["haiping"])
    assert guest.page("forum-37-99.html").css(".pg strong::text").get() == "1"
    last = guest.page(f"thread-{longest.tid}-99-1.html")
    assert last.css(".pg strong::text").get() == str(-(-len(longest.posts) // 10))
    assert last.css("link[rel=canonical]::attr(href)").get("").endswith(f"/thread-{longest.tid}-1-1.html")
    guest.close()


def test_a_deleted_floor_leaves_a_gap_in_the_numbers(town: Town, running: Forums) -> None:
    thread = next(t for t in town.site("haiping").threads if any(p.deleted for p in t.posts[:10]))
    gone = {post.floor for post in thread.posts if post.deleted}
    guest = Guest(running.urls["haiping"])
    page = guest.page(f"thread-{thread.tid}-1-1.html")
    floors = {int(text) for text in page.css("a[id^=postnum] em::text").getall()}
    guest.close()
    assert not gone & floors
    assert max(floors) > len(page.css("#postlist > div[id^=post_]"))


def test_stickies_come_first_on_the_first_page_only(running: Forums) -> None:
    guest = Guest(running.urls["haiping"])
    first, second, other = (guest.page(f"forum-{name}.html") for name in ("37-1", "37-2", "38-1"))
    guest.close()
    assert len(first.css("tbody[id^=stickthread_]")) == 2
    assert len(first.css("tbody[id^=normalthread_]")) == 20
    assert not second.css("tbody[id^=stickthread_]")
    assert len(other.css("tbody[id^=stickthread_]")) == 1
    assert "关闭的主题" in "".join(first.css("td.icn a::attr(title)").getall())


def test_edits_quotes_and_smilies_have_their_markup(town: Town, running: Forums) -> None:
    guest = Guest(running.urls["haiping"])
    pages = [guest.page(f"thread-{tid}-1-1.html") for tid in sorted({p.tid for p in there(town, "haiping")})]
    guest.close()
    edits = [text for page in pages for text in page.css("i.pstatus").xpath("string()").getall()]
    assert any(re.search(r"本帖最后由 \S+ 于 .+ 编辑", text) for text in edits)
    assert sum(len(page.css(".quote blockquote a[href*='goto=findpost']")) for page in pages) > 50
    assert any(page.css(".t_f img[smilieid]") for page in pages)
    assert any("匿名" in page.css("td.pls .pi::text").getall() for page in pages)
    assert all(page.css("a[href^='space-uid-']") for page in pages)


def test_a_missing_thread_is_a_404_with_a_message(running: Forums) -> None:
    guest = Guest(running.urls["teahouse"])
    status, text, _ = guest.ask("forum.php?mod=viewthread&tid=1")
    guest.close()
    assert status == 404
    assert "指定的主题不存在" in Selector(text).css("#messagetext.alert_error p::text").get("")


def test_findpost_leads_to_the_page_the_post_is_on(town: Town, running: Forums) -> None:
    thread = max(town.site("haiping").threads, key=lambda one: len(one.posts))
    pid = thread.posts[12].pid
    guest = Guest(running.urls["haiping"])
    status, _, headers = guest.ask(f"forum.php?mod=redirect&goto=findpost&ptid={thread.tid}&pid={pid}")
    guest.close()
    assert status == 301
    assert headers["Location"].endswith(f"forum.php?mod=viewthread&tid={thread.tid}&page=2#pid{pid}")


def test_robots_allow_threads_and_forbid_redirects(running: Forums) -> None:
    guest = Guest(running.urls["haiping"])
    _, text, _ = guest.ask("robots.txt")
    guest.close()
    assert "Disallow: /forum.php?mod=redirect*" in text
    assert "viewthread" not in text


def test_the_same_moment_gives_the_same_pages(town: Town, running: Forums) -> None:
    with running_forums(town=town, clock=lambda: NOON) as again:
        for key in KEYS:
            one, other = Guest(running.urls[key]), Guest(again.urls[key])
            board = ENGINES[key].board_path(town.site(key).boards[0].fid)
            first, second = (visitor.ask(board)[1].replace(visitor.base, "") for visitor in (one, other))
            one.close()
            other.close()
            assert first == second


def test_nothing_of_the_future_is_shown_and_it_appears_in_time(town: Town) -> None:
    now = [NOON - timedelta(days=7)]
    with running_forums(town=town, clock=lambda: now[0]) as forums:
        before = sum(len(thread.posts) for thread in forums.forums["haiping"].threads())
        now[0] = NOON
        after = sum(len(thread.posts) for thread in forums.forums["haiping"].threads())
        latest = max(t.posts[-1].posted_at for t in forums.forums["haiping"].threads())
    assert 0 < before < after
    assert latest <= NOON


def test_a_forum_changes_while_it_is_served(town: Town, running: Forums) -> None:
    forum, guest = running.forums["haiping"], Guest(running.urls["haiping"])
    thread, other = [t for t in town.site("haiping").threads if t.line == "lamp"][:2]
    forum.add_reply(thread.tid, "刚到的新回复")
    forum.edit_post(thread.posts[0].pid, "改过的正文")
    forum.remove_thread(other.tid)
    page = guest.pages(f"thread-{thread.tid}-1-1.html")
    assert "改过的正文" in page[0].css(".t_f").xpath("string()").get("")
    assert page[0].css("i.pstatus")
    assert "刚到的新回复" in page[-1].css("#postlist").xpath("string()").get("")
    assert guest.ask(f"thread-{other.tid}-1-1.html")[0] == 404
    newest = guest.page(f"forum-{thread.fid}-1.html").css("tbody[id^=normalthread_]")[0].attrib["id"]
    guest.close()
    assert newest == f"normalthread_{thread.tid}"
    assert forum.requested[0] == f"/thread-{thread.tid}-1-1.html"


def test_a_deleted_floor_may_redirect_once_a_day_as_on_real_sites(town: Town) -> None:
    thread = next(t for t in town.site("haiping").threads if any(p.deleted for p in t.posts[:10]))
    with running_forums(town=town, clock=lambda: NOON, self_redirects=True) as forums:
        guest = Guest(forums.urls["haiping"])
        status, _, headers = guest.ask(f"thread-{thread.tid}-1-1.html")
        assert status == 302
        assert guest.ask(headers["Location"])[0] == 200
        guest.close()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serving_ends_cleanly_when_told_to_stop(stop: signal.Signals) -> None:
    program = (
        "from minyi.demo.server import serve_until_stopped as s; s(ready=lambda u: print(*u, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as served:
        assert served.stdout
        assert served.stderr
        assert served.stdout.readline().split() == [b"haiping", b"teahouse"]
        served.send_signal(stop)
        assert served.wait(20) == 0
        assert served.stderr.read() == b""
