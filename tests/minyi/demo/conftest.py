"""A day, a moment of it, and the forums as they stand then."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from minyi.demo.model import Town
from minyi.demo.server import Forums, running_forums
from minyi.demo.timetable import SHANGHAI
from minyi.demo.town import build_town

DAY = date(2026, 3, 11)
NOON = datetime(2026, 3, 11, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def town() -> Town:
    return build_town(1, DAY)


@pytest.fixture
def running(town: Town) -> Iterator[Forums]:
    with running_forums(town=town, clock=lambda: NOON) as forums:
        yield forums
