"""Places: verbatim spans, merged, resolved to districts; and a model file that cannot be used says so."""

import pickle
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.arrays import pack_arrays
from pipelines.model_files import ModelError
from pipelines.places import Place, PlaceFinder
from pipelines.places.candidates import NUMBERS, Candidate, describe_candidates
from pipelines.places.features import describe, slot
from pipelines.places.model import FORMAT, TAGS, load_place_model
from pipelines.places.train import (
    Example,
    agreement,
    allowed_tags,
    fit,
    fit_tagger,
    mentions,
    overlap_f1,
    save,
)

GAZETTEER = {"云溪区": "云溪区", "梧桐里": "云溪区", "北岸新城": "北岸区", "北岸": "北岸区"}


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    return PlaceFinder(GAZETTEER)


def test_a_configured_place_is_found_verbatim_with_its_district(finder: PlaceFinder) -> None:
    text = "请问梧桐里什么时候通水？"
    (place,) = [place for place in finder.find(text) if "梧桐里" in place.text]
    assert text[place.start : place.end] == place.text
    assert place.district == "云溪区"


def test_nested_places_are_one(finder: PlaceFinder) -> None:
    places = finder.find("反映云溪区梧桐里小区垃圾清运不及时的问题")
    assert [place.text for place in places] == ["云溪区梧桐里小区"]
    assert finder.district_of(places) == "云溪区"


def test_the_longest_configured_name_decides(finder: PlaceFinder) -> None:
    assert {
        place.district for place in finder.find("北岸新城的路灯坏了") if place.text.startswith("北岸")
    } == {"北岸区"}


def test_a_place_outside_the_gazetteer_is_found_by_its_surroundings(finder: PlaceFinder) -> None:
    places = finder.find("投诉锦绣花园小区物业乱收费。尊敬的领导：我是锦绣花园小区的业主，物业乱收停车费。")
    assert any("锦绣花园" in place.text for place in places)
    assert all(place.district is None for place in places)


def test_the_district_is_the_one_most_places_point_to(finder: PlaceFinder) -> None:
    def place(district: str | None) -> Place:
        return Place("某处", 0, 2, district)

    assert finder.district_of([]) is None
    assert finder.district_of([place(None)]) is None
    assert finder.district_of([place("甲"), place("乙"), place("乙"), place(None)]) == "乙"
    assert finder.district_of([place("甲"), place("乙")]) == "甲"


def test_many_at_once_are_as_one_by_one(finder: PlaceFinder) -> None:
    texts = ["", "云溪区人民路路灯不亮", "😡", "投诉锦绣花园小区物业", "a" * 50, "云溪区人民路路灯不亮"]
    assert finder.find_all(texts) == [finder.find(text) for text in texts]
    assert finder.find_all([]) == []


@settings(max_examples=60)
@given(
    st.text(max_size=120)
    | st.text("云溪区梧桐里北岸新城路小区的A7县1。\n", max_size=80)
    | st.text(st.characters(categories=("Cs", "Lo")), max_size=40)
)
def test_any_text_gives_ordered_verbatim_spans_that_hold_no_other(finder: PlaceFinder, text: str) -> None:
    places = finder.find(text)
    assert all(text[place.start : place.end] == place.text for place in places)
    assert all(one.end <= other.start for one, other in pairwise(places))
    assert not [one for one in places for other in places if one is not other and one.text in other.text]


@pytest.mark.parametrize("piece", ["1", "路", "云溪区", "\x00", "\ud800", "人民路小区"])
def test_two_megabytes(finder: PlaceFinder, piece: str) -> None:
    assert isinstance(finder.find(piece * (700_000 // len(piece))), list)


def test_a_missing_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="找不到地点模型"):
        PlaceFinder({}, model=tmp_path / "none.npz")


SHIPPED = Path(__file__).parents[2] / "pipelines" / "models" / "places.npz"


def test_a_broken_foreign_or_distrusted_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "places.npz"
    for stored in (
        {"format": 99},
        {"weights": np.zeros((2, 5))},
        {"format": FORMAT},
        {"format": FORMAT, "weights": np.zeros((2, 5)), "scale": 1.0, "transitions": 0, "edge_counts": [3]},
    ):
        path.write_bytes(pack_arrays(stored))
        with pytest.raises(ModelError, match="属于另一版本"):
            load_place_model(path)
    path.write_bytes(pickle.dumps({"format": FORMAT}))
    with pytest.raises(ModelError, match="不可信的类型"):
        load_place_model(path)
    path.write_bytes(SHIPPED.read_bytes()[:1000])
    with pytest.raises(ModelError, match="损坏"):
        load_place_model(path)


def test_a_model_that_its_manifest_does_not_know_is_refused(tmp_path: Path) -> None:
    path, manifest = tmp_path / "places.npz", tmp_path / "manifest.json"
    path.write_bytes(SHIPPED.read_bytes())
    manifest.write_bytes((SHIPPED.parent / "manifest.json").read_bytes())
    assert load_place_model(path).version == PlaceFinder({}).version
    path.write_bytes(SHIPPED.read_bytes()[:-10])
    with pytest.raises(ModelError, match="与清单不符"):
        load_place_model(path)
    manifest.write_text('{"files": {}}', encoding="utf-8")
    with pytest.raises(ModelError, match="没有地点模型"):
        load_place_model(path)


def test_a_bare_kind_of_place_is_none_beside_a_name(finder: PlaceFinder) -> None:
    text = "梧桐里小区的电梯又坏了。我们小区老人多，小区门口的路灯也不亮"
    assert [place.text for place in finder.find(text)] == ["梧桐里小区"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "反映青禾家园物业不作为。青禾家园业主多次投诉，因青禾家园物业一直不管，电梯坏了没人修。",
            "青禾家园",
        ),
        ("云溪大道下沉积水严重。听说云溪大道要改造，将云溪大道的路灯换掉。", "云溪大道"),
    ],
)
def test_a_character_before_a_name_is_none_of_it_where_the_post_tells(text: str, place: str) -> None:
    assert [found.text for found in PlaceFinder({}).find(text)] == [place]


def test_repeats_of_a_marked_place_are_neither_right_nor_wrong() -> None:
    example = Example("云溪区梧桐里坏了，梧桐里停水", ("云溪区梧桐里",))
    words = describe([example.text])
    flags = allowed_tags(example, words)
    allowed = {
        example.text[start:end]: "".join(tag for tag, flag in zip(TAGS, row, strict=True) if flag)
        for start, end, row in zip(words.starts, words.ends, flags, strict=True)
        if start >= 6
    }
    assert {tags for word, tags in allowed.items() if word in "梧桐里"} == {"OBIES"}
    assert {tags for word, tags in allowed.items() if word not in "梧桐里"} == {"O"}
    assert mentions("路上路下", ["路", "路"], first_only=True) == [(0, 1)]


def test_agreement_of_two_lists_of_places() -> None:
    text = "云溪区梧桐里三栋和北岸新城都停水"
    one, other = Example(text, ("云溪区梧桐里", "北岸新城")), Example(text, ("梧桐里三栋",))
    figures = agreement([one], [other])
    assert figures["首次出现处重叠"] == pytest.approx(2 * 0.5 / 1.5)
    assert figures["文字包含"] == 0
    assert figures["文字过半相同"] == pytest.approx(2 * 0.5 / 1.5)


def test_a_feature_met_once_is_not_learned() -> None:
    names = ("东山小区", "西河小区", "南湖小区")
    examples = [Example(f"请问{name}什么时候通气？", (name,)) for name in names]
    words = [describe([example.text]) for example in examples]
    model = fit_tagger(examples, words)
    keys, counts = np.unique(np.concatenate([one.keys.ravel() for one in words]), return_counts=True)
    learned = np.flatnonzero(model.weights.any(axis=1))
    assert len(learned)
    assert set(learned) <= set(slot(keys[counts > 1]))


@pytest.mark.slow
def test_training_learns_a_pattern_and_its_file_reads_back(tmp_path: Path) -> None:
    names = [a + b for a in "东西南北中上下" for b in "山河湖塘坡岭桥"]
    examples = [Example(f"请问{name}小区什么时候通气？", (f"{name}小区",)) for name in names[:42]]
    examples += [Example(f"请问{name}小区的故事好听吗？", ()) for name in names[:8]]
    save(fit(examples), tmp_path / "places.npz")
    model = load_place_model(tmp_path / "places.npz")
    unseen = [Example(f"请问{name}小区什么时候通气？", (f"{name}小区",)) for name in names[42:]]
    assert min(overlap_f1(model, unseen).values()) > 0.9


def test_a_fuller_wording_of_a_place_is_known_to_be_one() -> None:
    names = ("梧桐里小区", "云溪区北苑路梧桐里小区", "梧桐里小区三栋", "云溪区")
    text = "。".join(names)
    candidates = [
        Candidate(name, text.index(name), text.index(name) + len(name), score)
        for name, score in zip(names, (1.0, 2.0, 3.0, 0.5), strict=True)
    ]
    known = [dict(zip(NUMBERS, one.numbers, strict=True)) for one in describe_candidates(text, candidates)]
    assert [one["behind fuller"] for one in known] == [2.0, -11.0, -12.0, 1.5]
    assert [one["shorter than the longest"] for one in known] == [-6, 0, -4, -8]
    assert [one["levels of its likes"] for one in known] == [2, -2, 2, -2]


def test_words_of_another_place_are_no_fuller_wording() -> None:
    names = ("梧桐路", "北桐花路", "梧桐")
    text = "，".join(names)
    candidates = [Candidate(name, text.index(name), text.index(name) + len(name), 1.0) for name in names]
    known = [dict(zip(NUMBERS, one.numbers, strict=True)) for one in describe_candidates(text, candidates)]
    assert [one["behind fuller"] for one in known] == [-10.0, -10.0, 0.0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("沿青枫路一路都是违停的车，没有人管", "青枫路"),
        ("因柳溪小区没有电梯，老人下不来楼", "柳溪小区"),
        ("公交经柳溪大道不停站", "柳溪大道"),
        ("请问什么时候开通至柳溪中学的公交", "柳溪中学"),
        ("从化区的公交太少了", "从化区"),
        ("沿江大道的路灯坏了", "沿江大道"),
        ("至善路路灯坏了半个月，没人修", "至善路"),
    ],
)
def test_preposition_is_none_of_the_name_unless_the_name_begins_so(text: str, name: str) -> None:
    assert [place.text for place in PlaceFinder({}).find(text)] == [name]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("先招梧桐里村的人去修路", "梧桐里村"),
        ("听说梧桐里小区要拆迁，大家都急了", "梧桐里小区"),
        ("A7县梧桐里路灯不亮", "A7县梧桐里"),
        ("柳溪小区路灯不亮", "柳溪小区"),
        ("梧桐里街街边垃圾没人扫", "梧桐里街"),
        ("梧桐里路口路灯坏了一个月没人修", "梧桐里路口"),
    ],
)
def test_a_configured_name_takes_neither_a_verb_before_it_nor_a_lamp_behind(
    finder: PlaceFinder, text: str, place: str
) -> None:
    assert [found.text for found in finder.find(text)] == [place]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("望海路路灯不亮", "望海路"),
        ("请问和平路什么时候修好？", "和平路"),
        ("和顺苑小区停水三天，没有人管", "和顺苑小区"),
        ("今天𠮷祥里小区停水", "𠮷祥里小区"),
    ],
)
def test_the_first_character_of_a_name_is_kept(finder: PlaceFinder, text: str, place: str) -> None:
    assert place in [found.text for found in finder.find(text)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("感谢城管局，柳溪小区门口的垃圾清走了", "柳溪小区"),
        ("水很黄，锦绣山庄", "锦绣山庄"),
        ("马家沟的路什么时候硬化", "马家沟"),
        ("东风桥下面全是垃圾", "东风桥"),
        ("停电了吗？观澜府", "观澜府"),
    ],
)
def test_a_name_that_the_model_misses_is_found_where_nothing_else_is(text: str, place: str) -> None:
    assert [found.text for found in PlaceFinder({}).find(text)] == [place]


@pytest.mark.parametrize(
    "text",
    ["沙发", "好吃", "按照政府的指示", "武汉去医院还行", "有没有人一起拼车去省城", "求推荐牙医", "又涨价了"],
)
def test_no_place_is_made_of_other_words(text: str) -> None:
    assert PlaceFinder({}).find(text) == []
