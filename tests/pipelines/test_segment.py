"""Segmentation: both backends agree, user words are checked in use, bad lexicons are told and counted."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.segment import LexiconError, Segmenter, load_lexicon, stop_words

TEXTS = (
    "青石县梧桐里街道云锦路80-90米处路灯不亮，请尽快维修！",
    "第1-3栋、2栋2单元1203，GB8702-2014标准，2019.1.5日",
    "网址www.a-b.com/x_y?z=1.2.3，v1.0.2%，100%的业主",
    "  \r\n空格 与\t制表符\n换行",
    "كىتاب ئوقۇش hello 唔該晒你 𠮷野家",
    "😡。",
    "1234567890" * 3,
    "",
)


@pytest.fixture(scope="module")
def rust() -> Segmenter:
    return Segmenter()


@pytest.fixture(scope="module")
def reference() -> Segmenter:
    return Segmenter(backend="jieba")


@pytest.mark.parametrize("text", TEXTS)
def test_both_backends_cut_alike(rust: Segmenter, reference: Segmenter, text: str) -> None:
    assert rust.cut(text) == reference.cut(text)


@given(st.text("路灯坏了请维修小区的我们ABab019-._%+# ，。\n", max_size=60))
def test_they_agree_on_any_mix_of_words_and_marks(rust: Segmenter, reference: Segmenter, text: str) -> None:
    assert rust.cut(text) == reference.cut(text)


@given(
    st.text(st.characters(), max_size=200)
    | st.text(st.characters(categories=("Cs", "Lo", "Cc")), max_size=80)
)
def test_joining_the_words_gives_the_text_back(rust: Segmenter, text: str) -> None:
    assert "".join(rust.cut(text)) == text


def test_half_a_million_characters(rust: Segmenter) -> None:
    text = "路灯坏了80-90米" * 50_000
    assert "".join(rust.cut(text)) == text


@pytest.mark.parametrize("backend", ["rjieba", "jieba"])
def test_a_user_word_takes_effect_or_is_told(backend: str) -> None:
    words = ["震元堂", "梧桐里小学", "80-90", "中建（一期）", "红 星", "坏\ud800字", " ", ""]
    segmenter = Segmenter(words, backend=backend)  # type: ignore[arg-type]
    assert segmenter.cut("震元堂要拆迁了") == ["震元堂", "要", "拆迁", "了"]
    assert "梧桐里小学" in segmenter.cut("在梧桐里小学门口")
    assert "80-90" in segmenter.cut("小区80-90平")
    assert segmenter.ineffective() == sorted(["中建（一期）", "红 星", "坏\ud800字"])


def test_one_segmenter_does_not_teach_another(rust: Segmenter) -> None:
    Segmenter(["要拆迁了呀"], backend="jieba")
    Segmenter(["要拆迁了呀"])
    assert rust.cut("要拆迁了呀") == ["要", "拆迁", "了", "呀"]


def test_the_hash_tells_lexicons_apart_whatever_their_order() -> None:
    assert Segmenter(["甲乙", "丙丁"]).lexicon_hash == Segmenter(["丙丁", "甲乙", "甲乙"]).lexicon_hash
    assert Segmenter(["甲乙"]).lexicon_hash != Segmenter().lexicon_hash


def test_jieba_is_silent_and_writes_nothing(tmp_path: Path) -> None:
    code = "from pipelines.segment import Segmenter; print(Segmenter(backend='jieba').cut('路灯坏了'))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['路灯', '坏', '了']\n"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def write(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def test_a_messy_lexicon_is_read_and_counted(tmp_path: Path) -> None:
    lines = ["# 注释", "震元堂", "梧桐里 5 n", "震元堂", "", "长" * 33, "坏\x00字", "New York", "  云锦路  "]
    lexicon = load_lexicon(write(tmp_path / "words.txt", b"\xef\xbb\xbf" + "\r\n".join(lines).encode()))
    assert lexicon.words == ("震元堂", "梧桐里", "New York", "云锦路")
    assert (lexicon.duplicates, lexicon.too_long, lexicon.unreadable) == (1, 1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    assert load_lexicon(write(tmp_path / "words.txt", "震元堂\r云锦路\n".encode(encoding))).words == (
        "震元堂",
        "云锦路",
    )


@pytest.mark.parametrize("raw", [b"\xff\xff\xff", b"\x81"])
def test_what_is_no_text_is_told_in_one_line(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(LexiconError, match="UTF-8"):
        load_lexicon(write(tmp_path / "words.bin", raw))


def test_a_missing_lexicon_is_told(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="读不了词表"):
        load_lexicon(tmp_path / "none.txt")


def test_an_empty_lexicon_is_empty(tmp_path: Path) -> None:
    assert load_lexicon(write(tmp_path / "words.txt", b"")).words == ()


def test_stop_words_are_function_words() -> None:
    assert {"的", "了", "我们", "因为", "请问"} <= stop_words()
    assert not {"路灯", "噪音", "拆迁"} & stop_words()
    assert all(word and not word.isspace() for word in stop_words())
