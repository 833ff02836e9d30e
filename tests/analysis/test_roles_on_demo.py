"""Roles of the demo town's threads, read by the shipped models: other seeds, other places."""

from datetime import date
from typing import Any

import pytest

from analysis.posts import Posts, read_posts
from analysis.roles import role_of
from minyi.demo.model import Site, Thread
from minyi.demo.timetable import SHANGHAI
from minyi.demo.town import build_town, town_data
from pipelines.places import PlaceFinder
from pipelines.reader import Document, Reader, load_models
from pipelines.segment import Segmenter

TODAY = date(2026, 11, 23)
PLACES = {"pharmacy": "广德药局", "village": "上坪村", "east_road": "长虹大道", "old_market": "西门菜场"}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_models(), Segmenter(), PlaceFinder({}), unsure=0.5)


def roles_of(town: Any, site: Site, reader: Reader, towns: Any) -> dict[int, str]:
    """Thread number -> role, every thread by itself."""
    boards = {board.fid: board.name for board in site.boards}
    offices = {text for key, text in towns.items() if key != "admin"}
    numbers = {town_thread(town, thread, boards, offices, reader): thread.tid for thread in site.threads}
    posts = read_posts(town.frame, SHANGHAI, TODAY)
    return {numbers[number]: role_of(mine) for number in numbers if len(mine := of_thread(posts, number))}


def of_thread(posts: Posts, number: int) -> Posts:
    return posts.take(posts.thread_id == number)


def town_thread(town: Any, thread: Thread, boards: dict[int, str], offices: set[str], reader: Reader) -> int:
    posts = [post for post in thread.posts if not post.deleted]
    first = posts[0].pid
    documents = [Document(title=thread.title if p.pid == first else "", text=p.text) for p in posts]
    number = 0
    for post, reading in zip(posts, reader.read(documents), strict=True):
        fields: dict[str, Any] = {
            name: getattr(reading, name)
            for name in ("sentiment", "p_neg", "intent", "category", "p_category", "category_detail", "spam")
        }
        fields |= {"board": boards[thread.fid], "agency": post.author if post.author in offices else None}
        if post.pid == first:
            number = town.thread(thread.title, post.text, post.posted_at, **fields)
        else:
            town.reply(number, post.text, post.posted_at, **fields)
    return number


@pytest.mark.parametrize(("seed", "places"), [(3, {}), (11, PLACES)])
def test_matters_are_found_and_chatter_stays_out(
    town: Any, reader: Reader, seed: int, places: dict[str, str]
) -> None:
    demo = build_town(seed, TODAY, places=places)
    offices = {
        key: name.replace("{town}", demo.places["town"]) for key, name in town_data()["offices"].items()
    }
    offices = {
        key: name.replace("{hill_district}", demo.places["hill_district"]) for key, name in offices.items()
    }
    site = demo.site("haiping")
    roles = roles_of(town, site, reader, offices)
    lines: dict[str, list[str]] = {}
    for thread in site.threads:
        if thread.tid in roles and thread.kind != "公告":
            lines.setdefault(thread.line, []).append(roles[thread.tid])
    assert lines["chatter"].count("chatter") >= 0.95 * len(lines["chatter"])
    assert lines["small"].count("matter") >= 0.95 * len(lines["small"])
    assert lines["lamp"] == ["matter"] * 5
    assert lines["afterschool"].count("matter") >= 0.9 * len(lines["afterschool"])
    assert lines["parking"].count("praise") >= 4
