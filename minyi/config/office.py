"""The office: who it is, its places, who answers for it, whose job is what, and what it watches."""

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from minyi.config.values import Section

Category = Literal["城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生"]


def _districts_below(adcode: str) -> dict[str, str]:
    # Loaded where it is used: every command reads the configuration, and few offices name a code.
    from pipelines.divisions import district_names

    return district_names(adcode)


class Office(Section):
    """Who reads the briefs, and whom a site owner can write to."""

    name: str = Field(min_length=1)
    contact: str = Field(min_length=3)
    timezone: str = "Asia/Shanghai"
    adcode: str | None = None

    @field_validator("adcode")
    @classmethod
    def _known_division(cls, value: str | None) -> str | None:
        if value is not None:
            _districts_below(value)
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("没有这个时区，例如写 Asia/Shanghai") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def divisions(self) -> dict[str, str]:
        """Divisions below the office's own -> district; empty where it names no code."""
        return _districts_below(self.adcode) if self.adcode else {}


class District(Section):
    """A district and the names of places in it."""

    name: str = Field(min_length=1)
    places: tuple[str, ...] = ()


class Agency(Section):
    """An office and the forum accounts under which it answers."""

    name: str = Field(min_length=1)
    accounts: tuple[str, ...] = ()


class Department(Section):
    """Whose job a category is; with `district`, in that district only."""

    name: str = Field(min_length=1)
    category: Category
    district: str | None = None
    detail: str | None = None


class Topic(Section):
    """A saved query; it seeds the store, where analysts change it."""

    name: str = Field(min_length=1)
    query: str = Field(min_length=1)
