"""A small forum on loopback with Discuz! markup, whose faults a test can choose."""

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
ROBOTS = "User-agent: *\nDisallow: /api/\n"
POSTS_A_PAGE, THREADS_A_PAGE = 10, 20


@dataclass
class Reply:
    pid: int
    at: datetime
    text: str
    author: str = "居民"


@dataclass
class Topic:
    tid: int
    title: str
    posts: list[Reply]
    fid: int = 2
    gone: bool = False

    @property
    def last(self) -> datetime:
        return self.posts[-1].at


@dataclass
class Answer:
    """What a fault sends instead of the page."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None
    drip: float = 0.0
    wait: float = 0.0


Fault = Callable[[str, int], Answer | None]


class Forum:
    """Boards, threads and posts; `faults` see every request (path, how often asked before)."""

    def __init__(self, charset: str = "utf-8", robots: str = ROBOTS) -> None:
        self.charset, self.robots = charset, robots
        self.topics: list[Topic] = []
        self.boards = {2: "市民论坛", 3: "二手市场"}
        self.log: list[str] = []
        self.faults: list[Fault] = []
        self.user_agents: set[str] = set()
        self.order: Callable[[Topic], Any] = lambda topic: topic.last

    def add(self, tid: int, replies: int, last: datetime, fid: int = 2) -> Topic:
        times = [last - timedelta(minutes=replies - number) for number in range(replies + 1)]
        posts = [Reply(tid * 1000 + number, at, f"第{number}条：路灯不亮") for number, at in enumerate(times)]
        topic = Topic(tid, f"主题{tid}", posts, fid)
        self.topics.append(topic)
        return topic

    def answer(self, path: str) -> Answer:
        asked = self.log.count(path)
        self.log.append(path)
        for fault in self.faults:
            if (answer := fault(path, asked)) is not None:
                return answer
        if path == "/robots.txt":
            return Answer(self.robots.encode(), headers={"Content-Type": "text/plain"})
        status, html = self.render(path)
        return Answer(
            html.encode(self.charset), status, {"Content-Type": f"text/html; charset={self.charset}"}
        )

    def render(self, path: str) -> tuple[int, str]:
        if path in ("/", "/forum.php"):
            return 200, self.index()
        if found := re.fullmatch(r"/forum-(\d+)-(\d+)\.html", path):
            return 200, self.board(int(found[1]), int(found[2]))
        found = re.fullmatch(r"/thread-(\d+)-(\d+)-\d+\.html", path)
        found = found or re.fullmatch(r"/forum\.php\?mod=viewthread&tid=(\d+)(?:&page=(\d+))?", path)
        topic = next((t for t in self.topics if found and t.tid == int(found[1]) and not t.gone), None)
        if found is None or topic is None:
            return 404, notice("抱歉，指定的主题不存在或已被删除或正在被审核")
        return 200, self.thread(topic, int(found[2] or 1))

    def index(self) -> str:
        cells = "".join(
            f'<h2><a href="forum-{fid}-1.html">{name}</a></h2>' for fid, name in self.boards.items()
        )
        return f'<html><body><div class="fl"><table class="fl_tb"><tr><td>{cells}</td></tr></table></div></body></html>'

    def board(self, fid: int, number: int) -> str:
        topics = sorted((t for t in self.topics if t.fid == fid and not t.gone), key=self.order, reverse=True)
        start = (number - 1) * THREADS_A_PAGE
        rows = "".join(map(row, topics[start : start + THREADS_A_PAGE]))
        if not topics:
            rows = '<tbody><tr><th><p class="emp">本版块或指定的范围内尚无主题</p></th></tr></tbody>'
        pages = max(1, -(-len(topics) // THREADS_A_PAGE))
        return layout(
            f'<table id="threadlisttableid">{rows}</table>' + pager(f"forum-{fid}-{{}}.html", number, pages),
            fid,
            self.boards[fid],
        )

    def thread(self, topic: Topic, number: int) -> str:
        pages = max(1, -(-len(topic.posts) // POSTS_A_PAGE))
        number = min(number, pages)
        start = (number - 1) * POSTS_A_PAGE
        floors = "".join(
            floor(post, start + index + 1)
            for index, post in enumerate(topic.posts[start : start + POSTS_A_PAGE])
        )
        heading = f'<h1 class="ts"><span id="thread_subject">{topic.title}</span></h1>'
        body = f'{heading}<div id="postlist">{floors}</div>' + pager(
            f"thread-{topic.tid}-{{}}-1.html", number, pages
        )
        return layout(body, topic.fid, self.boards[topic.fid])


class Site(Forum):
    """A site of fixed pages, by path; an XML page is served as such."""

    def __init__(self, pages: dict[str, str]) -> None:
        super().__init__()
        self.pages = pages

    def render(self, path: str) -> tuple[int, str]:
        return (200, self.pages[path]) if path in self.pages else (404, "")


def layout(body: str, fid: int, board: str) -> str:
    trail = f'<div id="pt"><a href="forum.php">论坛</a><a href="forum-{fid}-1.html">{board}</a></div>'
    return f"<!DOCTYPE html><html><head><title>{board}</title></head><body>{trail}{body}</body></html>"


def notice(words: str) -> str:
    return f'<html><head><title>提示信息</title></head><body><div id="messagetext" class="alert_error"><p>{words}</p></div></body></html>'


def row(topic: Topic) -> str:
    replies, first, last = len(topic.posts) - 1, topic.posts[0].at, topic.last
    return (
        f'<tbody id="normalthread_{topic.tid}"><tr><th><a class="s xst" href="thread-{topic.tid}-1-1.html">'
        f'{topic.title}</a></th><td class="by"><cite><a>居民</a></cite><em><span>{first:%Y-%-m-%-d}</span></em></td>'
        f'<td class="num"><a>{replies}</a><em>{replies * 7 + 3}</em></td>'
        f'<td class="by"><cite><a>居民</a></cite><em><a>{last:%Y-%-m-%-d %H:%M}</a></em></td></tr></tbody>'
    )


def floor(post: Reply, number: int) -> str:
    return (
        f'<div id="post_{post.pid}"><table id="pid{post.pid}"><tr><td class="pls"><div class="authi">'
        f'<a class="xw1">{post.author}</a></div></td><td class="plc"><a id="postnum{post.pid}"><em>{number}</em>'
        f'<sup>#</sup></a><em id="authorposton{post.pid}">发表于 {post.at:%Y-%-m-%-d %H:%M:%S}</em>'
        f'<td class="t_f" id="postmessage_{post.pid}">{post.text}</td></td></tr></table></div>'
    )


def pager(form: str, number: int, pages: int) -> str:
    if pages == 1:
        return ""
    previous = f'<a class="prev" href="{form.format(number - 1)}">&nbsp;</a>' if number > 1 else ""
    following = f'<a class="nxt" href="{form.format(number + 1)}">下一页</a>' if number < pages else ""
    return f'<div class="pg">{previous}<strong>{number}</strong>{following}</div>'


@contextmanager
def serve(forum: Forum, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve a forum on a free port of a loopback address; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # header and body in one packet, or delayed ACKs make it slow

        def do_GET(self) -> None:
            forum.user_agents.add(self.headers.get("User-Agent", ""))
            answer = forum.answer(self.path)
            stopped.wait(answer.wait)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            promised = answer.promised if answer.promised is not None else len(answer.body)
            self.send_header("Content-Length", str(promised))
            self.end_headers()
            self.send(answer)
            if promised != len(answer.body):
                self.close_connection = True

        def send(self, answer: Answer) -> None:
            if not answer.drip:
                self.wfile.write(answer.body)
                return
            for byte in answer.body:
                if stopped.wait(answer.drip):
                    return
                self.wfile.write(bytes([byte]))
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that gave up is what some tests are about."""

    stopped = threading.Event()
    server = Server((host, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}/"
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def gzip_bomb(megabytes: int) -> Answer:
    body = gzip.compress(b"\0" * (megabytes * 1024 * 1024))
    return Answer(body, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
