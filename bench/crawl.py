"""Pages per second of our Discuz! spider and of a bare Scrapy spider that only follows the same links.

    python -m bench.crawl [--threads 400] [--memory-pages 20000]

Same server, same machine, same run, one request at a time, delay 0; then memory over many pages.
"""

import argparse
import asyncio
import json
import multiprocessing
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.crawlers.forum_server import THREADS_A_PAGE, ZONE, Forum

LAST = datetime(2026, 11, 1, 12, tzinfo=ZONE)
# A real page carries menus, profiles and scripts around its posts; as much again here.
FILLER = (
    '<div class="nav"><ul>' + '<li><a href="javascript:;" class="x">导航项目</a></li>' * 150 + "</ul></div>"
)
RESULT = "result:"
ROUNDS = 3


def build_forum(threads: int, replies: int) -> Forum:
    forum = Forum()
    for tid in range(1, threads + 1):
        forum.add(tid, replies, LAST - timedelta(minutes=tid))
    return forum


def serve_forum(port: Any, threads: int, replies: int) -> None:
    """A server in a process of its own; pages are rendered once and kept."""
    forum, pages = build_forum(threads, replies), dict[str, bytes]()

    def page(path: str) -> bytes:
        if path not in pages:
            body = (
                forum.robots
                if path == "/robots.txt"
                else forum.render(path)[1].replace("</body>", FILLER + "</body>")
            )
            content = body.encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(content)}\r\n\r\n"
            pages[path] = head.encode() + content
        return pages[path]

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                writer.write(page(request.split(b" ", 2)[1].decode()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def running_server(threads: int, replies: int) -> Iterator[str]:
    port: Any = multiprocessing.Queue()
    process = multiprocessing.Process(target=serve_forum, args=(port, threads, replies), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{port.get()}/"
    process.terminate()
    process.join()


def crawl_ours(url: str) -> None:
    from crawlers.run import crawl
    from crawlers.sources import SourceSpec

    memory: list[float] = []
    seen = 0

    def take(item: object) -> None:
        nonlocal seen
        seen += 1
        if seen % 2000 == 0:
            memory.append(resident())

    source = SourceSpec(
        name="bench", engine="discuz", url=url, delay=0, allow_private=True, max_threads=10**6
    )
    started, busy = time.perf_counter(), time.process_time()
    report = crawl(source, take, user_agent="Minyi/0.1 (bench; 0000)", since=datetime(2000, 1, 1, tzinfo=UTC))
    spent = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - busy}
    tell(pages=report.requests, memory=memory, **spent)


def crawl_bare(url: str) -> None:
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"
        start_urls = (url,)

        def parse(self, response: Any) -> Any:
            for href in response.css("h2 a::attr(href), a.xst::attr(href), a.nxt::attr(href)").getall():
                yield response.follow(href)

    process = AsyncCrawlerProcess(
        {"LOG_LEVEL": "CRITICAL", "CONCURRENT_REQUESTS": 1, "TELNETCONSOLE_ENABLED": False}
    )
    crawler = process.create_crawler(Bare)
    started, busy = time.perf_counter(), time.process_time()
    process.crawl(crawler)
    process.start()
    pages = crawler.stats.get_value("downloader/request_count")
    tell(pages=pages, seconds=time.perf_counter() - started, cpu=time.process_time() - busy)


def resident() -> float:
    """Resident memory of this process in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def tell(**result: Any) -> None:
    print(RESULT + json.dumps(result))


def run(who: str, url: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.crawl", "--as", who, "--url", url],
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith(RESULT))
    result: dict[str, Any] = json.loads(line.removeprefix(RESULT))
    return result


def best(rounds: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The round the rest of the machine disturbed least."""
    return min(rounds, key=lambda row: float(row["seconds"]))


def compare(threads: int) -> None:
    with running_server(threads, replies=14) as url:
        rounds = [{who: run(who, url) for who in ("bare", "ours")} for _ in range(ROUNDS)]
    rows = {who: best(found[who] for found in rounds) for who in rounds[0]}
    speed = {who: row["pages"] / row["seconds"] for who, row in rows.items()}
    effort = {who: 1000 * row["cpu"] / row["pages"] for who, row in rows.items()}
    print("| spider | pages | pages/s | ms of CPU a page | of bare |\n|---|---|---|---|---|")
    for who, row in rows.items():
        share = f"{speed[who] / speed['bare']:.0%} (by CPU {effort['bare'] / effort[who]:.0%})"
        print(f"| {who} | {row['pages']} | {speed[who]:.0f} | {effort[who]:.1f} | {share} |")


def measure_memory(pages: int) -> None:
    threads = pages * THREADS_A_PAGE // (2 * THREADS_A_PAGE + 1)
    with running_server(threads, replies=14) as url:
        result = run("ours", url)
    first, last, most = result["memory"][0], result["memory"][-1], max(result["memory"])
    print(
        f"memory over {result['pages']} pages: {first:.0f} MB at first, {most:.0f} at most, {last:.0f} at the end"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=400)
    parser.add_argument("--memory-pages", type=int, default=20_000)
    parser.add_argument("--as", dest="who", choices=["ours", "bare"], help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.who:
        {"ours": crawl_ours, "bare": crawl_bare}[options.who](options.url)
        return
    compare(options.threads)
    if options.memory_pages:
        measure_memory(options.memory_pages)


if __name__ == "__main__":
    main()
