"""Planted names and numbers, looked for behind every later door: topics, alerts, decisions, portal, exports, backup."""

import csv
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from minyi.alerts import check_alerts
from minyi.cli.app import run
from minyi.delivery.parcel import Parcel
from minyi.portal.app import create_app
from minyi.portal.jobs import CommandJobs
from minyi.portal.office import office_opener
from minyi.portal.visitors import Role, Visitor
from pipelines.store.database import reading
from pipelines.store.runs import get_run

NOON = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)  # 12:30 in Shanghai
CONFIG = """
[office]
name = "海平县"
contact = "minyi@example.org"

[brief]
forms = ["html", "json"]

[[sources]]
name = "hotline"
title = "12345 热线"
engine = "file"

[[districts]]
name = "古城街道"
places = ["望海路"]

[[recipients]]
name = "办公室"
kinds = ["daily", "special", "alert"]
folder = "outbox"
drafts = true
"""
TEXTS = (
    "我叫{name}，望海路的路灯坏了半个月，漆黑一片，请尽快维修！电话{mobile}。",
    "望海路路灯还是不亮，{teacher}差点摔倒。身份证{id_card}，邮箱{email}，请回复。",
    "望海路的路灯什么时候修？我的车{plate}被撞了。加微信{wechat}细说。",
    "望海路路灯又坏了，联系人{name}{mobile}。",
)
# So much of each text is its own that none counts as a copy of another.
WHERE = ("桥头第三根灯杆底下", "菜场后门的拐角", "公交站台往东两百米", "小学围墙外的窄道", "河边散步的台阶")
WHAT = (
    "昨晚有辆电动车翻进沟里",
    "下夜班全靠手机照路",
    "老人买菜踩空扭了脚",
    "接孩子的人都绕远走",
    "雨天积水看不见深浅",
    "快递员撞上了石墩",
)
# What a careless colleague types.
NOTE = "来电人{name}（{mobile}）说{teacher}的车{plate}被撞"
PAGES = (
    *("/", "/briefs", "/briefs/1", "/briefs/1/html", "/briefs/1/json", "/issues", "/issues/all", "/issues/1"),
    *("/topics", "/approval", "/approval/1", "/instructions", "/corrections", "/sources", "/method"),
    "/runs/diff?left=1&right=2",
)


@pytest.fixture
def folder(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (own_folder / "minyi.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("MINYI_STAFF", "林晓")
    return own_folder


def put(file: Path, secrets: dict[str, str]) -> None:
    """Three days of a complaint, and an hour in which many make it."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["编号", "留言人", "电话", "标题", "时间", "内容"])
        for number in range(30):
            at = NOON - timedelta(days=3 - number if number < 3 else 0, minutes=1.9 * number)
            text = TEXTS[number % 4].format(**secrets) + f"{WHERE[number % 5]}，{WHAT[number % 6]}。"
            title = f"望海路路灯不亮，{secrets['teacher']}摔倒"
            rows.writerow([number, secrets["author"], secrets["mobile"], title, at.isoformat(), text])


def command_lines(note: str) -> Iterator[list[str]]:
    """Every later command with something to leave behind."""
    yield ["import", "in.csv", "--source", "hotline"]
    yield ["read"]
    yield ["brief", "--day", "2026-11-20"]
    yield ["topic", "add", "照明", "路灯"]
    yield ["topic", "count", "照明"]
    yield ["topic", "run", "--topic", "照明"]
    yield ["issue", "rename", "1", note]
    yield ["issue", "state", "1", "已阅", "--note", note]
    yield ["deliver", "--day", "2026-11-20"]
    yield ["export", "issues", "--day", "2026-11-20", "--out", "issues.xlsx"]
    yield ["export", "issues", "--day", "2026-11-20", "--out", "issues.csv"]
    yield ["export", "open311", "--day", "2026-11-20", "--out", "open311"]
    yield ["runs", "diff", "1", "2"]
    yield ["backup"]


def browse(folder: Path, note: str) -> Iterator[tuple[str, str]]:
    """What the portal shows, and what it says to a careless colleague's forms."""

    async def identify(_: Request) -> Visitor:
        return Visitor("林晓", Role.ADMIN)

    opened = office_opener(folder / "minyi.toml")
    jobs = CommandJobs(folder / "minyi.toml", folder / "var/jobs")
    client = TestClient(create_app(opened, identify, jobs=jobs, secret=b"s" * 32))
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/issues/1").text)
    assert found
    for path, fields in (
        ("/issues/1/instruction", {"text": note, "department": "市住建局"}),
        ("/approval/1/note", {"text": note}),
        ("/approval/1/omit", {"issue": "1", "reason": note}),
        ("/topics/save", {"name": "照明二", "query": "路灯"}),
    ):
        answer = client.post(path, data={"csrf": found[1], **fields}, follow_redirects=False)
        assert answer.status_code == 303, (path, answer.text)
    for path, fields in (
        ("/topics/save", {"name": "某人", "query": note}),
        ("/topics/run", {"query": note}),
    ):
        answer = client.post(path, data={"csrf": found[1], **fields})
        assert answer.status_code == 400, path
        yield path, answer.text
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, path
        yield path, answer.text
    opened().close()


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file left behind as text; archives unpacked; rows of the store as its readers see them."""
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.name == "in.csv":
            continue
        data = file.read_bytes()
        yield str(file), data.decode("utf-8", "ignore")
        if file.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    text = archive.read(name).decode("utf-8", "ignore")
                    yield f"{file}!{name}", re.sub(r"<[^>]+>", "", text)
        if file.suffix == ".db":
            with sqlite3.connect(file) as connection:
                said = "\n".join(connection.iterdump())
            connection.close()
            yield f"{file}!dump", said + re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), said)


def test_no_later_door_lets_a_name_or_a_number_out(
    folder: Path, secrets: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    put(folder / "in.csv", secrets)
    note = NOTE.format(**secrets)
    for command in command_lines(note):
        assert run(command) == 0, (command, capfd.readouterr().err)
    for command in (["topic", "add", "某人", note], ["topic", "run", "--query", note]):
        assert run(command) != 0
    pages = list(browse(folder, note))
    workspace = office_opener(folder / "minyi.toml")()
    checked = check_alerts(workspace, NOON)
    with reading(workspace.engine).connect() as connection:
        daily = get_run(connection, 1)
    parcel = Parcel(workspace, daily)
    pages += [
        ("chat", parcel.chat_text),
        ("mail", f"{parcel.letter.subject}{parcel.letter.text}{parcel.letter.html}"),
    ]
    workspace.close()
    assert checked.raised, "no alert was raised"
    said = capfd.readouterr()
    texts = [*files(folder), *pages, ("stdout", said.out), ("stderr", said.err)]
    assert sum("路灯" in text for _, text in texts) > 20
    for where, text in texts:
        for kind, secret in secrets.items():
            assert secret not in text, f"{kind} in {where}"
