"""Who looks at a page, and what they may do.  How that is known is the front door's affair."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum

from starlette.requests import Request


class Role(IntEnum):
    """Each may do what those before it may."""

    LEADER = 1
    STAFF = 2
    ANALYST = 3
    ADMIN = 4


ROLE_NAMES = {
    Role.LEADER: "领导",
    Role.STAFF: "工作人员",
    Role.ANALYST: "分析员",
    Role.ADMIN: "管理员",
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who is logged in; `name` is what the audit calls them."""

    name: str
    role: Role


Identify = Callable[[Request], Awaitable[Visitor]]


class LoginRequiredError(Exception):
    """Nobody is logged in; `address` is where one can, `how` says it."""

    def __init__(self, address: str | None = None, how: str = "登录后再打开这一页。") -> None:
        super().__init__(address)
        self.address = address
        self.how = how


class ForbiddenError(Exception):
    """The visitor may not do this; the message says who may."""
