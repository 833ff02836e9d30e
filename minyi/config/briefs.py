"""The briefs: when they are made, and what they look like."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from minyi.config.values import PathFromFile, Section
from pipelines.schedule import parse_time_of_day
from reports.plans import SECTIONS

Form = Literal["html", "pdf", "docx", "json"]


class Schedule(Section):
    """When the briefs are made, in the office's time zone; it seeds the store, where staff change it."""

    daily: str = "06:30"
    weekly: str = "07:00"
    weekly_day: int = Field(default=1, ge=1, le=7)

    @field_validator("daily", "weekly")
    @classmethod
    def _known_time(cls, value: str) -> str:
        parse_time_of_day(value)
        return value


class BriefLayout(Section):
    """What an office's briefs look like: forms, cover line, section names, its own templates and fonts."""

    forms: tuple[Form, ...] = ("html", "pdf", "docx", "json")
    cover_line: str = "内部资料"
    titles: dict[str, str] = Field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    templates: PathFromFile | None = None
    fonts: PathFromFile | None = None

    @model_validator(mode="after")
    def _known_sections(self) -> Self:
        if unknown := {*self.titles, *self.hidden} - SECTIONS:
            raise ValueError(f"没有“{min(unknown)}”这个栏目；可用：{'、'.join(sorted(SECTIONS))}")
        return self
