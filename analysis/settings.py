"""What a run is given besides posts: what an office configures, and the issues as they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from analysis.instructions import Instruction
from analysis.results import Sensitivity, StaffState
from analysis.routing import Department


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIssues:
    """Issues as stored: thread → issue or part of one, part → the issue that staff merged it into,
    titles given by staff, first posts, how staff say each stands, leaders' instructions, the next free id."""

    threads: Mapping[int, int] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)
    first_posts: Mapping[int, datetime] = field(default_factory=dict)
    states: Mapping[int, StaffState] = field(default_factory=dict)
    instructions: tuple[Instruction, ...] = ()
    next_id: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an office configures, and the versions a run prints."""

    timezone: str = "Asia/Shanghai"
    answer_hours: int = 48
    trend_days: int = 14
    focus_issues: int = 5
    unsure: float = 0.5
    departments: tuple[Department, ...] = ()
    burst: Sensitivity = "medium"
    deadlines: Mapping[str, int] = field(default_factory=dict)
    holidays: Mapping[date, Literal["work", "rest"]] = field(default_factory=dict)
    model_version: str = ""
    lexicon_hash: str = ""
    config_hash: str = ""
