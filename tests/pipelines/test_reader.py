import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.categories import CATEGORIES
from pipelines.classify import Models
from pipelines.places import PlaceFinder
from pipelines.reader import Document, Reader
from pipelines.segment import Segmenter
from pipelines.version import RULES, reading_version


def test_one_reading_a_document_in_order(reader: Reader) -> None:
    texts = ["单位拖欠工资，太气人了，投诉", "请问小区停水什么时候开始？", "已经修好，点赞，谢谢，好样的"]
    readings = reader.read([Document(title="", text=text) for text in texts] * 200)
    assert len(readings) == 600
    assert [reading.sentiment for reading in readings[:3]] == ["neg", "neu", "pos"]
    assert [reading.intent for reading in readings[:3]] == ["投诉", "咨询", "表扬"]
    assert readings[0] == readings[597]
    assert readings[0].category == "劳动和社会保障"
    assert readings[0].category_detail == "欠薪"


def test_the_title_is_read_first(reader: Reader) -> None:
    (reading,) = reader.read([Document(title="路灯坏了", text="没人修")])
    assert reading.tokens.split() == ["路灯", "坏", "了", "没", "人修"] or reading.tokens.startswith("路灯")


def test_places_are_verbatim_and_point_to_a_district(reader: Reader) -> None:
    text = "人民路的路灯坏了没人修"
    (reading,) = reader.read([Document(title="", text=text)])
    assert reading.district == "城东区"
    assert reading.places
    assert all(place in text for place in reading.places)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "😀",
        "12345",
        "\ud800",
        "路灯\udfff坏了",
        "\x00\x00",
        "𠮷" * 50,
        "ئۇيغۇرچە mixed 唔該晒",
        "。" * 500,
        "[" * 3000,
        "尊敬的领导：您好！",
        "路" * 100_000,
    ],
)
def test_odd_texts_are_read(reader: Reader, text: str) -> None:
    (reading,) = reader.read([Document(title="", text=text)])
    assert reading.category in CATEGORIES
    assert abs(reading.p_neg + reading.p_neu + reading.p_pos - 1) < 0.001


@pytest.mark.parametrize(
    "text",
    [
        *("", "。。。", "！！！", "???", "12345", "A", "\ufeff", "http://a.example/x", "NaN", "null"),
        *(
            "尊敬的领导：您好！",
            "བོད་ཡིག",
            "Привет, как дела",
            "ئۇيغۇر تىلىدا يېزىلغان بىر خەت، يول بۇزۇلۇپ كەتتى",
        ),
    ],
)
def test_a_text_that_says_nothing_is_neutral_by_a_hair_and_of_no_category(reader: Reader, text: str) -> None:
    (reading,) = reader.read([Document(title="", text=text)])
    assert (reading.sentiment, reading.intent) == ("neu", "其他")
    assert max(reading.p_neg, reading.p_neu, reading.p_pos, reading.p_intent) < reader.unsure
    assert (reading.p_category, reading.category_detail, reading.places) == (0, None, ())


@pytest.mark.parametrize("text", ["顶", "👍", "〔手机号〕", "Where is the road?"])
def test_a_word_or_a_smiley_is_of_no_category(reader: Reader, text: str) -> None:
    assert reader.read([Document(title="", text=text)])[0].p_category == 0


def test_a_smiley_alone_is_read_as_its_word(reader: Reader) -> None:
    sign, word = reader.read([Document(title="", text=text) for text in ("😡", "[怒]")])
    assert (sign.p_neg, sign.p_intent) == (word.p_neg, word.p_intent)


def test_two_megabytes_are_read(reader: Reader) -> None:
    (reading,) = reader.read([Document(title="", text="小区停水三天，没有人管，失望。\n" * 45_000)])
    assert reading.sentiment == "neg"


def test_no_documents_no_readings(reader: Reader) -> None:
    assert reader.read([]) == []


@given(st.lists(st.text(st.characters()), max_size=5))
def test_any_text_is_read(reader: Reader, texts: list[str]) -> None:
    readings = reader.read([Document(title=text, text=text) for text in texts])
    assert len(readings) == len(texts)


def test_an_unsure_category_has_no_detail(models: Models) -> None:
    careful = Reader(models, Segmenter(), PlaceFinder({}), unsure=1.0)
    (reading,) = careful.read([Document(title="", text="你好")])
    assert reading.p_category < 1
    assert reading.category_detail is None


def test_the_version_tells_models_and_lexicons_apart(models: Models) -> None:
    plain = Reader(models, Segmenter(), PlaceFinder({}), unsure=0.5)
    local = Reader(models, Segmenter(["云锦新城"]), PlaceFinder({}), unsure=0.5)
    assert plain.version != local.version
    assert plain.version.startswith(models.version)
    assert len(local.version) <= 32


def test_other_rules_are_another_version(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    before = reading_version(models.version, "places", "words", {}, {})
    monkeypatch.setattr("pipelines.version.RULES", RULES + 1)
    assert reading_version(models.version, "places", "words", {}, {}) != before


def test_spam_is_marked(reader: Reader) -> None:
    (reading,) = reader.read(
        [Document(title="", text="澳门赌场 彩票 开户送彩金 http://a.example/ 加微信 abc12345")]
    )
    assert reading.spam
