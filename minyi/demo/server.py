"""Serves both demo forums on loopback."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread, current_thread, main_thread

from minyi.demo.engine import ENGINES, Engine
from minyi.demo.forum import Forum, shanghai_now
from minyi.demo.model import Town
from minyi.demo.routes import Answer, answer
from minyi.demo.timetable import SHANGHAI
from minyi.demo.town import build_town

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Forums:
    """Both forums while they are served; `urls` and `forums` go by the forum's key."""

    town: Town
    forums: Mapping[str, Forum]
    urls: Mapping[str, str]


@contextmanager
def running_forums(
    seed: int = 1,
    today: date | None = None,
    *,
    town: Town | None = None,
    clock: Callable[[], datetime] = shanghai_now,
    ports: Mapping[str, int] | None = None,
    self_redirects: bool = False,
) -> Iterator[Forums]:
    """Serve the town's forums on loopback (free ports unless told) until the block ends.

    `town` goes before seed and date; `clock` is the aware moment all pages are rendered at.
    With `self_redirects` the day's first look at a page with a deleted floor is a 302, as on real sites.
    """
    built = town or build_town(seed, today or clock().astimezone(SHANGHAI).date())
    forums = {site.key: Forum(site, clock=clock, self_redirects=self_redirects) for site in built.sites}
    servers = {key: _server(forum, ENGINES[key], (ports or {}).get(key, 0)) for key, forum in forums.items()}
    for server in servers.values():
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        urls = {key: f"http://{_HOST}:{server.server_address[1]}/" for key, server in servers.items()}
        yield Forums(built, forums, urls)
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()


def serve_until_stopped(
    *,
    seed: int = 1,
    today: date | None = None,
    ready: Callable[[dict[str, str]], None] = lambda _urls: None,
    ports: Mapping[str, int] | None = None,
) -> None:
    """Serve both forums until Ctrl-C or SIGTERM; `ready` is told their addresses first."""
    stopped = Event()
    if current_thread() is main_thread():
        signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
        signal.signal(signal.SIGINT, lambda _number, _frame: stopped.set())
    with running_forums(seed, today, ports=ports) as running:
        ready(dict(running.urls))
        stopped.wait()


def _server(forum: Forum, engine: Engine, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Otherwise the body waits for the acknowledgement of the headers, 40 ms a page.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            forum.requested.append(self.path)
            base = f"http://{self.headers.get('Host', _HOST)}/"
            self._send(answer(forum, engine, base, self.path))

        do_HEAD = do_GET  # noqa: N815

        def _send(self, reply: Answer) -> None:
            # Discuz! stores what its charset lacks as character references.
            body = reply.text.encode(engine.CHARSET, "xmlcharrefreplace")
            self.send_response(reply.status)
            self.send_header("Content-Type", f"{reply.kind}; charset={engine.CHARSET}")
            self.send_header("Content-Length", str(len(body)))
            if reply.location:
                self.send_header("Location", reply.location)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing: `requested` remembers what was asked."""

    return ThreadingHTTPServer((_HOST, port), Handler)
