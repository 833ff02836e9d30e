"""Numbers an office may set: what is late, unsure or a burst, and how long things are kept."""

from typing import Annotated, Literal

from pydantic import Field

from minyi.config.values import Section

RequestKind = Literal["咨询", "求助", "投诉", "建议"]
WorkingDays = Annotated[int, Field(ge=1, le=120)]
# Within how many working days an office answers; what an office leaves out stays as it is here.
DEADLINES: dict[RequestKind, WorkingDays] = {"咨询": 3, "求助": 5, "投诉": 5, "建议": 10}


class Thresholds(Section):
    """Numbers an office may set: hours to an answer, days of trend, how sure a label must be."""

    answer_hours: int = Field(default=48, ge=1, le=8760)
    trend_days: int = Field(default=14, ge=2, le=92)
    focus_issues: int = Field(default=5, ge=1, le=20)
    first_crawl_days: int = Field(default=30, ge=1, le=3660)
    unsure: float = Field(default=0.5, ge=0, le=1)
    burst: Literal["low", "medium", "high"] = "medium"
    look_back_days: int = Field(default=3, ge=0, le=366)


class Retention(Section):
    """How many days each thing is kept, see `minyi housekeep`."""

    # Runs look back 92 days, the usual day of a source 8 weeks.
    posts: int = Field(default=1095, ge=120, le=36500)
    superseded_runs: int = Field(default=180, ge=7, le=36500)
    briefs: int = Field(default=3650, ge=30, le=36500)
    crawls: int = Field(default=400, ge=60, le=36500)
    audit: int = Field(default=3650, ge=180, le=36500)
    job_logs: int = Field(default=30, ge=1, le=36500)
