"""Who of the staff did what: written in the transaction of the deed itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from pipelines.schema import audit


def issue_subject(issue_id: int) -> str:
    """The subject under which what was done to an issue is kept."""
    return f"issue {issue_id}"


def record(
    connection: Connection, staff: str, action: str, subject: str, details: Mapping[str, Any] | None = None
) -> None:
    """Note that `staff` did `action` ("issue.merge") to `subject` ("issue 12"); never any text of a post."""
    row = {"staff": staff, "action": action, "subject": subject, "details": dict(details or {})}
    connection.execute(insert(audit).values(row | {"done_at": datetime.now(UTC)}))


def last_records(connection: Connection, count: int, subject: str | None = None) -> Sequence[Row[Any]]:
    """The newest entries, newest first; of one subject alone where it is given."""
    query = select(audit).order_by(audit.c.done_at.desc(), audit.c.id.desc()).limit(count)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return connection.execute(query).all()


def records_of(connection: Connection, actions: Sequence[str], subjects: Sequence[str]) -> Sequence[Row[Any]]:
    """Who did one of these actions to one of these subjects, oldest first."""
    wanted = audit.c.subject.in_(subjects) & audit.c.action.in_(actions)
    return connection.execute(select(audit).where(wanted).order_by(audit.c.id)).all()
