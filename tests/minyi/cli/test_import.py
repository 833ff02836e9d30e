"""`minyi import`: a hotline's table comes in whole, and without who wrote it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import create_engine, text

Minyi = Callable[..., int]

HEADING = "留言编号,留言人,联系电话,留言主题,留言时间,留言详情,答复意见,答复时间,答复单位\n"
ROW = '{n},王小明,13812345678,望海路路灯不亮,2026/11/{d} 20:30,"路灯坏了，\n半个月没人修",已派人维修。,2026-11-21,城市管理局\n'


@pytest.fixture
def table(office: Path) -> Path:
    file = office / "hotline.csv"
    file.write_bytes((HEADING + ROW.format(n=1, d=19) + ROW.format(n=2, d=20)).encode("gb18030"))
    return file


def rows(office: Path, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(f"sqlite:///{office / 'var/minyi.db'}")
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def test_messages_and_answers(
    minyi: Minyi, office: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("import", table, "--source", "hotline", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "posts": 4,
        "skipped": {},
        "undated_replies": 0,
        "replies_by_day": 2,
        "dropped_columns": ["留言人", "联系电话"],
        "unused_columns": [],
        "unread_sheets": [],
        "uncalculated": {},
    }
    found = rows(office, "SELECT post_key, is_first, agency, posted_at FROM posts ORDER BY post_key")
    assert found[0] == ("1", 1, None, "2026-11-19 12:30:00.000000")
    assert found[1] == ("1-reply", 0, "城市管理局", "2026-11-20 16:00:00.000000")


def test_importing_twice_adds_nothing(minyi: Minyi, office: Path, table: Path) -> None:
    for _ in range(2):
        assert minyi("import", table, "--source", "hotline") == 0
    assert rows(office, "SELECT count(*) FROM threads") == [(2,)]
    assert rows(office, "SELECT count(*) FROM posts") == [(4,)]


def test_columns_can_be_named(minyi: Minyi, office: Path) -> None:
    file = office / "a.csv"
    file.write_text("何事,何时\n路灯不亮,2026年11月20日 8时\n,2026-11-20\n坑,说不清\n", encoding="utf-8")
    assert minyi("import", file, "--source", "hotline", "--map", "text=何事", "--map", "posted_at=何时") == 0
    assert rows(office, "SELECT text FROM posts") == [("路灯不亮",)]


def test_rows_left_out_are_counted_under_a_reason(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = office / "a.csv"
    lines = ["id,text,posted_at", "1,灯,2026-11-20", "2,,2026-11-20", "3,坑,说不清", "4,坑,2999-01-01"]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert minyi("import", file, "--source", "hotline", "--json") == 0
    skipped = json.loads(capsys.readouterr().out)["skipped"]
    assert skipped == {"没有正文": 1, "没有时间或时间看不懂": 1, "时间不可能（太早或在将来）": 1}


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        ("a,b\n1,2\n", [], "看不出哪一列是正文"),
        ("text,b\n1,2\n", [], "看不出哪一列是时间"),
        ("text,时间\n1,2\n", ["--map", "colour=text"], "不认识"),
        ("text,时间\n1,2\n", ["--map", "title=none"], "没有“none”这一列"),
        ("text,时间,姓名\n1,2,3\n", ["--map", "title=姓名"], "个人信息"),
        ("text,时间\n1,2\n", ["--map", "title"], "字段=列名"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_line(
    minyi: Minyi,
    office: Path,
    capsys: pytest.CaptureFixture[str],
    content: str,
    arguments: list[str],
    words: str,
) -> None:
    file = office / "a.csv"
    file.write_text(content, encoding="utf-8")
    assert minyi("import", file, "--source", "hotline", *arguments) == 2
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "\n" not in said


def test_an_unknown_source_is_named(minyi: Minyi, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert minyi("import", table, "--source", "forum") == 2
    assert "hotline" in capsys.readouterr().err


def test_a_link_that_is_no_web_address_is_not_kept(minyi: Minyi, office: Path) -> None:
    file = office / "a.csv"
    lines = [
        "id,text,posted_at,url",
        "1,灯,2026-11-20,javascript:alert(1)",
        "2,灯,2026-11-20,https://a.example/2",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert minyi("import", file, "--source", "hotline") == 0
    assert rows(office, "SELECT url FROM threads ORDER BY url") == [
        ("file:hotline/1",),
        ("https://a.example/2",),
    ]


def test_impossible_times_and_keys_are_counted_once(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = office / "a.jsonl"
    lines = [
        {"id": "1", "text": "灯", "posted_at": "2026-11-20T10:00:00+99:00"},
        {"id": "2", "text": "灯", "posted_at": "0001-01-01T00:00:00+23:00"},
        {"id": "k" * 300, "text": "灯", "posted_at": "2026-11-20"},
        {"id": "4", "text": "灯", "posted_at": "2026-11-20", "title": "路灯"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert minyi("import", file, "--source", "hotline", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["posts"] == 1
    assert sum(answer["skipped"].values()) == 3
    assert rows(office, "SELECT title FROM threads") == [("路灯",)]


@pytest.mark.parametrize("line", ["[" * 100_000, '{"id": 1' + "0" * 5000 + "}"])
def test_lines_no_json_reader_takes_are_one_clear_line(
    minyi: Minyi, office: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "a.jsonl").write_text(line, encoding="utf-8")
    assert minyi("import", "a.jsonl", "--source", "hotline") == 2
    assert "第 1 行不是 JSON" in capsys.readouterr().err


def test_a_short_first_row_loses_no_column(minyi: Minyi, office: Path) -> None:
    (office / "a.csv").write_text("内容,标题,时间\n灯\n坑,路坑,2026-11-20\n", encoding="utf-8")
    assert minyi("import", "a.csv", "--source", "hotline") == 0
    assert rows(office, "SELECT title FROM threads") == [("路坑",)]


def test_nothing_of_a_table_is_left_out_unsaid(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two rows of one number are one message, and an answer without a time has no clock."""
    lines = [
        "编号,内容,时间,答复,是否满意",
        "1,灯,2026-11-20,已修,是",
        "1,又不亮,2026-11-25,,",
        "2,坑,2026-11-21,,",
    ]
    (office / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    assert minyi("import", "a.csv", "--source", "hotline") == 0
    said = capsys.readouterr().out
    assert "导入 3 条" in said
    assert "略过 1 行：与前面的行重复" in said
    assert "没有用到的列：是否满意" in said
    assert "1 条答复的时间没有写、看不懂或不晚于留言：算已答复，不计入答复用时" in said
    assert rows(office, "SELECT text FROM posts ORDER BY post_key") == [("灯",), ("已修",), ("坑",)]


def test_a_purged_row_is_left_out_with_its_reason(
    minyi: Minyi, office: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("import", table, "--source", "hotline") == 0
    assert minyi("purge", "file:hotline/1", "--reason", "本人要求") == 0
    capsys.readouterr()
    assert minyi("import", table, "--source", "hotline") == 0
    assert "略过 1 行：按要求删去过" in capsys.readouterr().out


def test_formulas_whose_results_are_not_in_the_file_are_told_or_refused(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """openpyxl, like many an export, writes formulas without working them out."""
    book = Workbook()
    assert book.active is not None
    for row in (["编号", "内容", "时间", "类型"], [1, "灯", "2026-11-20", '="市政"']):
        book.active.append(row)
    book.save(office / "a.xlsx")
    assert minyi("import", "a.xlsx", "--source", "hotline") == 0
    assert (
        "1 格是公式，文件里没有算出的结果，当作空白（列：类型）；请用 Excel 或 WPS" in capsys.readouterr().out
    )
    book.active["B2"] = '="灯"'
    book.save(office / "a.xlsx")
    assert minyi("import", "a.xlsx", "--source", "hotline") == 2
    assert "“内容”列有 1 格是公式" in capsys.readouterr().err
    assert minyi("read", "a.xlsx", "--out", "b.csv") == 2
    assert not (office / "b.csv").exists()


def test_days_as_spreadsheets_count_them_are_read(minyi: Minyi, office: Path) -> None:
    (office / "a.csv").write_text("编号,内容,时间\n1,灯,46345\n2,井,46345.75\n", encoding="utf-8")
    assert minyi("import", "a.csv", "--source", "hotline") == 0
    assert rows(office, "SELECT posted_at FROM posts ORDER BY post_key") == [
        ("2026-11-18 16:00:00.000000",),
        ("2026-11-19 10:00:00.000000",),
    ]
