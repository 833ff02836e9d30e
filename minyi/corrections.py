"""What a person says of one post: command line and portal call this."""

from collections.abc import Mapping
from datetime import UTC, datetime

from minyi.errors import InputError
from minyi.workspace import Workspace
from pipelines.reading import CATEGORIES
from pipelines.store.audit import record
from pipelines.store.corrections import find_post, save_corrections

LABELS: Mapping[str, tuple[str, ...]] = {
    "sentiment": ("neg", "neu", "pos"),
    "intent": ("投诉", "求助", "咨询", "建议", "表扬", "其他"),
    "category": CATEGORIES,
}


def correct_post(workspace: Workspace, post: str, labels: Mapping[str, str], *, staff: str) -> None:
    """Keep a person's labels of a post (its number or address) by task; they outrank every model's."""
    for task, label in labels.items():
        if label not in LABELS.get(task, ()):
            raise InputError(f"--{task} 没有“{label}”；可写：{'、'.join(LABELS.get(task, ()))}")
    with workspace.engine.begin() as connection:
        found = find_post(connection, post)
        if found is None:
            raise InputError(f"库中没有这条帖子：{post}；网址请照简报附页或 minyi evidence 里的写全")
        save_corrections(connection, found, labels, datetime.now(UTC))
        record(connection, staff, "correct", f"post {found.id}", labels)
