"""Posts of a few words, as phones send them, read by the shipped models."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import labelled
from pipelines.places import PlaceFinder
from pipelines.reader import Document, Reader, load_models
from pipelines.segment import Segmenter

LEARNED = Path(labelled.__file__).with_name("examples") / "terse.csv"
HELD_OUT = Path(__file__).parents[2] / "bench" / "terse.csv"

CLEAR = (
    ("柳溪小区又停水了", "投诉", "neg"),
    ("路灯坏一个月没人管", "投诉", "neg"),
    ("小区门口垃圾三天没人收", "投诉", "neg"),
    ("隔壁工地半夜还在打桩", "投诉", "neg"),
    ("学校食堂的饭是馊的", "投诉", "neg"),
    ("物业乱收费没人管", "投诉", "neg"),
    ("老板欠了三个月工资不给", "投诉", "neg"),
    ("楼下饭店油烟太大", "投诉", "neg"),
    ("地铁几号线通到高新区？", "咨询", "neu"),
    ("求推荐牙医", "咨询", "neu"),
    ("请问身份证去哪里办", "咨询", "neu"),
    ("明天几点来水？", "咨询", "neu"),
    ("医保怎么报销", "咨询", "neu"),
    ("建议多装几个摄像头", "建议", "neu"),
    ("希望增加一趟公交", "建议", "neu"),
    ("建议小区里装个路灯", "建议", "neu"),
    ("孩子走丢了，求大家帮忙找找", "求助", "neg"),
    ("没钱看病了，求求领导帮帮我", "求助", "neg"),
    ("点赞环卫工", "表扬", "pos"),
    ("谢谢帮忙的民警", "表扬", "pos"),
    ("路修好了，点赞", "表扬", "pos"),
    ("沙发", "其他", "neu"),
    ("转发微博", "其他", "neu"),
    ("捡到一把钥匙，失主联系", "其他", "neu"),
    ("这电影太烂了", "其他", "neg"),
    ("又输了，烦死", "其他", "neg"),
)


@pytest.fixture(scope="module")
def shipped() -> Reader:
    return Reader(load_models(), Segmenter(), PlaceFinder({}), unsure=0.5)


@pytest.mark.parametrize(("text", "intent", "sentiment"), CLEAR)
def test_a_clear_post_of_a_few_words_is_read_as_what_it_is(
    shipped: Reader, text: str, intent: str, sentiment: str
) -> None:
    (reading,) = shipped.read([Document(title="", text=text)])
    assert (reading.intent, reading.sentiment) == (intent, sentiment)


@pytest.mark.parametrize("text", ["哈哈哈太好笑了", "今天天气真好，开心"])
def test_pleasant_chatter_is_positive(shipped: Reader, text: str) -> None:
    """And no complaint; that it is no praise is not always seen: annotators call "太可爱了" praise."""
    (reading,) = shipped.read([Document(title="", text=text)])
    assert reading.sentiment == "pos"
    assert reading.intent in ("其他", "表扬")


def test_most_terse_posts_of_other_things_in_other_words_are_read_rightly(shipped: Reader) -> None:
    rows = list(_rows(HELD_OUT))
    readings = shipped.read([Document(title="", text=row["text"]) for row in rows])
    for task, least in (("intent", 0.6), ("sentiment", 0.7)):
        right = [getattr(reading, task) == row[task] for reading, row in zip(readings, rows, strict=True)]
        assert sum(right) >= least * len(rows)


def test_no_post_of_the_held_out_list_is_learned_from() -> None:
    learned, held_out = ([row["text"] for row in _rows(path)] for path in (LEARNED, HELD_OUT))
    assert len(learned) == len(set(learned))
    assert not set(learned) & set(held_out)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
