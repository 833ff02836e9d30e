"""The one brief model: what every form (HTML, PDF, DOCX, JSON) shows, and nothing else.

Text is a `Line`: spans that carry a tone, the number of an evidence list, or a link to
a post.  Forms decide how a span looks; none of them adds a word of its own about the
findings.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from analysis.results import BriefKind, DayCount, RunResult
from reports.web import is_web

Tone = Literal["plain", "strong", "alert", "quiet"]
State = Literal["draft", "approved"]
ChartName = Literal["trend", "heat", "funnel", "effect", "departments", "keywords"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """An issue that staff left out; the reason is recorded and printed."""

    issue_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An office's own cover line, names of sections and sections switched off, by section key.

    With `department` the brief holds that department's issues alone, and no totals.
    """

    circulation: str = "内部资料"
    department: str | None = None
    titles: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a person decides about a brief and no analysis knows; `topic` names a special brief."""

    office: str
    number: int
    year: int
    state: State
    made_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    note: str | None = None
    topic: str | None = None
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of text; `evidence` is the number of the list of posts behind it, `url` a page of the web or nothing."""

    text: str
    tone: Tone = "plain"
    evidence: int | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if self.url is not None and not is_web(self.url):
            object.__setattr__(self, "url", None)


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One large number with its label and a line of comparison."""

    number: Span
    label: str
    note: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCard:
    """One issue: what, where, whose, since when, how hot, answered or not, and its days drawn."""

    rank: int
    issue_id: int
    title: str
    meta: Line
    status: Span
    clock: str | None
    heat: str
    lines: tuple[Line, ...]
    quote: Line | None
    days: tuple[DayCount, ...]
    replied_at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A table cell; `shade` in 0..1 colours it, `None` leaves it plain."""

    line: Line
    shade: float | None = None


def cell(text: str, tone: Tone = "plain") -> Cell:
    return Cell(line=(Span(text=text, tone=tone),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The first column holds row headings; `numeric` columns are aligned by their digits."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of the run's result, named after the file that draws it.

    `alt` says in a sentence what it shows, `table` holds the numbers drawn; `title` stands above it
    where the section's title does not say enough.
    """

    name: ChartName
    alt: str
    table: Table
    title: str | None = None


Block = Cards | Chart | Paragraph | Bullets | IssueCard | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`note` says what the section counts and what it leaves out; `empty`, that it has nothing to say."""

    key: str
    title: str
    note: Line
    blocks: tuple[Block, ...]
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceList:
    """The posts behind one number: all their ids, and those of the register that are shown."""

    number: int
    key: str
    label: str
    value: str
    posts: tuple[int, ...]
    shown: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPost:
    """One post of the annex.  `number` counts through the register, `group` is its issue's title."""

    number: int
    post_id: int
    group: str
    origin: str
    time: str
    title: str
    excerpt: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    title: str
    office: str
    circulation: str
    state: str
    issue: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A finished brief; `result` is there for the charts alone."""

    kind: BriefKind
    cover: Cover
    masthead: Masthead
    warnings: tuple[Line, ...]
    headlines: tuple[Line, ...]
    sources: Line
    sections: tuple[Section, ...]
    appendix: tuple[Section, ...]
    evidence: tuple[EvidenceList, ...]
    register: tuple[RegisterPost, ...]
    footer: str
    result: RunResult
