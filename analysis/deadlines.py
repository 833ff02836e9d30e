"""When an answer was due: 24 and 48 natural hours, and the office's own table of working days.

No rule says what starts these clocks: here it is the first post, while the first look at it
(`first_seen_at`) is shown beside.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from analysis.calendar import WorkCalendar
from analysis.results import Deadline, Intent, Limit

_NATURAL: Final[tuple[tuple[Limit, int], ...]] = (("24h", 24), ("48h", 48))


def find_deadlines(
    began: datetime,
    answered: datetime | None,
    now: datetime,
    kind: Intent | None,
    working_days: Mapping[str, int],
    calendar: WorkCalendar,
    zone: ZoneInfo,
) -> tuple[Deadline, ...]:
    """The limits of an issue that began then; the office's is due at the end of its last working day."""
    until = min(answered or now, now)
    natural = tuple(
        Deadline(limit=limit, due_at=due, overdue=until > due)
        for limit, hours in _NATURAL
        if (due := began + timedelta(hours=hours))
    )
    if kind is None or kind not in working_days:
        return natural
    first = began.astimezone(zone).date()
    last = calendar.due_day(first, working_days[kind])
    due_at = datetime.combine(last + timedelta(days=1), time(), zone)
    office = Deadline(
        limit="office",
        due_at=due_at,
        overdue=until > due_at,
        kind=kind,
        working_days=working_days[kind],
        guessed=calendar.any_guessed(first, last),
    )
    return (*natural, office)
