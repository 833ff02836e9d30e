"""`minyi.toml`: read here, once, and validated; everything below takes plain arguments.

The environment overrides single settings (`MINYI_DATABASE_URL`, `MINYI_DATA_DIR`, …).
A mistake is one line with the file, the key and the remedy (`ConfigError`, exit 2).
"""

import codecs
import hashlib
import json
import os
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    HttpUrl,
    NameEmail,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from minyi import DEFAULT_FILE
from minyi.errors import ConfigError
from pipelines.schedule import make_schedule, parse_time_of_day
from reports.plans import SECTIONS

# Early enough for the daily brief, and twice in the day for bursts.
DEFAULT_TIMES = ("05:30", "12:00", "18:00")

Category = Literal["城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生"]
Engine = Literal["discuz", "xiuno", "phpwind", "selectors", "govcms", "rss", "file"]


def _http_url(value: str) -> str:
    url = TypeAdapter(HttpUrl).validate_python(value)
    if url.username or url.password:
        raise ValueError("网址里不要写用户名和密码：只采集不登录就能看的网页")
    return value


def _charset(value: str) -> str:
    try:
        codecs.lookup(value)
    except LookupError as error:
        raise ValueError(f"没有“{value}”这种编码，例如写 utf-8 或 gbk，或删去这一项") from error
    return value


def _from_file(value: Path, info: ValidationInfo) -> Path:
    """A relative path begins where the file lies: an Airflow task runs in a folder of its own."""
    return info.context["folder"] / value if info.context else value


PathFromFile = Annotated[Path, AfterValidator(_from_file)]

_FROM_VARIABLE = "env:"


def _from_variable(value: object, info: ValidationInfo) -> object:
    """`env:NAME` stands for that variable's value; without the variable it stays, and `reveal` says so."""
    if not (isinstance(value, str) and value.startswith(_FROM_VARIABLE) and info.context):
        return value
    return info.context["environ"].get(value.removeprefix(_FROM_VARIABLE)) or value


Secret = Annotated[SecretStr, BeforeValidator(_from_variable)]


def reveal(secret: SecretStr) -> str:
    """The secret itself; ConfigError when the variable that holds it is not set."""
    value = secret.get_secret_value()
    if value.startswith(_FROM_VARIABLE):
        raise ConfigError(f"环境变量 {value.removeprefix(_FROM_VARIABLE)} 没有设置，配置里用它存放密码")
    return value


class Section(BaseModel):
    """A table of the file: frozen, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class Source(Section):
    """One forum, or one channel of files (`engine = "file"`)."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")
    title: str = Field(min_length=1)
    engine: Engine
    url: Annotated[str, AfterValidator(_http_url)] | None = None
    boards: tuple[str, ...] = ()
    district: str | None = None
    encoding: Annotated[str, AfterValidator(_charset)] | None = None
    delay: float = Field(default=2.0, ge=0, le=3600)
    min_threads: int = Field(default=1, ge=0)
    max_threads: int = Field(default=5000, ge=1)
    allow_private: bool = False
    hours: tuple[Annotated[int, Field(ge=0, le=23)], Annotated[int, Field(ge=0, le=23)]] | None = None
    enabled: bool = True
    selectors: dict[str, str] = {}
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


class Chat(Section):
    """A chat group's robot; its address and its secret are credentials."""

    service: Literal["wecom", "dingtalk", "feishu"]
    webhook: Secret
    secret: Secret | None = None


class Recipient(Section):
    """Who gets which kinds of brief, by which ways.

    With `drafts` without waiting for approval; with `department` that department's issues alone.
    """

    name: str = Field(min_length=1)
    kinds: tuple[Literal["daily", "weekly", "special", "alert"], ...] = ("daily",)
    department: str | None = None
    drafts: bool = False
    folder: PathFromFile | None = None
    email: tuple[EmailStr, ...] = ()
    chat: Chat | None = None

    @field_validator("email", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @property
    def ways(self) -> int:
        """By how many ways it is reached."""
        return (self.folder is not None) + len(self.email) + (self.chat is not None)


class Mail(Section):
    """The office's mail server."""

    host: str = Field(min_length=1)
    port: int = Field(default=465, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    sender: NameEmail
    user: str | None = None
    password: Secret | None = None


class Delivery(Section):
    """How hard to try, for how long to wait for an answer, and where people read the whole brief."""

    attempts: int = Field(default=3, ge=1, le=10)
    wait_seconds: float = Field(default=5.0, ge=0, le=600)
    timeout_seconds: float = Field(default=20.0, gt=0, le=300)
    portal_url: Annotated[str, AfterValidator(_http_url)] | None = None


class Schedule(Section):
    """When the briefs are made, in the office's time zone; it seeds the store, where staff change it."""

    daily: str = "06:30"
    weekly: str = "07:00"
    weekly_day: int = Field(default=1, ge=1, le=7)

    @field_validator("daily", "weekly")
    @classmethod
    def _known_time(cls, value: str) -> str:
        parse_time_of_day(value)
        return value


class Retention(Section):
    """How many days each thing is kept, see `minyi housekeep`."""

    # Runs look back 92 days, the usual day of a source 8 weeks.
    posts: int = Field(default=1095, ge=120, le=36500)
    superseded_runs: int = Field(default=180, ge=7, le=36500)
    briefs: int = Field(default=3650, ge=30, le=36500)
    crawls: int = Field(default=400, ge=60, le=36500)
    audit: int = Field(default=3650, ge=180, le=36500)
    job_logs: int = Field(default=30, ge=1, le=36500)


class Thresholds(Section):
    """Numbers an office may set: hours to an answer, days of trend, how sure a label must be."""

    answer_hours: int = Field(default=48, ge=1, le=8760)
    trend_days: int = Field(default=14, ge=2, le=92)
    focus_issues: int = Field(default=5, ge=1, le=20)
    first_crawl_days: int = Field(default=30, ge=1, le=3660)
    unsure: float = Field(default=0.5, ge=0, le=1)
    burst: Literal["low", "medium", "high"] = "medium"
    look_back_days: int = Field(default=3, ge=0, le=366)


WorkingDays = Annotated[int, Field(ge=1, le=120)]
# Within how many working days an office answers; what an office leaves out stays as it is here.
DEADLINES: dict[Literal["咨询", "求助", "投诉", "建议"], WorkingDays] = {
    "咨询": 3,
    "求助": 5,
    "投诉": 5,
    "建议": 10,
}


class Alerts(Section):
    """Which alerts are raised, and in which hours of the night none is sent (from, to)."""

    bursts: bool = True
    blind: bool = True
    quiet_hours: tuple[Annotated[int, Field(ge=0, le=23)], Annotated[int, Field(ge=0, le=23)]] | None = (
        22,
        7,
    )

    def is_quiet(self, hour: int) -> bool:
        """Is nothing sent in that hour of the office's day?"""
        if self.quiet_hours is None:
            return False
        start, end = self.quiet_hours
        return start <= hour < end if start <= end else hour >= start or hour < end


Form = Literal["html", "pdf", "docx", "json"]


class BriefLayout(Section):
    """What an office's briefs look like: forms, cover line, section names, its own templates and fonts."""

    forms: tuple[Form, ...] = ("html", "pdf", "docx", "json")
    cover_line: str = "内部资料"
    titles: dict[str, str] = {}
    hidden: tuple[str, ...] = ()
    templates: PathFromFile | None = None
    fonts: PathFromFile | None = None

    @model_validator(mode="after")
    def _known_sections(self) -> Self:
        if unknown := {*self.titles, *self.hidden} - SECTIONS:
            raise ValueError(f"没有“{min(unknown)}”这个栏目；可用：{'、'.join(sorted(SECTIONS))}")
        return self


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
    deadlines: dict[Literal["咨询", "求助", "投诉", "建议"], WorkingDays] = {}
    holidays: dict[date, Literal["work", "rest"]] = {}
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
        raise ConfigError(f"没有名为“{name}”的来源；已配置：{names}")

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
        return (_districts_below(self.office.adcode) if self.office.adcode else {}) | dict(pairs)

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


_FROM_ENVIRONMENT = {
    "MINYI_DATA_DIR": "data_dir",
    "MINYI_DATABASE_URL": "database_url",
    "MINYI_AUTHOR_KEY_FILE": "author_key_file",
    "MINYI_STAFF": "staff",
}


def config_file(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The file to read: `path`, else $MINYI_CONFIG, else ./minyi.toml."""
    return path or Path(environ.get("MINYI_CONFIG", DEFAULT_FILE))


def load_config(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read and validate the configuration in that file."""
    file = config_file(path, environ)
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"找不到配置文件 {file}；请先运行 minyi init，或用 --config 指明") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} 不是有效的 TOML（{error}）") from error
    except OSError as error:
        raise ConfigError(f"读不了配置文件 {file}：{error.strerror}") from error
    overrides = {key: environ[name] for name, key in _FROM_ENVIRONMENT.items() if environ.get(name)}
    return parse_config(settings | overrides, file, environ)


def plain_config() -> Config:
    """What a table is read with where no office is configured: no places or words of its own, China's time."""
    return parse_config({"office": {"name": "未配置", "contact": "未配置"}}, Path(DEFAULT_FILE), {})


def parse_config(settings: dict[str, Any], file: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Validate settings; the first mistake is raised as a ConfigError of one line."""
    try:
        return Config.model_validate(settings, context={"folder": file.absolute().parent, "environ": environ})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ConfigError(f"{file}：{_key(first['loc'])}{_remedy(first)}") from error


def _key(location: tuple[int | str, ...]) -> str:
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location]
    key = "".join(parts).lstrip(".")
    return f"{key}：" if key else ""


def _remedy(mistake: Any) -> str:
    value = json.dumps(mistake["input"], ensure_ascii=False, default=str)[:60]
    match mistake["type"]:
        case "extra_forbidden":
            return "不认识这个键，请检查拼写或删去"
        case "missing":
            return "缺少这一项，请补上"
        case "value_error":
            return str(mistake["ctx"]["error"])
        case "literal_error":
            return f"{value} 不在允许的取值中：{mistake['ctx']['expected']}"
        case kind if kind.startswith("url"):
            return f"{value} 不是 http:// 或 https:// 开头的网址"
        case kind:
            return f"{value} 不合要求（{_WANTED.get(kind, mistake['msg'])}）"


_WANTED = {
    "string_type": "应为带引号的文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "tuple_type": "应为方括号列表",
    "dict_type": "应为一张表",
    "model_type": "应为一张表",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "只用小写字母、数字、横线、下划线",
    "greater_than_equal": "数值太小",
    "less_than_equal": "数值太大",
    "date_from_datetime_parsing": "应为日期，如 2026-10-01",
}
