"""Topics: what they find, who may see it, and that the configuration only begins them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.items import Post, Thread
from minyi.config import load_config
from minyi.errors import ConfigError, InputError
from minyi.topics import Limits, count_topic, drop_topic, get_topic, keep_topic, list_topics
from minyi.workspace import Workspace
from pipelines.item_pipelines import Intake
from pipelines.query import QueryError
from pipelines.store.audit import last_records

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
SEED = '\n[[topics]]\nname = "路灯"\nquery = "路灯 NOT 广告"\n'


@pytest.fixture
def workspace(office: Path, database_url: str) -> Iterator[Workspace]:
    opened = open_office(office, database_url, SEED)
    yield opened
    opened.close()


def open_office(office: Path, database_url: str, topics: str) -> Workspace:
    file = office / "with_topics.toml"
    file.write_text((office / "minyi.toml").read_text(encoding="utf-8") + topics, encoding="utf-8")
    return Workspace(load_config(file, {"MINYI_DATABASE_URL": database_url}), file)


def write(workspace: Workspace, *texts: str) -> None:
    """One thread a text, a day apart."""
    intake = Intake(workspace.engine, "hotline", {}, b"k" * 32)
    for number, text in enumerate(texts):
        key, url = f"{text}{number}", f"https://bbs.example.org/{number}"
        intake.take(Thread(source="hotline", thread_key=key, url=url, title="反映一件事"))
        at = NOON + timedelta(days=number)
        intake.take(
            Post(
                source="hotline",
                thread_key=key,
                post_key=key,
                url=url,
                text=text,
                is_first=True,
                floor=1,
                posted_at=min(at, datetime.now(UTC)),
                author="望海居民",
            )
        )
    intake.flush()


def test_a_count_shows_the_newest_samples_masked(workspace: Workspace) -> None:
    write(workspace, *(f"望海路路灯第{day}天不亮，电话13912345678" for day in range(12)), "路灯广告")
    found = count_topic(workspace, "路灯", staff="甲")
    assert (found.posts, found.threads, found.shown) == (12, 12, True)
    assert [post.text[:9] for post in found.samples if post.text][:2] == [
        "望海路路灯第11天",
        "望海路路灯第10天",
    ]
    assert len(found.samples) == 10
    assert {post.source for post in found.samples} == {"12345 热线"}
    assert not any("13912345678" in (post.text or "") for post in found.samples)


def test_fewer_than_three_threads_are_only_counted(workspace: Workspace) -> None:
    write(workspace, "路灯不亮", "路灯坏了", "水管裂了")
    found = count_topic(workspace, "路灯", staff="甲")
    assert (found.posts, found.threads, found.shown, found.samples) == (2, 2, False, ())


def test_every_query_is_in_the_audit(workspace: Workspace) -> None:
    count_topic(workspace, "水管 OR 路灯", staff="甲", limits=Limits(source="hotline"))
    with workspace.engine.connect() as connection:
        [entry] = last_records(connection, 1)
    assert (entry.staff, entry.action, entry.subject) == ("甲", "topic.query", "水管 OR 路灯")
    assert entry.details == {"query": "(水管 OR 路灯) source:hotline", "posts": 0, "threads": 0}


def test_limits_narrow_a_query(workspace: Workspace) -> None:
    write(workspace, "路灯不亮", "路灯坏了", "路灯又坏了")
    day = date(2026, 11, 21)
    assert count_topic(workspace, "路灯", staff="甲", limits=Limits(first=day, last=day)).posts == 1
    assert count_topic(workspace, "路灯", staff="甲", limits=Limits(district="东浦街道")).posts == 0
    with pytest.raises(InputError, match="没有名为“北浦”的区域"):
        count_topic(workspace, "路灯", staff="甲", limits=Limits(district="北浦"))
    with pytest.raises(ConfigError, match="没有名为“none”的来源"):
        count_topic(workspace, "路灯", staff="甲", limits=Limits(source="none"))


def test_a_wrong_query_is_not_saved(workspace: Workspace) -> None:
    for query in ("路灯 AND", "作者:老王", "NOT 广告", "来源:none 灯", "类别:没有 灯"):
        with pytest.raises(QueryError):
            keep_topic(workspace, "新", query, staff="甲")
    with pytest.raises(InputError, match="专题名"):
        keep_topic(workspace, " ", "路灯", staff="甲")
    assert [topic.name for topic in list_topics(workspace)] == ["路灯"]


def test_the_configuration_seeds_what_nobody_changed(
    workspace: Workspace, office: Path, database_url: str
) -> None:
    assert get_topic(workspace, "路灯").query == "路灯 NOT 广告"
    later = open_office(office, database_url, SEED.replace("NOT 广告", "OR 灯泡"))
    assert get_topic(later, "路灯").query == "路灯 OR 灯泡", "a seed follows its file"
    keep_topic(later, "路灯", "路灯 望海路", staff="甲")
    assert get_topic(later, "路灯").query == "路灯 望海路"
    assert get_topic(workspace, "路灯").query == "路灯 望海路", "what staff wrote stays"
    drop_topic(later, "路灯", staff="乙")
    assert list_topics(workspace) == (), "what staff removed stays away"
    with pytest.raises(InputError, match="没有名为"):
        drop_topic(later, "路灯", staff="乙")
    later.close()


@pytest.mark.parametrize("query", ["路灯 13912345678", "业主 王强", "张老师 补课", "浙D6H327"])
def test_nobody_is_searched_for(workspace: Workspace, query: str) -> None:
    with pytest.raises(InputError, match="不按人检索") as refused:
        count_topic(workspace, query, staff="甲")
    assert query not in str(refused.value)
    for name, what in ((query, "路灯"), ("路灯照明", query)):
        with pytest.raises(InputError, match="不按人检索"):
            keep_topic(workspace, name, what, staff="甲")
    with workspace.engine.connect() as connection:
        assert not last_records(connection, 9)


def test_a_configured_topic_that_asks_for_a_person_is_not_stored(office: Path, database_url: str) -> None:
    workspace = open_office(office, database_url, '\n[[topics]]\nname = "甲"\nquery = "业主 王强"\n')
    with pytest.raises(InputError, match="配置里有一个专题"):
        list_topics(workspace)
    workspace.close()
