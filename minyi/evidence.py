"""The posts behind a number of a run, as they stand now."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from analysis.results import Figure, PostRef, RunResult, Share
from minyi.brief_paths import brief_paths
from minyi.errors import InputError
from minyi.runs import result_of
from minyi.workspace import Workspace
from pipelines.store.briefs import brief_of
from pipelines.store.database import reading
from pipelines.store.evidence import posts_now
from pipelines.store.runs import get_run

EXCERPT = 200
PURGED = "（按要求删除）"
GONE = "（原帖已不在论坛）"
DELETED = "（已过保留期，原文已删）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A number of a run and its posts, oldest first.

    `text` is None and `title` says why where a post was purged, is gone from its forum, or was deleted.
    """

    key: str
    label: str
    value: str
    posts: tuple[PostRef, ...]


def find_evidence(workspace: Workspace, run_id: int, number: str) -> Evidence:
    """The posts behind a number: as printed in the run's brief, or a figure's key.  InputError if there is none."""
    run = stored_run(workspace, run_id)
    result = result_of(run)
    figures = figures_of(result)
    key, label = _printed(workspace, run, number, figures) if number.isdecimal() else (number, number)
    if key not in figures:
        raise InputError(f"第 {run_id} 次分析没有“{number}”这个数；指标名如：{_some(figures)}")
    figure = figures[key]
    return Evidence(key=key, label=label, value=_said(figure), posts=_posts(workspace, result, figure))


def stored_run(workspace: Workspace, run_id: int) -> Row[Any]:
    """The run with that number; InputError when there is none."""
    with reading(workspace.engine).connect() as connection:
        run = get_run(connection, run_id)
    if run is None:
        raise InputError(f"没有第 {run_id} 次分析；有哪些见 minyi runs list")
    return run


def figures_of(result: RunResult) -> dict[str, Figure | Share]:
    """Every number of a run that has posts behind it, by its key."""
    return {figure.key: figure for figure in _walk(result) if figure.posts}


def _walk(value: Any) -> Iterator[Figure | Share]:
    if isinstance(value, Figure | Share):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _walk(each)
    elif is_dataclass(value):
        for entry in fields(value):
            yield from _walk(getattr(value, entry.name))


def _some(figures: Mapping[str, object]) -> str:
    return "、".join(list(figures)[:8]) or "（这次分析没有帖子）"


def _printed(
    workspace: Workspace, run: Row[Any], number: str, figures: Mapping[str, Figure | Share]
) -> tuple[str, str]:
    """The key and the words of a number that the brief prints."""
    with reading(workspace.engine).connect() as connection:
        brief = brief_of(connection, run)
    if brief is None or brief.run_id != run.id:
        raise InputError(f"第 {run.id} 次分析没有对应的简报，不能按编号查；请写指标名，如 overview.threads")
    lists = _lists_as_written(workspace, run, figures) or _lists_anew(workspace, run)
    if int(number) not in lists:
        raise InputError(f"这期简报的附页没有第 {number} 组；共 {len(lists)} 组")
    return lists[int(number)]


def _lists_as_written(
    workspace: Workspace, run: Row[Any], figures: Mapping[str, Figure | Share]
) -> dict[int, tuple[str, str]]:
    """The numbers of the brief on disk: a later version may number otherwise than what readers hold in hand.

    None where it lists other posts: it is left from an earlier run, since when other forms alone were written.
    """
    path = brief_paths(workspace, run).get("json")
    if path is None or not path.is_file():
        return {}
    try:
        lists = json.loads(path.read_text(encoding="utf-8"))["evidence"]
        if any({*each["posts"]} != {*figures[each["key"]].posts} for each in lists):
            return {}
        return {each["number"]: (each["key"], each["label"]) for each in lists}
    except (ValueError, KeyError, TypeError):  # somebody changed the file
        return {}


def _lists_anew(workspace: Workspace, run: Row[Any]) -> dict[int, tuple[str, str]]:
    from minyi.briefs import compose_brief

    return {each.number: (each.key, each.label) for each in compose_brief(workspace, run).evidence}


def _said(figure: Figure | Share) -> str:
    return str(figure.value) if isinstance(figure, Figure) else f"{figure.part}/{figure.whole}"


def _posts(workspace: Workspace, result: RunResult, figure: Figure | Share) -> tuple[PostRef, ...]:
    titles = {source.name: source.title for source in workspace.config.sources}
    with reading(workspace.engine).connect() as connection:
        now = posts_now(connection, figure.posts)
    refs = [
        _standing(now[post], titles) if post in now else _missing(post, result.evidence.get(post))
        for post in dict.fromkeys(figure.posts)
    ]
    return tuple(sorted(refs, key=lambda ref: (ref.dated_at, ref.post_id)))


def _standing(row: Row[Any], titles: Mapping[str, str]) -> PostRef:
    return PostRef(
        post_id=row.id,
        thread_id=row.thread_id,
        source=titles.get(row.source, row.source),
        board=row.board,
        title=GONE if row.gone else row.title,
        dated_at=row.dated_at,
        url=row.url,
        text=None if row.gone else row.text[:EXCERPT],
        agency=row.agency,
        untimed=row.untimed,
    )


def _missing(post_id: int, frozen: PostRef | None) -> PostRef:
    """A post that is no longer in the store: what the run itself still says of it, without a word of its text."""
    purged = frozen is not None and frozen.purged
    return PostRef(
        post_id=post_id,
        thread_id=frozen.thread_id if frozen else 0,
        source=frozen.source if frozen and not purged else "",
        board=frozen.board if frozen and not purged else None,
        title=PURGED if purged else DELETED,
        dated_at=frozen.dated_at if frozen else datetime(1970, 1, 1, tzinfo=UTC),
        untimed=frozen is None or frozen.untimed,
        url="",
        text=None,
        purged=purged,
    )
