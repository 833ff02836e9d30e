"""The whole configuration, and what the program takes from several of its tables."""

import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from minyi.config.briefs import BriefLayout, Schedule
from minyi.config.delivery import Alerts, Delivery, Mail, Recipient
from minyi.config.limits import DEADLINES, RequestKind, Retention, Thresholds, WorkingDays
from minyi.config.office import Agency, Department, District, Office, Topic
from minyi.config.sources import Source
from minyi.config.values import PathFromFile, Section
from minyi.errors import ConfigError


class Config(Section):
    """The whole file."""

    office: Office
    sources: tuple[Source, ...] = ()
    districts: tuple[District, ...] = ()
    agencies: tuple[Agency, ...] = ()
    departments: tuple[Department, ...] = ()
    topics: tuple[Topic, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    mail: Mail | None = None
    delivery: Delivery = Delivery()
    alerts: Alerts = Alerts()
    thresholds: Thresholds = Thresholds()
    schedule: Schedule = Schedule()
    retention: Retention = Retention()
    brief: BriefLayout = BriefLayout()
    lexicon: tuple[str, ...] = ()
    deadlines: dict[RequestKind, WorkingDays] = Field(default_factory=dict)
    holidays: dict[date, Literal["work", "rest"]] = Field(default_factory=dict)
    data_dir: PathFromFile = Field(default=Path("var"), validate_default=True)
    database_url: str | None = None
    author_key_file: PathFromFile | None = None
    staff: str | None = Field(default=None, min_length=1, max_length=64)

    @model_validator(mode="after")
    def _names(self) -> Self:
        for table in ("sources", "districts", "agencies", "topics"):
            names = Counter(entry.name for entry in getattr(self, table))
            if twice := [name for name, count in names.items() if count > 1]:
                raise ValueError(f"{table}：名称“{twice[0]}”写了两次，请改名或删去一个")
        known = {district.name for district in self.districts}
        for source in self.sources:
            if source.district and source.district not in known:
                raise ValueError(f"sources：“{source.name}”的 district “{source.district}”不在 districts 中")
        return self

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.mail is None and (by_mail := [who.name for who in self.recipients if who.email]):
            raise ValueError(f"recipients：“{by_mail[0]}”有 email，但没有写 [mail]（邮件服务器）")
        return self

    @property
    def department_names(self) -> tuple[str, ...]:
        """Each once; staff may pass an issue to an office besides these."""
        return tuple(dict.fromkeys(entry.name for entry in self.departments))

    def source(self, name: str) -> Source:
        """The source of that name; ConfigError when there is none."""
        for source in self.sources:
            if source.name == name:
                return source
        names = "、".join(source.name for source in self.sources) or "（一个也没有）"
        raise ConfigError(
            f"没有名为“{name}”的来源；已配置：{names}。新的来源请写进配置文件，论坛可用 minyi source add"
        )

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'minyi.db'}"

    @property
    def author_key(self) -> Path:
        return self.author_key_file or self.data_dir / "author.key"

    @property
    def accounts(self) -> dict[str, str]:
        """Official account -> agency."""
        return {account: agency.name for agency in self.agencies for account in agency.accounts}

    @property
    def gazetteer(self) -> dict[str, str]:
        """Place name -> district; a district's own name belongs to it, and so do divisions below the office's."""
        pairs = [(place, d.name) for d in self.districts for place in (d.name, *d.places)]
        return self.office.divisions | dict(pairs)

    @property
    def words(self) -> tuple[str, ...]:
        """What the segmenter takes for one word: the lexicon and every place name."""
        return (*self.lexicon, *self.gazetteer)

    @property
    def working_days(self) -> dict[str, int]:
        """Kind of post -> working days within which the office answers it."""
        return {str(kind): days for kind, days in {**DEADLINES, **self.deadlines}.items()}

    def fingerprint(self) -> str:
        """A short hash of everything set otherwise than it comes that can change a result (not of where files lie).

        A later program's settings that an office leaves alone do not change it.
        """
        whole = (
            *("data_dir", "database_url", "author_key_file"),
            *("recipients", "mail", "delivery", "alerts", "staff", "schedule", "retention"),
        )
        pace = {"__all__": {"delay", "times", "every"}}
        elsewhere: Any = dict.fromkeys(whole, True) | {"sources": pace}
        settings = self.model_dump(mode="json", exclude=elsewhere, exclude_defaults=True)
        return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]
