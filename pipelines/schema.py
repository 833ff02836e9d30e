"""The store's tables.  Times are aware and kept in UTC.  No table has an author.

`voice` is a keyed hash of an author's name that is valid inside one thread only.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    extract,
    or_,
    text,
)
from sqlalchemy.engine import Dialect


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JSONText(TypeDecorator[Any]):
    """JSON that may also be given as text, for what is large and already written."""

    impl = JSON
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        write: Callable[[Any], Any] | None = super().bind_processor(dialect)
        return lambda value: value if write is None or isinstance(value, str) else write(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite autoincrements INTEGER primary keys only.
BigId = BigInteger().with_variant(Integer, "sqlite")


def _times(*names: str, nullable: bool = False) -> list[Column[Any]]:
    return [Column(name, UTCDateTime, nullable=nullable) for name in names]


def _of_few(name: str) -> Index:
    """An index of the few rows in which the column is filled."""
    filled = text(f"{name} IS NOT NULL")
    return Index(None, name, sqlite_where=filled, postgresql_where=filled)


threads = Table(
    "threads",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("thread_key", String(128), nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("board", String(128)),
    Column("views", Integer),
    Column("replies", Integer),
    *_times("first_seen_at", "last_seen_at"),
    # Set when every page was stored: until then the next crawl reads the thread again.
    Column("read_pages", Integer),
    Column("read_replies", Integer),
    *_times("read_at", nullable=True),
    Column("missed_looks", Integer, nullable=False, server_default="0"),
    *_times("gone_at", nullable=True),
    UniqueConstraint("source", "thread_key"),
    _of_few("gone_at"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("thread_id", BigId, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("post_key", String(128), nullable=False),
    Column("url", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_hash", String(32), nullable=False),
    Column("floor", Integer),
    Column("is_first", Boolean, nullable=False),
    Column("quoted_post_key", String(128)),
    Column("hidden", String(16)),
    Column("voice", String(16)),
    Column("agency", String(128)),
    *_times("posted_at", "posted_after", "posted_before", nullable=True),
    *_times("seen_at"),
    # Set when its living thread no longer shows it.
    *_times("gone_at", nullable=True),
    # When it was written, as well as is known: posted_at, else the end of the interval, else its
    # beginning, else seen_at.
    *_times("dated_at"),
    UniqueConstraint("thread_id", "post_key"),
    Index(None, "dated_at"),
    Index(None, "seen_at"),
    _of_few("gone_at"),
)

# A day is what a page shows at the vaguest that still tells how long an answer took.
_VAGUEST = 2 * 86_400
# Nobody knows when it was written: its time has one end only, or lies within weeks or months ("3月前").
untimed = and_(
    posts.c.posted_at.is_(None),
    or_(
        posts.c.posted_after.is_(None),
        posts.c.posted_before.is_(None),
        extract("epoch", posts.c.posted_before) - extract("epoch", posts.c.posted_after) > _VAGUEST,
    ),
)

readings = Table(
    "readings",
    metadata,
    Column("post_id", BigId, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("model_version", String(64), primary_key=True),
    Column("text_hash", String(32), nullable=False),
    Column("sentiment", String(8), nullable=False),
    Column("p_neg", Float, nullable=False),
    Column("p_neu", Float, nullable=False),
    Column("p_pos", Float, nullable=False),
    Column("intent", String(8), nullable=False),
    Column("p_intent", Float, nullable=False),
    Column("category", String(16), nullable=False),
    Column("p_category", Float, nullable=False),
    Column("category_detail", String(32)),
    Column("district", String(64)),
    Column("places", JSON, nullable=False),
    Column("tokens", Text, nullable=False),
    Column("spam", Boolean, nullable=False),
    # What near-identical texts have in common, see pipelines.dedupe; none for a short text.
    Column("sketch", LargeBinary),
    *_times("read_at"),
)

# What a person said of one post, for one of "sentiment", "intent", "category"; it outranks every reading.
corrections = Table(
    "corrections",
    metadata,
    Column("post_id", BigId, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("task", String(16), primary_key=True),
    Column("label", String(16), nullable=False),
    Column("text_hash", String(32), nullable=False),
    *_times("corrected_at"),
)

issues = Table(
    "issues",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("title", Text, nullable=False),
    Column("place", String(128)),
    Column("renamed", Boolean, nullable=False, server_default="0"),
    *_times("first_post_at", "first_seen_at"),
    Column("merged_into", BigId, ForeignKey("issues.id")),
    Column("split_from", BigId, ForeignKey("issues.id")),
    # Small talk or trade: left out of lists, and said to be.
    Column("chatter", Boolean, nullable=False, server_default="0"),
)

issue_threads = Table(
    "issue_threads",
    metadata,
    Column("thread_id", BigId, ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True),
    Column("issue_id", BigId, ForeignKey("issues.id", ondelete="CASCADE"), nullable=False, index=True),
    # Staff put it there by a merge or a split: grouping never moves it again.
    Column("by_staff", Boolean, nullable=False, server_default="0"),
    # The issue it was in before staff merged that one away: what taking the merge back restores.
    Column("from_issue", BigId),
    *_times("joined_at"),
)

# What staff said of an issue, oldest first; the newest row is its state.
issue_states = Table(
    "issue_states",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("issue_id", BigId, ForeignKey("issues.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("department", String(128)),
    Column("note", Text),
    Column("staff", String(64), nullable=False),
    *_times("set_at"),
)

# A leader's instruction (批示) on an issue, and below each change of where it stands.
instructions = Table(
    "instructions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("issue_id", BigId, ForeignKey("issues.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("department", String(128), nullable=False),
    Column("due_on", Date),
    Column("staff", String(64), nullable=False),
    *_times("given_at"),
)

instruction_states = Table(
    "instruction_states",
    metadata,
    Column("id", BigId, primary_key=True),
    Column(
        "instruction_id", BigId, ForeignKey("instructions.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("state", String(16), nullable=False),
    Column("note", Text),
    Column("staff", String(64), nullable=False),
    *_times("set_at"),
)

# A saved query; `query` is in the topic language (analysis finds nothing here: only posts match).
topics = Table(
    "topics",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", String(128), nullable=False, unique=True),
    Column("query", Text, nullable=False),
    Column("staff", String(64), nullable=False),
    *_times("changed_at"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    # The topic's name or query; "" for every run that is of no topic.
    Column("topic", String(256), nullable=False, server_default=""),
    # Of everything that went in: the same inputs replace the same row, other inputs make a new one.
    Column("inputs_hash", String(32), nullable=False, server_default=""),
    Column("config_hash", String(16), nullable=False),
    Column("lexicon_hash", String(16), nullable=False),
    Column("model_version", String(64), nullable=False),
    Column("results", JSONText, nullable=False),
    # Post id -> what it was read as and the issue it was in, for comparing runs.
    Column("labels", JSONText, nullable=False, server_default="{}"),
    *_times("made_at"),
    UniqueConstraint("kind", "first_day", "last_day", "topic", "inputs_hash"),
    Index(None, "kind", "last_day"),
)

briefs = Table(
    "briefs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("run_id", BigId, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("approved_by", String(64)),
    # Of the results it was last written from: other results make an approved brief a draft again.
    Column("results_hash", String(32)),
    *_times("made_at"),
    *_times("approved_at", nullable=True),
    UniqueConstraint("kind", "year", "number"),
)

brief_notes = Table(
    "brief_notes",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("brief_id", BigId, ForeignKey("briefs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("staff", String(64), nullable=False),
    *_times("written_at"),
)

# Issues that staff leave out of a brief; the brief says how many and why.
brief_omissions = Table(
    "brief_omissions",
    metadata,
    Column("brief_id", BigId, ForeignKey("briefs.id", ondelete="CASCADE"), primary_key=True),
    Column("issue_id", BigId, ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("staff", String(64), nullable=False),
    *_times("left_out_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("brief_id", BigId, ForeignKey("briefs.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("recipient", String(256), nullable=False),
    Column("state", String(16), nullable=False),
    # How often it was sent on purpose (1, then --resend), and how that ended: sending, sent, failed.
    Column("round", Integer, nullable=False, server_default="1"),
    Column("outcome", String(16), nullable=False, server_default="sent"),
    Column("message", Text),
    *_times("sent_at"),
    UniqueConstraint("brief_id", "channel", "recipient", "state", "round"),
)

# A burst or a blind source: raised once per cause, until it is over.
alerts = Table(
    "alerts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("cause", String(128), nullable=False),
    Column("issue_id", BigId, ForeignKey("issues.id", ondelete="CASCADE")),
    Column("source", String(64)),
    Column("run_id", BigId, ForeignKey("runs.id", ondelete="SET NULL")),
    Column("message", Text, nullable=False),
    Column("acknowledged_by", String(64)),
    *_times("raised_at", "last_seen_at"),
    *_times("acknowledged_at", "over_at", nullable=True),
    Index(None, "cause", "over_at"),
)

crawls = Table(
    "crawls",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("message", Text),
    Column("threads", Integer, nullable=False, server_default="0"),
    Column("posts", Integer, nullable=False, server_default="0"),
    Column("stats", JSON, nullable=False),
    *_times("started_at"),
    *_times("finished_at", nullable=True),
    Index(None, "source", "started_at"),
)

# How staff set a source in the portal; an empty field is as in the configuration.
source_settings = Table(
    "source_settings",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("enabled", Boolean),
    Column("delay", Float),
    # ["06:30", "18:00"] or an interval in minutes, see pipelines.schedule.
    Column("times", JSON),
    Column("staff", String(64), nullable=False),
    *_times("changed_at"),
)

# Addresses that were purged at somebody's request: never stored again, also after a restore.
refusals = Table(
    "refusals",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("source", String(64)),
    Column("thread_key", String(128)),
    # Set where a single post was purged, not its thread.
    Column("post_key", String(128)),
    Column("reason", Text, nullable=False),
    Column("staff", String(64), nullable=False),
    *_times("refused_at"),
    Index(None, "source", "thread_key"),
)

# Who of the staff did what: the one place where names stand, and never a resident's.
audit = Table(
    "audit",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("staff", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("details", JSON, nullable=False),
    *_times("done_at"),
    Index(None, "done_at"),
    Index(None, "subject"),
)

# Facts about the store itself, such as the fingerprint of the author key it was filled with.
settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# One row per forum host: who may fetch now, and when it was last fetched, across all workers.
hosts = Table(
    "hosts",
    metadata,
    Column("host", String(255), primary_key=True),
    Column("holder", String(64)),
    *_times("leased_until", "last_request_at", nullable=True),
)
