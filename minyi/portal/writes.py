"""Writes that only the portal has; the others are functions of `minyi` that the command line calls too."""

from collections.abc import Mapping
from datetime import UTC, datetime

from minyi.errors import InputError
from minyi.workspace import Workspace
from pipelines.categories import CATEGORIES
from pipelines.store import alerts, audit
from pipelines.store.corrections import find_post, save_corrections

LABELS: Mapping[str, tuple[str, ...]] = {
    "sentiment": ("neg", "neu", "pos"),
    "intent": ("投诉", "求助", "咨询", "建议", "表扬", "其他"),
    "category": CATEGORIES,
}


def acknowledge_alert(workspace: Workspace, alert_id: int, *, staff: str) -> None:
    """Somebody looks after the alert; InputError when it is not there, or somebody else already does."""
    with workspace.engine.begin() as connection:
        if not alerts.acknowledge_alert(connection, alert_id, staff, datetime.now(UTC)):
            raise InputError("这条提醒已有人处理，或已不在了")
        audit.record(connection, staff, "alert.acknowledge", f"alert {alert_id}")


def correct_post(workspace: Workspace, post_id: int, task: str, label: str, *, staff: str) -> None:
    """A person's label of a post; it outranks every model's."""
    if label not in LABELS.get(task, ()):
        raise InputError(f"没有“{label}”这个判断")
    with workspace.engine.begin() as connection:
        post = find_post(connection, str(post_id))
        if post is None:
            raise InputError("这条帖子已不在库中")
        save_corrections(connection, post, {task: label}, datetime.now(UTC))
        audit.record(connection, staff, "correct", f"post {post_id}", {task: label})
