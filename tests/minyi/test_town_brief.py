"""The brief follows the town: other seeds, other names, a story left out."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from analysis.results import IssueResult, RunResult
from crawlers.items import Post, Thread
from minyi.briefs import make_brief
from minyi.config import load_config
from minyi.demo.config import demo_config
from minyi.demo.model import Site, Town
from minyi.demo.town import build_town, town_places
from minyi.runs import result_of, run_analysis
from minyi.workspace import Workspace
from pipelines.item_pipelines import Intake, Item
from pipelines.reader import Document
from pipelines.store.readings import save_readings, unread_posts

TODAY = date(2026, 3, 11)
YESTERDAY = TODAY - timedelta(days=1)
NAMES = {
    "pharmacy": "万年青堂",
    "lamp_crossing": "虹桥路与青麦街路口",
    "lamp_corner": "青麦街路口",
    "lamp_road": "虹桥路",
    "lamp_street": "青麦街",
    "village": "柳浪村",
    "factory": "长岗机制砂厂",
}


def items(site: Site) -> Iterator[Item]:
    """What a crawl of the site would yield."""
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


def write_brief(folder: Path, town: Town, names: dict[str, str]) -> tuple[RunResult, str]:
    """Store, read, analyse and write down the town's yesterday: the results and the page."""
    file = folder / "minyi.toml"
    urls = {site.key: f"https://{site.key}.example.org/" for site in town.sites}
    file.write_text(demo_config(urls, places=names), encoding="utf-8")
    workspace = Workspace(load_config(file, {}), file)
    for site in town.sites:
        intake = Intake(workspace.engine, site.key, workspace.config.accounts, b"k" * 32)
        for item in items(site):
            intake.take(item)
        intake.flush()
    read_all(workspace)
    run = run_analysis(workspace, YESTERDAY, YESTERDAY)
    made = make_brief(workspace, run)
    workspace.close()
    return result_of(run), Path(made["html"]).read_text(encoding="utf-8")


def read_all(workspace: Workspace) -> None:
    reader = workspace.reader
    for rows in unread_posts(workspace.engine, reader.version, size=1000):
        documents = [Document(title=row.title if row.is_first else "", text=row.text) for row in rows]
        with workspace.engine.begin() as connection:
            save_readings(connection, rows, reader.read(documents), reader.version, datetime.now(UTC))


def about(result: RunResult, place: str) -> list[IssueResult]:
    """The issues whose posts name the place most, hottest first."""
    return [
        issue
        for issue in result.issues
        if sum(
            place in (result.evidence[post].text or "") + result.evidence[post].title
            for post in issue.threads.posts
        )
        * 2
        >= len(issue.threads.posts)
    ]


@pytest.mark.parametrize(("seed", "names"), [(2, {}), (3, NAMES)])
def test_the_stories_are_found_under_their_names(tmp_path: Path, seed: int, names: dict[str, str]) -> None:
    result, page = write_brief(tmp_path, build_town(seed, TODAY, places=names), names)
    places = town_places(names)
    focus = result.issues[:5]
    pharmacy, *_ = about(result, places["pharmacy"])
    assert pharmacy in focus
    assert pharmacy.threads.value >= 12
    assert pharmacy.replies
    assert pharmacy.answer == "answered"
    lamp, *_ = about(result, places["lamp_corner"])
    assert lamp in result.issues[:10]
    assert lamp.threads.value >= 4
    assert about(result, places["village"])[0] in result.issues[:10]
    titles = {issue.id: issue.title for issue in result.issues}
    assert [titles[number] for number in result.quiet if "护栏" in titles[number]], "three weeks unanswered"
    [back] = [issue for issue in result.issues if issue.returned_after_days]
    assert "公厕" in back.title
    assert (back.stage, back.answer) == ("returned", "recurring")
    assert any("志愿者" in issue.title or "红袖章" in issue.title for issue in result.praise)
    assert places["pharmacy"] in page
    for key, name in names.items():
        assert town_places()[key] not in page, f"{key} was renamed to {name}"


def test_a_story_left_out_is_not_in_the_brief(tmp_path: Path) -> None:
    places = town_places()
    town = build_town(2, TODAY, leave_out=("lamp", "pharmacy"))
    result, page = write_brief(tmp_path, town, {})
    assert about(result, places["pharmacy"]) == []
    assert about(result, places["lamp_corner"]) == []
    assert about(result, places["village"])
    assert "None" not in page
