"""The forums and channels of files that are read: where, how, and when."""

import codecs
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from minyi.config.values import Hours, HttpAddress, Section
from pipelines.schedule import make_schedule

# Early enough for the daily brief, and twice in the day for bursts.
DEFAULT_TIMES = ("05:30", "12:00", "18:00")

Engine = Literal["discuz", "xiuno", "phpwind", "selectors", "govcms", "rss", "file"]


def _charset(value: str) -> str:
    try:
        codecs.lookup(value)
    except LookupError as error:
        raise ValueError(f"没有“{value}”这种编码，例如写 utf-8 或 gbk，或删去这一项") from error
    return value


class Source(Section):
    """One forum, or one channel of files (`engine = "file"`)."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")
    title: str = Field(min_length=1)
    engine: Engine
    url: HttpAddress | None = None
    boards: tuple[str, ...] = ()
    district: str | None = None
    encoding: Annotated[str, AfterValidator(_charset)] | None = None
    delay: float = Field(default=2.0, ge=0, le=3600)
    min_threads: int = Field(default=1, ge=0)
    max_threads: int = Field(default=5000, ge=1)
    allow_private: bool = False
    hours: Hours | None = None
    enabled: bool = True
    selectors: dict[str, str] = Field(default_factory=dict)
    # Seeds: what staff set in the store goes before.
    times: tuple[str, ...] = ()
    every: int | None = None

    @model_validator(mode="after")
    def _address(self) -> Self:
        if self.engine != "file" and self.url is None:
            raise ValueError("论坛来源需要 url")
        return self

    @model_validator(mode="after")
    def _schedule(self) -> Self:
        if self.times and self.every is not None:
            raise ValueError("times 与 every 只能写一种")
        make_schedule(self.when)
        return self

    @property
    def when(self) -> tuple[str, ...] | int:
        """Times of day, or every how many minutes it is crawled."""
        return self.every if self.every is not None else self.times or DEFAULT_TIMES
