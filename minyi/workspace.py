"""What a command works with: the configuration, the store and the reader, each opened when first used."""

import getpass
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from minyi.errors import InputError

if TYPE_CHECKING:  # heavy: pydantic, sqlalchemy and numpy load only in commands that use them
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from minyi.config import Config
    from pipelines.corrections import LocalLayer
    from pipelines.reader import Reader

# No forum is older; and the first and last days of all cannot be told in UTC.
FIRST_YEAR, LAST_YEAR = 1970, 2999


@dataclass(frozen=True)
class Workspace:
    """One command's view of an office."""

    config: "Config"
    file: Path

    @cached_property
    def engine(self) -> "Engine":
        from pipelines.store import open_database

        return open_database(self.config.database)

    @cached_property
    def reader(self) -> "Reader":
        from pipelines.corrections import load_layers

        return self._reader(load_layers(self.layers_file))

    @cached_property
    def shipped_reader(self) -> "Reader":
        """Without what was learned here: it also opens when that is damaged or of other models."""
        return self._reader({})

    def _reader(self, layers: "Mapping[str, LocalLayer]") -> "Reader":
        from pipelines.places import PlaceFinder
        from pipelines.reader import Reader, load_models
        from pipelines.segment import Segmenter

        return Reader(
            load_models(),
            Segmenter(self.config.words),
            PlaceFinder(self.config.gazetteer),
            unsure=self.config.thresholds.unsure,
            layers=layers,
        )

    @cached_property
    def lexicon_hash(self) -> str:
        """The name of the office's lexicon."""
        from pipelines.version import lexicon_hash

        return lexicon_hash(self.config.words)

    @cached_property
    def reading_version(self) -> str:
        """The reader's version, without loading its models."""
        from pipelines.corrections import load_layers
        from pipelines.model_files import shipped_version
        from pipelines.places.model import shipped_place_version
        from pipelines.version import reading_version

        layers = load_layers(self.layers_file)
        models, places = shipped_version(), shipped_place_version()
        return reading_version(models, places, self.lexicon_hash, self.config.gazetteer, layers)

    @property
    def layers_file(self) -> Path:
        """Where what was learned from this office's corrections lies."""
        return self.config.data_dir / "local_layers.json"

    @property
    def jobs_folder(self) -> Path:
        """Where `minyi serve` keeps what its jobs said."""
        return self.config.data_dir / "jobs"

    @property
    def staff(self) -> str:
        """Who works here, as the audit names them: $MINYI_STAFF, else the login name."""
        return self.config.staff or _login_name()

    def close(self) -> None:
        """Give back the store's connections."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    def author_key(self) -> bytes:
        """The key that turns authors into voices."""
        from minyi.author_key import load_author_key

        return load_author_key(self.config.author_key, self.engine)

    def today(self) -> date:
        """The day in the office's time zone."""
        return datetime.now(self.config.office.zone).date()

    def window(self, day: str | None, first: str | None = None, last: str | None = None) -> tuple[date, date]:
        """The days asked for: one `day`, or `first` to `last`; yesterday when nothing was said."""
        if day and (first or last):
            raise InputError("--day 与 --from/--to 只能用一种")
        if bool(first) != bool(last):
            raise InputError("--from 和 --to 要一起用")
        wanted = first or day
        start = parse_day(wanted) if wanted else self.today() - timedelta(days=1)
        end = parse_day(last) if last else start
        if end < start:
            raise InputError(f"--from {start} 晚于 --to {end}，请对调")
        if end > self.today():
            raise InputError(f"{end} 还没有到，今天是 {self.today()}")
        return start, end


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"uid-{os.getuid()}"


def parse_day(text: str) -> date:
    """A day written as 2026-11-22; InputError otherwise."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"看不懂日期“{text}”，请写成 2026-11-22 的样子") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InputError(f"日期“{text}”的年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    return day
