"""What an analysis found: frozen, complete, and all that `reports` may know.

Every number a reader may see is a `Figure` or a `Share`, which carry the ids of the
posts behind them; `evidence` describes those posts.  Times are aware; days are days in
the office's time zone.  Where evidence is thin a field is None, never a guess.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Sentiment = Literal["neg", "neu", "pos"]
Intent = Literal["投诉", "求助", "咨询", "建议", "表扬", "其他"]
BriefKind = Literal["daily", "weekly", "special", "alert"]
Answer = Literal["open", "acknowledged", "answered", "overdue", "recurring"]
Stage = Literal["new", "growing", "peak", "falling", "dormant", "returned"]
Verdict = Literal["better", "unchanged", "worse", "insufficient"]
Action = Literal["answer", "publish", "inspect", "repair", "escalate", "thank"]
SourceState = Literal["ok", "low", "blind", "failed", "off"]

MIN_THREADS_PER_CELL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A count and the posts that were counted; `key` is unique within a run ("overview.threads")."""

    key: str
    value: int
    posts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`part` of `whole`; `before` is the same share in the period before (None: no data)."""

    key: str
    part: int
    whole: int
    posts: tuple[int, ...] = ()
    before: float | None = None

    @property
    def value(self) -> float | None:
        """The share in 0..1, or None when there is nothing to divide."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRef:
    """One post as evidence: masked excerpt, never an author.  `text` is None once purged or gone."""

    post_id: int
    thread_id: int
    source: str
    board: str | None
    title: str
    dated_at: datetime
    url: str
    text: str | None
    agency: str | None = None
    purged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source did on the last day of the run; `usual` is the median of the same weekdays."""

    name: str
    title: str
    state: SourceState
    threads: int
    posts: int
    usual: float | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """One day: residents' threads started, residents' posts written, how many of them negative."""

    day: date
    threads: int
    posts: int
    negative: int

    @property
    def negative_share(self) -> float | None:
        return self.negative / self.posts if self.posts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened, to be drawn on a time axis (an official reply)."""

    at: datetime
    label: str
    post_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """An issue's heat and the terms it is made of; `before` is its value one period earlier."""

    value: float
    before: float | None
    terms: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Verbatim, masked, at most two lines."""

    post_id: int
    text: str
    sentiment: Sentiment


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An official answer to an issue."""

    post_id: int
    agency: str
    replied_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What people ask for, or a question; `answered` is False while no official post answers it."""

    text: str
    is_question: bool
    count: Figure
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Did the answer help?  Negative share before and after, the control's change, an interval.

    Shares are in 0..1; `interval` is the 95 % interval of (after - before) - control.
    """

    verdict: Verdict
    replied_at: datetime
    before: Share
    after: Share
    control_change: float | None
    interval: tuple[float, float] | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueResult:
    """One concrete matter, as it stood at the end of the run.

    `working_days` are the office's, beside the natural hours open or to the answer.
    """

    id: int
    title: str
    place: str | None
    district: str | None
    category: str | None
    category_detail: str | None
    department: str | None
    department_reason: str | None
    first_post_at: datetime
    first_seen_at: datetime
    last_post_at: datetime
    threads: Figure
    posts: Figure
    new_posts: Figure
    voices: int
    days: int
    sources: tuple[str, ...]
    heat: Heat
    stage: Stage
    daily: tuple[DayCount, ...]
    negative: Share
    replies: tuple[Reply, ...]
    answer: Answer
    hours_open: float | None
    hours_to_answer: float | None
    demands: tuple[Demand, ...]
    quotes: tuple[Quote, ...]
    effect: Effect | None = None
    working_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossTable:
    """Category × district counts of threads; a cell below MIN_THREADS_PER_CELL threads is None.

    `cells[row][column]` belongs to `districts[row]` and `categories[column]`.  `days` is how many
    days are counted where they are more than the run's.
    """

    districts: tuple[str, ...]
    categories: tuple[str, ...]
    cells: tuple[tuple[Figure | None, ...], ...]
    unplaced: Figure
    hidden: int
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyStats:
    """Issues that ask for an answer: how many were answered, are open, are overdue."""

    asking: Figure
    answered: Figure
    open: Figure
    overdue: Figure
    median_hours: float | None
    effects: tuple[tuple[Verdict, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An action from the closed list, for one issue and one department."""

    action: Action
    issue_id: int
    department: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How the numbers were made: shown in the brief's last section.

    `holidays_guessed`: no holiday arrangement is known for the last day, so that weekends alone are free.
    """

    model_version: str
    lexicon_hash: str
    config_hash: str
    heat_formula: str
    unsure: Share
    spam: int
    duplicates: int
    local_accuracy: float | None = None
    local_sample: int = 0
    holidays_guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """Everything one run found, and the posts behind it."""

    kind: BriefKind
    first_day: date
    last_day: date
    timezone: str
    sources: tuple[SourceHealth, ...]
    threads: Figure
    threads_before: int | None
    posts: Figure
    negative: Share
    open_issues: Figure
    new_issues: int
    answered_issues: int
    trend: tuple[DayCount, ...]
    marks: tuple[Mark, ...]
    issues: tuple[IssueResult, ...]
    praise: tuple[IssueResult, ...]
    cross: CrossTable
    replies: ReplyStats
    suggestions: tuple[Suggestion, ...]
    method: Method
    evidence: dict[int, PostRef] = field(default_factory=dict)
