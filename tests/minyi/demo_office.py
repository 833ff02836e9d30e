"""An office whose sources are the demo town's forums, filled without a crawl."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from crawlers.items import Post, Thread
from minyi.config import load_config
from minyi.demo.config import demo_config
from minyi.demo.model import Site, Town
from minyi.workspace import Workspace
from pipelines.item_pipelines import Intake, Item
from pipelines.reader import Document
from pipelines.store.readings import save_readings, unread_posts


def open_office(
    folder: Path, town: Town, renamed: Mapping[str, str] | None = None, *, settings: str = ""
) -> Workspace:
    """The workspace of a new office in that folder, with nothing in its store; `settings` are more TOML."""
    file = folder / "minyi.toml"
    urls = {site.key: f"https://{site.key}.example.org/" for site in town.sites}
    file.write_text(demo_config(urls, places=dict(renamed or {})) + settings, encoding="utf-8")
    return Workspace(load_config(file, {}), file)


def store_site(workspace: Workspace, site: Site, *more: Item) -> None:
    """Store what a crawl of the site would yield."""
    intake = Intake(workspace.engine, site.key, workspace.config.accounts, b"k" * 32)
    for item in (*_items(site), *more):
        intake.take(item)
    intake.flush()


def read_posts(workspace: Workspace) -> None:
    """Read everything that was stored."""
    reader = workspace.reader
    for rows in unread_posts(workspace.engine, reader.version, size=1000):
        documents = [Document(title=row.title if row.is_first else "", text=row.text) for row in rows]
        with workspace.engine.begin() as connection:
            save_readings(connection, rows, reader.read(documents), reader.version, datetime.now(UTC))


def _items(site: Site) -> Iterator[Item]:
    boards = {board.fid: board.name for board in site.boards}
    for thread in site.threads:
        url = f"https://{site.key}.example.org/thread-{thread.tid}-1-1.html"
        key = str(thread.tid)
        yield Thread(source=site.key, thread_key=key, url=url, title=thread.title, board=boards[thread.fid])
        for post in thread.posts:
            if not post.deleted:
                yield Post(
                    source=site.key,
                    thread_key=key,
                    post_key=str(post.pid),
                    url=f"{url}#pid{post.pid}",
                    text=post.text,
                    is_first=post.floor == 1,
                    floor=post.floor,
                    posted_at=post.posted_at,
                    author=post.author,
                )
