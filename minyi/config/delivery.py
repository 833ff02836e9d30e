"""What is sent: to whom, by which ways, how hard to try, and when nothing is."""

from typing import Literal

from pydantic import EmailStr, Field, NameEmail, field_validator

from minyi.config.values import Hours, HttpAddress, PathFromFile, Secret, Section


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
    portal_url: HttpAddress | None = None


class Alerts(Section):
    """Which alerts are raised, and in which hours of the night none is sent (from, to)."""

    bursts: bool = True
    blind: bool = True
    quiet_hours: Hours | None = (22, 7)

    def is_quiet(self, hour: int) -> bool:
        """Is nothing sent in that hour of the office's day?"""
        if self.quiet_hours is None:
            return False
        start, end = self.quiet_hours
        return start <= hour < end if start <= end else hour >= start or hour < end
