"""A small synthetic town: posts with their readings, and no need of models or data."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from analysis.results import RunResult
from analysis.run import Analysis, analyse
from analysis.settings import KnownIssues, Settings
from pipelines.dedupe import text_hash

ZONE = ZoneInfo("Asia/Shanghai")
LAST = date(2026, 11, 22)
DEPARTMENTS = (
    ("住建局", "城乡建设", None, None),
    ("城管局", "城乡建设", None, "照明"),
    ("生态环境分局", "环境保护", None, None),
)


class Town:
    """Writes posts; `frame` gives them as the store would."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self._posts, self._threads = count(1), count(1)

    def thread(self, title: str, text: str, at: datetime, **fields: object) -> int:
        thread_id = next(self._threads)
        self._write(thread_id, title, text, at, is_first=True, **fields)
        return thread_id

    def reply(self, thread_id: int, text: str, at: datetime, **fields: object) -> int:
        title = next(row["title"] for row in self.rows if row["thread_id"] == thread_id)
        return self._write(thread_id, str(title), text, at, is_first=False, **fields)

    def _write(self, thread_id: int, title: str, text: str, at: datetime, **fields: object) -> int:
        post_id = next(self._posts)
        plain = {
            "post_id": post_id,
            "thread_id": thread_id,
            "source": "bbs",
            "board": "民生",
            "title": title,
            "text": text,
            "url": f"https://bbs.example/{post_id}",
            "dated_at": pd.Timestamp(at),
            "seen_at": pd.Timestamp(at + timedelta(hours=1)),
            "hidden": None,
            "voice": f"v{post_id}",
            "agency": None,
            "text_hash": text_hash(text),
            "sentiment": "neg",
            "p_neg": 0.9,
            "p_neu": 0.05,
            "p_pos": 0.05,
            "intent": "投诉",
            "p_intent": 0.9,
            "category": "城乡建设",
            "p_category": 0.9,
            "category_detail": None,
            "district": "古城街道",
            "places": [],
            "tokens": "",
            "spam": False,
            "source_district": None,
        }
        self.rows.append(plain | fields)
        return post_id

    @property
    def frame(self) -> pd.DataFrame:
        frame = pd.DataFrame(self.rows)
        for name in ("dated_at", "seen_at"):
            frame[name] = pd.to_datetime(frame[name], utc=True)
        return frame


def at(days_ago: int, hour: int = 10, minute: int = 0) -> datetime:
    day = LAST - timedelta(days=days_ago)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def run() -> Callable[..., Analysis]:
    """Analyse a frame for one day (the last unless told)."""

    def analyse_day(
        frame: pd.DataFrame, first: date = LAST, last: date = LAST, known: KnownIssues | None = None
    ) -> Analysis:
        settings = Settings(departments=DEPARTMENTS)
        return analyse(
            frame, known or KnownIssues(), settings, kind="daily", first_day=first, last_day=last, sources=()
        )

    return analyse_day


def figures(result: RunResult) -> list[object]:
    """Every figure and share of a result."""
    from dataclasses import fields, is_dataclass

    from analysis.results import Figure, Share

    found: list[object] = []

    def walk(value: object) -> None:
        if isinstance(value, Figure | Share):
            found.append(value)
        elif isinstance(value, tuple):
            for item in value:
                walk(item)
        elif is_dataclass(value) and not isinstance(value, type):
            for entry in fields(value):
                walk(getattr(value, entry.name))

    walk(result)
    return found
