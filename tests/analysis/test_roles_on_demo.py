"""Roles of the demo town's threads, read by the shipped models: other seeds, other places."""

from datetime import date, datetime
from typing import Any

import pytest

from analysis.posts import Posts, read_posts
from analysis.roles import is_idle, role_of
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


# Complaints in a few words, of which the list of matters may leave some out.
TERSE = (
    *(("又没水", "六楼一滴水都没有"), ("停电", "我们这片黑了一晚上"), ("吵", "对面天天打桩到半夜")),
    *(("没信号", "村里手机打不通电话，出了事怎么办"), ("砂石车", "拉砂车一路掉石子")),
    *(("农药", "打药的水流到井里"), ("救命", "谁能来看看，水漫进屋了"), ("塌方", "去栖山的路塌了半边")),
    *(("学校", "中午饭馊的"), ("狗", "小区里没拴绳的大狗追孩子"), ("养老金", "这个月没到账")),
    *(("无语", "打了十几个电话都说不归他们管"), ("老人走失", "派出所说等等"), ("塌了", "墙塌了")),
    *(("饭店", "吃完拉肚子"), ("快递", "送到镇上就不管了"), ("有人管吗", "唉"), ("烟花", "半夜放炮孩子吓哭")),
)


def roles_of(town: Any, site: Site, reader: Reader, towns: Any) -> dict[int, str]:
    """Thread number -> role, or that it is set aside, every thread by itself."""
    boards = {board.fid: board.name for board in site.boards}
    offices = {text for key, text in towns.items() if key != "admin"}
    numbers = {town_thread(town, thread, boards, offices, reader): thread.tid for thread in site.threads}
    posts = read_posts(town.frame, SHANGHAI, TODAY)
    alone = {number: mine for number in numbers if len(mine := of_thread(posts, number))}
    return {
        numbers[number]: "aside" if is_idle(thread) else role_of(thread) for number, thread in alone.items()
    }


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


def lines_of(
    town: Any, reader: Reader, seed: int, places: dict[str, str], forum: str
) -> dict[str, list[str]]:
    """Line of the story -> the roles of its threads."""
    demo = build_town(seed, TODAY, places=places)
    offices = {
        key: name.replace("{town}", demo.places["town"]).replace(
            "{hill_district}", demo.places["hill_district"]
        )
        for key, name in town_data()["offices"].items()
    }
    site = demo.site(forum)
    roles = roles_of(town, site, reader, offices)
    lines: dict[str, list[str]] = {}
    for thread in site.threads:
        if thread.tid in roles and thread.kind != "公告":
            lines.setdefault(thread.line, []).append(roles[thread.tid])
    return lines


@pytest.mark.parametrize(("seed", "places"), [(3, {}), (11, PLACES)])
def test_matters_are_found_and_chatter_stays_out(
    town: Any, reader: Reader, seed: int, places: dict[str, str]
) -> None:
    lines = lines_of(town, reader, seed, places, "haiping")
    aside = lines["chatter"].count("aside")
    assert aside >= 0.25 * len(lines["chatter"]), "a question to neighbours is none of these"
    assert lines["chatter"].count("chatter") + aside >= 0.95 * len(lines["chatter"])
    others = [role for line, roles in lines.items() if line != "chatter" for role in roles]
    assert others.count("aside") <= 1, "who comes along for a photograph"
    assert lines["small"].count("matter") >= 0.95 * len(lines["small"])
    assert lines["lamp"] == ["matter"] * 5
    assert lines["afterschool"].count("matter") >= 0.9 * len(lines["afterschool"])
    assert lines["parking"].count("praise") >= 4


@pytest.mark.parametrize(("seed", "places"), [(3, {}), (11, PLACES)])
def test_what_a_village_forum_asks_of_its_roads_is_heard(
    town: Any, reader: Reader, seed: int, places: dict[str, str]
) -> None:
    lines = lines_of(town, reader, seed, places, "teahouse")
    assert lines["small"] == ["matter"] * 4
    assert "matter" not in lines["chatter"]


def test_no_complaint_is_set_aside_however_few_its_words(town: Any, reader: Reader) -> None:
    documents = [Document(title=title, text=text) for title, text in TERSE]
    for document, reading in zip(documents, reader.read(documents), strict=True):
        fields = {
            name: getattr(reading, name) for name in ("sentiment", "p_neg", "intent", "category_detail")
        }
        town.thread(
            document.title, document.text, datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), board="闲聊", **fields
        )
    posts = read_posts(town.frame, SHANGHAI, TODAY)
    assert [thread.title[0] for thread in posts.by_thread() if is_idle(thread)] == []
