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
SourceState = Literal["ok", "low", "pending", "blind", "failed", "off"]
BurstWindow = Literal["hour", "day"]
Sensitivity = Literal["low", "medium", "high"]
Level = Literal["good", "fair", "poor"]
Limit = Literal["24h", "48h", "office"]
KeyPostKind = Literal["first", "busiest", "turn", "acknowledged", "answer", "reopened", "returned"]

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
    """One post as evidence: masked excerpt, never an author.  `text` is None once purged or gone.

    `untimed`: nobody knows when it was written; `dated_at` orders it, and is not to be shown.
    """

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
    untimed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source did on the last day of the run; `usual` is the median of the same weekdays.

    It is pending where that day is not over and the source not yet crawled on it.
    """

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
class Criterion:
    """How an answer does on one count, and why, in a Chinese sentence."""

    level: Level
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """What an answer is worth to who asked.  It judges a text: never add up or rank by office or person.

    It has no timeliness where nothing tells how long the answer took.
    `formulas` are the stock phrases found in it; where they are most of the text it is a `template`.
    """

    relevance: Criterion
    completeness: Criterion
    grounds: Criterion
    timeliness: Criterion | None
    template: bool
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An official answer to an issue; `acknowledges` when it only says that the matter was received.

    `replied_at` is None where nobody knows.
    """

    post_id: int
    agency: str
    replied_at: datetime | None
    text: str
    acknowledges: bool = False
    rubric: Rubric | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What people ask for, or a question; `answered` is False while no official post answers it.

    `answered_by` is the post that does.
    """

    text: str
    is_question: bool
    count: Figure
    answered: bool = False
    answered_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordChange:
    """A word that was used more, or less, than before; never a name, never of fewer than three threads.

    `now` counts posts, `before` those of the period before; `change` is the z-score of the
    log-odds ratio (positive: used more).
    """

    word: str
    now: Figure
    before: int
    threads: int
    change: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Did the answer help?  Negative share before and after, the control's change, an interval.

    Shares are in 0..1 and count labels; `net` is (after - before) - control by the calibrated
    probabilities behind the labels, by which the verdict is given, and `interval` its 95 % interval.
    `volume_before` and `volume_after` are all residents' posts of the same `days` on each side,
    `gained` and `lost` the words that came up and went with the answer.
    """

    verdict: Verdict
    replied_at: datetime
    before: Share
    after: Share
    control_change: float | None
    interval: tuple[float, float] | None
    n: int
    volume_before: Figure | None = None
    volume_after: Figure | None = None
    days: int = 7
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    net: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Far more posts than usual in the last hour or day, over all (`issue_id` None) or of one issue.

    `expected` is what is usual for that hour or day; `score` is how unlikely so many are by
    chance, -log10(p); `sensitivity` the lowest setting that flags it (low: only the
    strongest are flagged); `since` when the rise began.
    """

    window: BurstWindow
    observed: Figure
    expected: float
    score: float
    sensitivity: Sensitivity
    since: datetime
    issue_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPost:
    """A post at which an issue began, turned, was answered or came back; `label` says it in Chinese."""

    post_id: int
    at: datetime
    kind: KeyPostKind
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One stretch of an issue's life in which people spoke of one side of it.

    `words` tell it from the other stretches; `share` is its part of the issue's posts.
    """

    words: tuple[str, ...]
    first_day: date
    last_day: date
    posts: Figure
    share: float
    negative: Share
    quote: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When an answer was due; `overdue` when none had come by then.

    `working_days` for the office's own table (`kind` is its row), else natural hours;
    `guessed`: no holiday arrangement is known for its days, so that weekends alone are free.
    """

    limit: Limit
    due_at: datetime
    overdue: bool
    kind: Intent | None = None
    working_days: int | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffState:
    """What staff last said of an issue; who said it stays in the audit."""

    state: str
    set_at: datetime
    department: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionResult:
    """A leader's instruction and where it stands, as said at `set_at`.

    `replies` and `new_posts` are the issue's answers and residents' posts since it was given
    (answers without a time among them),
    `posts_after` the posts since it was reported done (None while it is not).
    """

    id: int
    issue_id: int
    title: str
    text: str
    department: str
    given_at: datetime
    due_on: date | None
    state: str
    overdue: bool
    note: str | None = None
    set_at: datetime | None = None
    new_posts: Figure | None = None
    posts_after: Figure | None = None
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueResult:
    """One concrete matter, as it stood at the end of the run.

    `working_days` are the office's, beside the natural hours open or to the answer.
    `kind` is what most of its opening posts are (a row of the office's deadlines).
    `quiet`: small, unanswered, and long-lasting.  `returned_after_days` days of silence
    ended in this run; `earlier_answer` is the post of the last answer before them.
    `reopened_at`: new complaints after an answer, or after staff closed it.
    `department_options` are the offices it may be, where nobody can be sure.
    `time_unknown`: it was answered, and nothing tells how long that took: it has no deadlines and no effect.
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
    kind: Intent | None = None
    department_options: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    reopened_at: datetime | None = None
    state: StaffState | None = None
    burst: Burst | None = None
    quiet: bool = False
    returned_after_days: int | None = None
    earlier_answer: int | None = None
    key_posts: tuple[KeyPost, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    time_unknown: bool = False

    @property
    def told_effect(self) -> Effect | None:
        """The effect of an answer; an acknowledgement is none, and has no effect."""
        return self.effect if self.answer in ("answered", "recurring") else None


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
    """Issues that ask for an answer: how many were answered, are open, are overdue.

    `untimed` are those answered that are in no duration: nothing tells how long it took.
    """

    asking: Figure
    answered: Figure
    open: Figure
    overdue: Figure
    median_hours: float | None
    effects: tuple[tuple[Verdict, int], ...]
    untimed: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentStats:
    """How the issues of one department stand; of None, those that are nobody's yet.

    Departments are listed by name: this is no ranking.
    """

    department: str | None
    asking: Figure
    answered: Figure
    open: Figure
    overdue: Figure
    median_hours: float | None
    daily: tuple[DayCount, ...]
    untimed: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One side of opinion over all issues: its share, and quotes nearest to its centre."""

    sentiment: Sentiment
    share: Share
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An action from the closed list, for one issue and one department."""

    action: Action
    issue_id: int
    department: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSuggestion:
    """Two stored issues that may be the same, the older first, and why, in words for staff: they decide."""

    first: int
    second: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How the numbers were made: shown in the brief's last section.

    `chatter` are the threads of these days that are in no issue listed: small talk, trade.
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
    burst_rule: str = ""
    chatter: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """Everything one run found, and the posts behind it.

    `quiet` are ids of issues, the longest-lasting first.  `topic` is the name of the saved
    query a special brief is of, `query` its words.
    """

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
    bursts: tuple[Burst, ...] = ()
    quiet: tuple[int, ...] = ()
    departments: tuple[DepartmentStats, ...] = ()
    keywords: tuple[KeywordChange, ...] = ()
    views: tuple[View, ...] = ()
    instructions: tuple[InstructionResult, ...] = ()
    topic: str | None = None
    query: str | None = None
    merge_suggestions: tuple[MergeSuggestion, ...] = ()
