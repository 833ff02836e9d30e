"""What a demo town consists of: frozen, with aware times in Asia/Shanghai."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    fid: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One floor; `text` has the typed smilies, `quotes` is the quoted post's number."""

    pid: int
    tid: int
    floor: int
    author: str | None
    uid: int
    posted_at: datetime
    text: str
    quotes: int | None = None
    edited_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """`sticky` is 0, 1 (its board) or 3 (every board); `line` is the story it belongs to."""

    tid: int
    fid: int
    title: str
    line: str
    posts: tuple[Post, ...]
    views: int
    kind: str | None = None
    sticky: int = 0
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What one forum of the town holds."""

    key: str
    name: str
    boards: tuple[Board, ...]
    threads: tuple[Thread, ...]

    @property
    def posts(self) -> tuple[Post, ...]:
        """The posts that were not deleted."""
        return tuple(post for thread in self.threads for post in thread.posts if not post.deleted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    seed: int
    today: date
    places: Mapping[str, str]
    sites: tuple[Site, ...]

    def site(self, key: str) -> Site:
        """The forum of that key (see town.toml)."""
        return {site.key: site for site in self.sites}[key]

    @property
    def boards(self) -> tuple[Board, ...]:
        return tuple(board for site in self.sites for board in site.boards)

    @property
    def threads(self) -> tuple[Thread, ...]:
        return tuple(thread for site in self.sites for thread in site.threads)

    @property
    def posts(self) -> tuple[Post, ...]:
        return tuple(post for site in self.sites for post in site.posts)
