"""Briefs to every recipient by every way: once, recorded, and one failure stops nobody else."""

import itertools
import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import OperationalError

from minyi.delivery import dispatch
from pipelines.store.deliveries import Errand, claim_delivery
from tests.minyi.conftest import CONFIG, Minyi

from .servers import SECRET, ChatServer, Inbox, free_port

DAY = "2026-11-20"
RECIPIENTS = """
[mail]
host = "127.0.0.1"
port = {mail_port}
security = "none"
sender = "海平县民意 <minyi@office.example>"

[delivery]
attempts = 2
wait_seconds = 0
timeout_seconds = 2
portal_url = "http://portal.office.example/minyi/"

[[recipients]]
name = "王主任"
kinds = ["daily"]
email = ["wang@office.example", "li@office.example"]

[[recipients]]
name = "钉钉群"
kinds = ["daily"]
chat = {{ service = "dingtalk", webhook = "env:DING_WEBHOOK", secret = "env:DING_SECRET" }}

[[recipients]]
name = "住建局"
kinds = ["daily"]
department = "住房和城乡建设局"
folder = "{folder}/zhujian"

[[recipients]]
name = "教育局"
kinds = ["daily"]
department = "教育局"
folder = "{folder}/jiaoyu"

[[recipients]]
name = "只要周报的人"
kinds = ["weekly"]
folder = "{folder}/weekly"
"""

Deliver = Callable[..., dict[str, str]]


@pytest.fixture
def approved(
    office: Path, minyi: Minyi, mail_port: int, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An office with an approved brief of three complaints about a lamp."""
    settings = (CONFIG + RECIPIENTS).format(folder=office, mail_port=mail_port)
    (office / "minyi.toml").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("DING_WEBHOOK", chat.webhook("dingtalk"))
    monkeypatch.setenv("DING_SECRET", SECRET)
    rows = [f"{n},望海路路灯不亮,望海路的路灯又不亮了，请尽快维修{n},{DAY}T2{n}:00:00" for n in range(3)]
    (office / "in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    for command in (["read"], ["brief", "--day", DAY], ["brief", "approve", "--day", DAY]):
        assert minyi(*command) == 0
    return office


@pytest.fixture
def deliver(approved: Path, minyi: Minyi, capsys: pytest.CaptureFixture[str]) -> Deliver:
    """Runs `minyi deliver`: address -> outcome; the exit code says whether somebody was not reached."""

    def run(*arguments: str) -> dict[str, str]:
        capsys.readouterr()
        code = minyi("deliver", "--day", DAY, "--json", *arguments)
        done: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["deliveries"]
        assert code == int(any(entry["outcome"] in ("failed", "unknown") for entry in done))
        return {entry["address"]: entry["outcome"] for entry in done}

    return run


EVERYBODY = ("办公室", "wang@office.example", "li@office.example", "钉钉群", "住建局")


def test_everybody_is_reached_once(deliver: Deliver, approved: Path, inbox: Inbox, chat: ChatServer) -> None:
    assert deliver() == dict.fromkeys(EVERYBODY, "sent") | {"教育局": "empty"}
    assert deliver() == dict.fromkeys(EVERYBODY, "already") | {"教育局": "empty"}
    assert sorted(to for to, _ in inbox.messages) == ["li@office.example", "wang@office.example"]
    [(service, text)] = chat.texts
    assert service == "dingtalk"
    assert "望海路" in text
    assert "http://portal.office.example/minyi/" in text
    assert not (approved / "jiaoyu").exists()
    assert not (approved / "weekly").exists()


def test_the_letter_has_its_pictures_and_the_approved_pdf(
    deliver: Deliver, approved: Path, inbox: Inbox
) -> None:
    deliver()
    message = inbox.messages[0][1]
    assert isinstance(message, EmailMessage)
    [attached] = message.iter_attachments()
    [pdf] = (approved / "var" / "briefs").glob("*.pdf")
    assert attached.get_content() == pdf.read_bytes()
    assert "望海路" in message["Subject"]
    assert "待审" not in message["Subject"]


def test_a_department_gets_its_own_issues_alone(deliver: Deliver, approved: Path) -> None:
    deliver()
    names = sorted(file.name for file in (approved / "zhujian").iterdir())
    assert names == [f"daily-{DAY}+住房和城乡建设局.{form}" for form in ("docx", "html", "json", "pdf")]
    content = json.loads((approved / "zhujian" / names[2]).read_text(encoding="utf-8"))
    assert "overview" not in {section["key"] for section in content["sections"]}


def test_one_bad_recipient_stops_nobody_else_and_is_tried_again_next_time(
    deliver: Deliver, inbox: Inbox
) -> None:
    inbox.refused["wang@office.example"] = "550 no such user"
    assert deliver() == dict.fromkeys(EVERYBODY, "sent") | {
        "wang@office.example": "failed",
        "教育局": "empty",
    }
    del inbox.refused["wang@office.example"]
    assert deliver()["wang@office.example"] == "sent"
    assert [to for to, _ in inbox.messages] == ["li@office.example", "wang@office.example"]


def test_what_is_refused_for_a_moment_is_sent_after_a_pause(deliver: Deliver, chat: ChatServer) -> None:
    chat.answers.append((200, {"errcode": 130101, "errmsg": "send too fast"}))
    assert deliver()["钉钉群"] == "sent"
    assert len(chat.texts) == 1


def test_what_may_have_arrived_goes_again_on_purpose_alone(
    deliver: Deliver, approved: Path, silent_port: int, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DING_WEBHOOK", f"http://127.0.0.1:{silent_port}/")
    assert deliver()["钉钉群"] == "unknown"
    monkeypatch.setenv("DING_WEBHOOK", chat.webhook("dingtalk"))
    assert deliver()["钉钉群"] == "unknown"
    assert chat.texts == []
    assert deliver("--resend")["钉钉群"] == "sent"
    assert len(chat.texts) == 1


def test_resending_reaches_everybody_again(deliver: Deliver, inbox: Inbox) -> None:
    deliver()
    deliver("--resend")
    ids = [message["Message-ID"] for _, message in inbox.messages]
    assert len(ids) == 4
    assert len(set(ids)) == 4, "a server must not take the second round for a repetition of the first"


def test_a_dead_mail_server_and_a_missing_variable_are_one_line_each(
    minyi: Minyi, approved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = approved / "minyi.toml"
    text = file.read_text(encoding="utf-8")
    old = text[text.index("port = ") :].split("\n", 1)[0]
    file.write_text(text.replace(old, f"port = {free_port()}"), encoding="utf-8")
    monkeypatch.delenv("DING_SECRET")
    capsys.readouterr()
    assert minyi("deliver", "--day", DAY) == 1
    said = capsys.readouterr().out.splitlines()
    assert "办公室（文件夹）已送到" in said
    assert sum("连不上" in line for line in said) == 2
    assert any("环境变量 DING_SECRET 没有设置" in line for line in said)
    assert not any(SECRET in line or "key=" in line for line in said)


def test_a_full_disk_at_one_recipient_stops_nobody_else(
    deliver: Deliver, approved: Path, inbox: Inbox
) -> None:
    (approved / "outbox").write_text("a file where the folder should be", encoding="utf-8")
    done = deliver()
    assert done["办公室"] == "failed"
    assert done["住建局"] == "sent"
    assert len(inbox.messages) == 2


def sent(inbox: Inbox) -> list[str]:
    return sorted(to for to, _ in inbox.messages)


def test_a_database_that_is_away_for_a_moment_is_waited_for_and_nothing_goes_twice(
    deliver: Deliver, inbox: Inbox, chat: ChatServer, request: pytest.FixtureRequest
) -> None:
    missed = request.getfixturevalue("blinking_database")
    assert deliver() == dict.fromkeys(EVERYBODY, "sent") | {"教育局": "empty"}
    assert any(statement.startswith("UPDATE deliveries") for statement in missed)
    assert deliver() == dict.fromkeys(EVERYBODY, "already") | {"教育局": "empty"}
    assert sent(inbox) == ["li@office.example", "wang@office.example"]
    assert len(chat.texts) == 1


@pytest.mark.parametrize(
    ("number", "outcome", "reached"),
    [
        pytest.param(3, "unknown", ["li@office.example"], id="before sending"),
        pytest.param(4, "sent", ["li@office.example", "wang@office.example"], id="after sending"),
    ],
)
def test_a_database_that_goes_away_with_the_answer_to_a_commit_makes_nobody_get_it_twice(
    deliver: Deliver,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    outcome: str,
    reached: list[str],
) -> None:
    """The first two commits are of the folder that comes before the mails."""
    commits = itertools.count(1)
    commit = DefaultDialect.do_commit

    def lose_an_answer(dialect: DefaultDialect, connection: Any) -> None:
        commit(dialect, connection)
        if next(commits) == number:
            raise OperationalError("COMMIT", {}, psycopg.OperationalError("connection lost"))

    monkeypatch.setattr(DefaultDialect, "do_commit", lose_an_answer)
    assert deliver()["wang@office.example"] == outcome
    assert sent(inbox) == reached
    deliver()
    assert sent(inbox) == reached


def test_what_another_process_began_in_the_same_moment_is_left_to_it(
    deliver: Deliver, inbox: Inbox, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_to_another(connection: Connection, errand: Errand, *, again: bool) -> None:
        claim_delivery(connection, errand, again=again)

    monkeypatch.setattr(dispatch, "claim_delivery", lose_to_another)
    assert deliver() == dict.fromkeys(EVERYBODY, "unknown") | {"教育局": "empty"}
    assert inbox.messages == chat.texts == []
