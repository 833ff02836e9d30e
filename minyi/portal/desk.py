"""What every page works with: the visitor, the workspace, and how to answer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from minyi.portal import words
from minyi.portal.jobs import Jobs
from minyi.portal.security import make_token, token_holds
from minyi.portal.visitors import ROLE_NAMES, ForbiddenError, Identify, Role, Visitor
from minyi.workspace import Workspace
from reports.words import UNKNOWN_TIME

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Portal:
    """What a front door brings: the office, who somebody is, who does long work, what signs forms."""

    open_workspace: Callable[[], Workspace]
    identify: Identify
    jobs: Jobs
    secret: bytes


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of one visitor; `csrf` is what their forms carry back."""

    request: Request
    portal: Portal
    workspace: Workspace
    visitor: Visitor
    csrf: str

    def reading(self) -> "AbstractContextManager[Connection]":
        """A transaction that only reads."""
        from pipelines.store.database import reading

        return reading(self.workspace.engine).connect()

    def may(self, role: str) -> bool:
        """Whether the visitor has that role: "staff", "analyst", "admin"."""
        return self.visitor.role >= Role[role.upper()]

    def address(self, path: str) -> str:
        """A path of the portal as a browser has to ask for it, wherever the portal is mounted."""
        return str(self.request.scope.get("root_path", "")).rstrip("/") + path

    @property
    def role_name(self) -> str:
        return ROLE_NAMES[self.visitor.role]

    @property
    def said(self) -> str:
        """What the last write did, in words."""
        return words.SAID.get(self.request.query_params.get("said", ""), "")

    def moment(self, at: datetime | None) -> str:
        """11月22日 14:05 in the office's time zone, with the year where it is not this one."""
        return words.moment(at, self.workspace.config.office.zone) if at else ""

    def written(self, post: Any) -> str:
        """When a post, as stored or as evidence, was written."""
        return UNKNOWN_TIME if post.untimed else self.moment(post.dated_at)

    def day(self, at: datetime) -> str:
        return words.day(at.astimezone(self.workspace.config.office.zone).date())

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page; every value is text to it, never markup."""
        text = templates().get_template(f"{template}.html.j2").render(desk=self, **values)
        return HTMLResponse(text, status)

    def go(self, path: str, said: str = "") -> RedirectResponse:
        """Show another page after a write, with what was done in words."""
        path, hash_, place = path.partition("#")
        mark = "&" if "?" in path else "?"
        return RedirectResponse(
            self.address(path + (f"{mark}said={said}" if said else "") + hash_ + place), 303
        )

    def go_to(self, path: str, **values: str) -> RedirectResponse:
        """Show a page that is asked for with these values."""
        return RedirectResponse(f"{self.address(path)}?{urlencode(values)}", 303)


@cache
def templates() -> Environment:
    """The pages' templates: everything escaped, nothing undefined."""
    environment = Environment(
        loader=PackageLoader("minyi.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["words"] = words
    return environment


async def _identify(request: Request) -> Visitor:
    portal: Portal = request.app.state.portal
    return await portal.identify(request)


def _desk(request: Request, visitor: Annotated[Visitor, Depends(_identify)]) -> Desk:
    portal: Portal = request.app.state.portal
    token = make_token(portal.secret, visitor)
    return Desk(request, portal, portal.open_workspace(), visitor, token)


Reader = Annotated[Desk, Depends(_desk)]


def _writing(role: Role) -> Callable[..., Desk]:
    def check(desk: Reader, csrf: Annotated[str, Form()] = "") -> Desk:
        if desk.visitor.role < role:
            raise ForbiddenError(f"这一步需要“{ROLE_NAMES[role]}”权限，您现在是“{desk.role_name}”")
        if not token_holds(desk.portal.secret, desk.visitor, csrf):
            raise ForbiddenError("页面已过期，或请求不是从本页面发出的；请返回刷新后再试")
        return desk

    return check


Staff = Annotated[Desk, Depends(_writing(Role.STAFF))]
Analyst = Annotated[Desk, Depends(_writing(Role.ANALYST))]
