"""What an older masking left in the store goes everywhere when masking has improved, killed or not."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Connection, Engine, String, Table, Text, insert, select, text, update

from minyi import remask as remask_module
from minyi.config import load_config
from minyi.remask import Remasked, is_masked, remask
from minyi.workspace import Workspace
from pipelines import item_pipelines
from pipelines.schema import (
    JSONText,
    UTCDateTime,
    audit,
    corrections,
    issue_states,
    issues,
    metadata,
    posts,
    runs,
    settings,
    topics,
)
from pipelines.store import masking
from pipelines.store.free_text import NAMES, NOTES, decided

Minyi = Callable[..., int]
PHONE = "13812345678"
NAME, ACCOUNT = "谭文建", "dy88213x"
ROWS = (
    (
        1,
        f"{NAME}占道堆料",
        f"望海路一直被占。本村村民，{NAME}，把砂石堆在望海路上，路过的人都摔过跤，请尽快处理",
    ),
    (2, "望海路堆料占道", "望海路堆的砂石没人管，晚上看不见，请尽快处理"),
    (3, "望海路砂石占道", f"望海路砂石占道，视频在我的抖音号{ACCOUNT}，请尽快处理"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_store(
    request: pytest.FixtureRequest, office: Path, minyi: Minyi, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """An office whose posts came in before masking knew such names and accounts, with a brief of them."""
    if request.param == "postgresql":
        monkeypatch.setenv("MINYI_DATABASE_URL", request.getfixturevalue("postgres_url"))
    lines = ["id,title,text,posted_at", *(f"{n},{title},{said},2026-11-20" for n, title, said in ROWS)]
    (office / "in.csv").write_text("\n".join(lines), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(item_pipelines, "mask_telling", lambda said: (said, {}))
        assert minyi("import", office / "in.csv", "--source", "hotline") == 0
    (office / "in.csv").unlink()
    assert minyi("read") == 0
    assert minyi("brief", "--day", "2026-11-20") == 0
    assert minyi("brief", "approve", "--day", "2026-11-20") == 0
    workspace = Workspace(load_config(), office / "minyi.toml")
    with workspace.engine.begin() as connection:
        connection.execute(update(settings).where(settings.c.name == "masked_by").values(value="old"))
        connection.execute(update(issues).values(title=ROWS[0][1]))
        post = connection.execute(select(posts).order_by(posts.c.id)).first()
        assert post is not None
        said = {"post_id": post.id, "task": "intent", "label": "投诉", "text_hash": post.text_hash}
        connection.execute(insert(corrections).values(said | {"corrected_at": datetime.now(UTC)}))
        state = {"issue_id": 1, "state": "已阅", "note": f"已找{NAME}谈话", "staff": "李科"}
        connection.execute(insert(issue_states).values(state | {"set_at": datetime.now(UTC)}))
    yield workspace
    workspace.close()


def everything(engine: Engine) -> str:
    """Every row of every table, the index of SQLite among them."""
    with engine.connect() as connection:
        rows = [str(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
        if engine.dialect.name == "postgresql":
            rows += [str(row) for row in connection.execute(text("SELECT grams FROM post_grams"))]
        return "\n".join(rows).encode().decode("unicode_escape", "ignore") + "\n".join(rows)


def files(office: Path) -> str:
    found = [file.read_bytes().decode("utf-8", "ignore") for file in office.rglob("*.html")]
    assert found
    return "\n".join(found)


def test_it_goes_everywhere_and_what_is_masked_stays(
    old_store: Workspace, office: Path, minyi: Minyi
) -> None:
    assert NAME in everything(old_store.engine)
    assert NAME in files(office)
    done = remask(old_store, staff="李科")
    assert (done.posts, done.titles, done.issues) == (2, 1, 1)
    assert done.runs
    assert done.files
    left = everything(old_store.engine)
    assert NAME not in left
    assert ACCOUNT not in left
    assert "〔账号〕" in left
    assert NAME not in files(office)
    assert "望海路" in files(office)
    assert is_masked(old_store)
    assert remask(old_store, staff="李科") == Remasked()


def test_what_is_read_searched_and_corrected_follows(
    old_store: Workspace, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    assert remask(old_store, staff="李科").posts == 2
    with old_store.engine.connect() as connection:
        post = connection.execute(select(posts).order_by(posts.c.id)).first()
        said = connection.execute(select(corrections)).one()
        state = connection.execute(text("SELECT state FROM briefs")).scalars().all()
        indexed = connection.execute(text("SELECT count(*) FROM post_grams")).scalar_one()
    assert post is not None
    assert said.text_hash == post.text_hash
    assert state == ["approved"]
    assert indexed == len(ROWS)
    capfd.readouterr()
    assert minyi("read", "--json") == 0
    assert json.loads(capfd.readouterr().out)["read"] == 2


def test_a_dry_run_says_counts_and_changes_nothing(
    old_store: Workspace, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    before = everything(old_store.engine)
    capfd.readouterr()
    assert minyi("mask", "--stored", "--dry-run") == 0
    said = capfd.readouterr().out
    assert "会重新遮盖帖子 2 条、标题 1 个、工作记录 1 处" in said
    assert NAME not in said
    assert everything(old_store.engine) == before


def test_every_column_of_text_is_decided_on() -> None:
    texts = [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | Text | JSON | JSONText)
    ]
    assert {str(column) for column in decided()} == {str(column) for column in texts}
    assert len(decided()) == len(texts)


def _plant(connection: Connection, table: Table, column: str, words: str) -> None:
    """Put the words into every row of a column, or into a new row of its table."""
    if not connection.execute(update(table).values({column: words})).rowcount:
        connection.execute(insert(table).values(_row_of(table) | {column: words}))


def _row_of(table: Table) -> dict[str, Any]:
    """Something for every column that must have something; what it refers to is there."""
    now = datetime.now(UTC)
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.foreign_keys:
            row[column.name] = 1
        elif isinstance(column.type, UTCDateTime):
            row[column.name] = now
        elif isinstance(column.type, JSON):
            row[column.name] = {}
        elif isinstance(column.type, String) and not column.nullable:
            row[column.name] = "某"
    return row


def test_no_column_keeps_what_an_older_masking_let_through(
    old_store: Workspace, office: Path, minyi: Minyi
) -> None:
    said = f"联系人{NAME}{PHONE}"
    with old_store.engine.begin() as connection:
        for table, column in (*NOTES, *NAMES):
            _plant(connection, table, column, said)
        connection.execute(insert(topics).values(_row_of(topics) | {"name": said + "。", "query": NAME}))
        for action in ("topic.query", "topic.save", "issue.rename", "issue.state", "purge"):
            details = dict.fromkeys(("query", "title", "department", "reason"), said)
            subject = said if action.startswith("topic.") else "issue 1"
            deed = {"staff": "李科", "action": action, "subject": subject, "details": details}
            connection.execute(insert(audit).values(deed | {"done_at": datetime.now(UTC)}))
        results: Any = connection.execute(select(runs.c.results)).scalars().first()
        planted: dict[str, Any] = {"topic": said, "query": PHONE}
        kept = [post | {"board": said, "agency": said} for post in results["evidence"].values()]
        planted |= {"evidence": {str(post["post_id"]): post for post in kept}}
        planted |= {"issues": [issue | {"place": said} for issue in results["issues"]]}
        special = {"kind": "special", "topic": said, "results": results | planted}
        connection.execute(update(runs).values(special))
    old = office / "var/briefs" / f"special-2026-11-20-{said}.html"
    (office / "var/briefs/daily-2026-11-20.html").rename(old)
    remask(old_store, staff="李科")
    left = everything(old_store.engine)
    for secret in (NAME, PHONE):
        assert secret not in left
        assert secret not in files(office)
        assert not any(secret in path.name for path in office.rglob("*"))
    with old_store.engine.connect() as connection:
        named = connection.execute(select(topics.c.name).order_by(topics.c.id)).scalars().all()
    assert len(set(named)) == 2
    assert is_masked(old_store)


class Killed(BaseException):
    """As by kill -9: nothing after it runs."""


@pytest.mark.parametrize("where", ["rewrite_titles", "rewrite_posts", "note_done"])
def test_killed_it_goes_on_where_it_was(
    old_store: Workspace, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def killed(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(remask_module, "CHUNK", 1)
    with monkeypatch.context() as patch:
        patch.setattr(masking, where, killed)
        with pytest.raises(Killed):
            remask(old_store, staff="李科")
    assert not is_masked(old_store)
    remask(old_store, staff="李科")
    assert is_masked(old_store)
    left = everything(old_store.engine)
    assert NAME not in left
    assert ACCOUNT not in left


def test_a_run_that_began_before_is_not_kept(old_store: Workspace) -> None:
    from pipelines.store.refusals import PurgedMeanwhileError, check_unpurged, last_removal

    with old_store.engine.begin() as connection:
        began = last_removal(connection)
    remask(old_store, staff="李科")
    with pytest.raises(PurgedMeanwhileError), old_store.engine.begin() as connection:
        check_unpurged(connection, began)


def test_housekeeping_does_it_and_the_doctor_knows(
    old_store: Workspace, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    assert minyi("doctor") == 1
    assert "minyi mask --stored" in capfd.readouterr().out
    assert minyi("housekeep") == 0
    assert NAME not in everything(old_store.engine)
    capfd.readouterr()
    minyi("doctor")
    assert "✓ 遮盖" in capfd.readouterr().out


def test_a_new_store_needs_none(office: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str]) -> None:
    assert minyi("doctor") == 0
    assert "✓ 遮盖" in capfd.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["a.txt", "--stored"], ["a.txt", "--dry-run"], ["--dry-run"]])
def test_what_is_to_be_masked_must_be_said(
    office: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert minyi("mask", *arguments) == 2
    assert "--stored" in capfd.readouterr().err
