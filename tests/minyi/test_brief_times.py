"""When a brief's time has come, as staff set it."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from minyi.brief_times import is_time_for, set_brief_times
from minyi.config import config_file, load_config
from minyi.workspace import Workspace

from .conftest import Minyi

SHANGHAI = ZoneInfo("Asia/Shanghai")
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def workspace(office: Path) -> Iterator[Workspace]:
    assert office.exists()
    opened = Workspace(load_config(), config_file())
    yield opened
    opened.close()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def test_a_daily_brief_waits_for_its_time_on_the_day_after(workspace: Workspace) -> None:
    assert not is_time_for(workspace, "daily", SUNDAY, at(23, 6, 29))
    assert is_time_for(workspace, "daily", SUNDAY, at(23, 6, 30))
    assert is_time_for(workspace, "daily", date(2026, 10, 1), at(23, 0, 5)), "a day long past does not wait"


def test_staff_may_set_another_time(workspace: Workspace) -> None:
    set_brief_times(workspace, daily="05:40", weekly_day=3, weekly="08:15", staff="周科")
    assert is_time_for(workspace, "daily", SUNDAY, at(23, 5, 40))
    assert not is_time_for(workspace, "daily", SUNDAY, at(23, 5, 39))
    assert not is_time_for(workspace, "weekly", SUNDAY, at(25, 8, 14))
    assert is_time_for(workspace, "weekly", SUNDAY, at(25, 8, 15)), "the Wednesday after"


def test_a_weekly_brief_waits_for_the_monday_after_its_sunday(workspace: Workspace) -> None:
    assert not is_time_for(workspace, "weekly", SUNDAY, at(23, 6, 59))
    assert is_time_for(workspace, "weekly", SUNDAY, at(23, 7))


def test_the_command_tells_a_waiting_task_to_ask_again(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = datetime.now(SHANGHAI).date()
    assert minyi("schedule", "--reached", "daily", "--day", str(today)) == 75
    assert "还没到" in capsys.readouterr().out
    assert minyi("schedule", "--reached", "daily", "--day", "2026-01-01") == 0
