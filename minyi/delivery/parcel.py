"""What is sent: one brief's files, letter and chat text, for everybody or for one department."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from minyi.brief_paths import brief_paths
from minyi.briefs import compose_brief, render_forms
from minyi.errors import InputError
from minyi.workspace import Workspace
from pipelines.store.patience import patiently
from reports.chat import render_chat
from reports.fonts import find_fonts
from reports.model import Brief

if TYPE_CHECKING:
    from reports.email import Letter


@dataclass(frozen=True)
class Parcel:
    """One brief as it goes out; what nobody asks for is never made."""

    workspace: Workspace
    run: Row[Any]
    department: str | None = None

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """File name -> bytes: the files that were approved, or the department's part drawn now."""
        paths = brief_paths(self.workspace, self.run)
        if self.department is None:
            return {path.name: _read(path) for path in paths.values()}
        forms = render_forms(self.workspace, self.brief)
        parts = brief_paths(self.workspace, self.run, department=self.department)
        return {path.name: forms[form] for form, path in parts.items()}

    @cached_property
    def brief(self) -> Brief:
        return patiently(partial(compose_brief, self.workspace, self.run, department=self.department))

    @property
    def is_empty(self) -> bool:
        """Is there nothing in it for this department?"""
        return self.department is not None and not (self.brief.result.issues or self.brief.result.praise)

    @cached_property
    def letter(self) -> "Letter":
        from reports.email import render_email  # draws its pictures: only where there is a letter

        brief = self.workspace.config.brief
        return render_email(self.brief, find_fonts(brief.fonts), brief.templates)

    @property
    def attachments(self) -> dict[str, bytes]:
        """What hangs on the letter: the PDF, else the first form there is."""
        names = [name for name in self.files if name.endswith(".pdf")] or list(self.files)[:1]
        return {name: self.files[name] for name in names}

    @property
    def chat_text(self) -> str:
        link = self.workspace.config.delivery.portal_url
        return render_chat(self.brief, link)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"简报文件 {path} 不在了，请重新运行 minyi brief") from error
