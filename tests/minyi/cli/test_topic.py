"""`minyi topic`, `minyi runs`: what is printed, and how mistakes are shown."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Minyi = Callable[..., int]
DAY = "2026-11-20"
TEXTS = (
    "望海路的路灯又不亮了，晚上漆黑一片，请尽快维修",
    "望海路路灯坏了一个星期，老人走路要摔跤",
    "望海路的路灯什么时候能修好",
)


@pytest.fixture
def stored(minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    rows = [f"{n},望海路路灯不亮,{text},{DAY}T2{n}:00:00" for n, text in enumerate(TEXTS)]
    (office / "in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    capsys.readouterr()
    return office


def test_a_mistake_is_shown_below_the_query(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("topic", "add", "灯", "路灯 AND (拆") == 2
    assert capsys.readouterr().err.splitlines() == [
        "路灯 AND (拆",
        "　　     ^",
        "minyi：检索式第 8 个字处：这个括号没有配对的右括号",
    ]


def test_from_saving_to_a_special_brief(
    minyi: Minyi, stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("topic", "add", "灯", "路灯 NOT 广告") == 0
    assert minyi("topic", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "topics": [{"name": "灯", "query": "路灯 NOT 广告"}]
    }
    assert minyi("topic", "count", "灯") == 0
    said = capsys.readouterr().out
    assert "3 帖，在 3 个主题帖里。" in said
    assert TEXTS[2] in said
    assert minyi("topic", "run", "--topic", "灯", "--forms", "html", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert "民意专报：灯" in Path(answer["html"]).read_text(encoding="utf-8")
    assert "pdf" not in answer
    assert minyi("topic", "show", "灯") == 0
    assert f"第 {answer['run']} 次分析" in capsys.readouterr().out
    assert minyi("runs", "list", "--kind", "专报", "--topic", "灯") == 0
    assert f"[{answer['run']}]　专报　{DAY}　灯" in capsys.readouterr().out
    assert minyi("runs", "diff", answer["run"], answer["run"]) == 0
    assert "改判的帖子：没有。" in capsys.readouterr().out
    assert minyi("topic", "remove", "灯") == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run",), "请写一样"),
        (("run", "灯", "--query", "路"), "请写一样"),
        (("run", "--topic", "没有"), "没有名为“没有”的专题"),
        (("run", "灯", "--forms", "odt"), "--forms 没有“odt”"),
        (("run", "灯"), "只找到 0 个主题帖"),
        (("count", "灯", "--from", "昨天"), "看不懂日期"),
        (("show", "没有"), "没有名为“没有”的专题"),
    ],
)
def test_a_wrong_call_is_explained(
    arguments: tuple[str, ...], words: str, minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("topic", *arguments) == 2
    assert words in capsys.readouterr().err
