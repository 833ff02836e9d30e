"""The user agent is honest, and never one for which engines change their pages; a source's hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crawlers.sources import SourceSpec, UserAgentError, host_of, user_agent


def test_it_says_who_asks() -> None:
    assert (
        user_agent("Qingjiang city office", "0571-12345678")
        == "Minyi/0.1 (Qingjiang city office; 0571-12345678)"
    )


def test_a_chinese_office_fits_into_a_header() -> None:
    agent = user_agent("青江市", "a@b.cn")
    assert agent.isascii()
    assert "%E9%9D%92" in agent


@pytest.mark.parametrize(
    "contact", ["robot@x.cn", "http://wap.x.cn", "Phone 123", "java@x.cn", "remote@x.cn", "x@lg.cn"]
)
def test_telltale_words_are_refused_with_the_remedy(contact: str) -> None:
    with pytest.raises(UserAgentError, match="请换一个写法"):
        user_agent("office", contact)


def test_no_header_can_be_smuggled_in() -> None:
    assert "\n" not in user_agent("office\r\nX: y", "a@b.cn")


@pytest.mark.parametrize(
    ("hours", "clock", "left"),
    [
        (None, "12:00", None),
        ((23, 6), "22:59", timedelta(0)),
        ((23, 6), "23:00", timedelta(hours=7)),
        ((23, 6), "05:30", timedelta(minutes=30)),
        ((23, 6), "06:00", timedelta(0)),
        ((1, 5), "03:00", timedelta(hours=2)),
        ((0, 0), "13:00", timedelta(hours=11)),
    ],
)
def test_how_long_a_source_may_be_crawled(
    hours: tuple[int, int] | None, clock: str, left: timedelta | None
) -> None:
    now = datetime.fromisoformat(f"2026-11-23T{clock}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert SourceSpec(name="x", engine="discuz", url="http://x/", hours=hours).time_left(now) == left


def test_a_chinese_host_is_one_host_however_it_is_written() -> None:
    host = host_of("http://论坛.example/a?b=c")
    assert host.startswith("xn--")
    assert host_of(f"http://{host.upper()}:8080/") == host
