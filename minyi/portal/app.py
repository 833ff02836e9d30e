"""One application for two doors: `minyi serve` and Airflow's UI."""

import logging
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from minyi.errors import MinyiError
from minyi.portal.desk import Portal, templates
from minyi.portal.jobs import Jobs
from minyi.portal.routes import (
    approval,
    briefs,
    corrections,
    instructions,
    issues,
    jobs,
    method,
    runs,
    sources,
    static,
    today,
    topics,
)
from minyi.portal.security import HEADERS, SecurityHeaders
from minyi.portal.visitors import ForbiddenError, Identify, LoginRequiredError
from minyi.portal.words import as_sentence
from minyi.workspace import Workspace
from pipelines.store.database import StoreError

_PAGES = (
    today,
    briefs,
    issues,
    topics,
    sources,
    approval,
    instructions,
    corrections,
    method,
    runs,
    jobs,
    static,
)
_log = logging.getLogger(__name__)
_OURS = {"analysis", "crawlers", "minyi", "pipelines", "reports"}


def create_app(
    open_workspace: Callable[[], Workspace], identify: Identify, *, jobs: Jobs, secret: bytes
) -> FastAPI:
    """The portal of an office, for visitors that `identify` knows.

    `open_workspace` is asked at every request, so that a changed configuration counts at once.
    """
    app = FastAPI(title="Minyi", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.portal = Portal(open_workspace, identify, jobs, secret)
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(LoginRequiredError, _to_login)
    for kind in (
        ForbiddenError,
        HTTPException,
        RequestValidationError,
        MinyiError,
        DBAPIError,
        StoreError,
        OverflowError,
    ):
        app.add_exception_handler(kind, _explain)
    app.add_exception_handler(ValueError, _explain_ours)
    app.add_exception_handler(RuntimeError, _explain_ours)
    app.add_exception_handler(Exception, _explain)
    for page in _PAGES:
        app.include_router(page.router)
    return app


async def _to_login(request: Request, error: Exception) -> Response:
    assert isinstance(error, LoginRequiredError)
    if request.method == "GET" and error.address:
        return RedirectResponse(error.address, 303)
    return _say(request, 401, "请先登录", error.how)


async def _explain(request: Request, error: Exception) -> Response:
    if isinstance(error, DBAPIError) and not isinstance(error, DataError):
        # What the database said, and no more: its further lines and the statement show whole rows.
        said = str(error.orig).strip().splitlines()
        _log.error("%s: %s", type(error).__name__, said[0] if said else "")
    status, title, words = _reason(error)
    return _say(request, status, title, words)


async def _explain_ours(request: Request, error: Exception) -> Response:
    """Lower packages raise named errors with words for people; any other is a fault of the program."""
    if not _is_ours(error):
        raise error
    return await _explain(request, error)


def _is_ours(error: Exception) -> bool:
    return type(error).__module__.split(".")[0] in _OURS


def _reason(error: Exception) -> tuple[int, str, str]:
    match error:
        case ForbiddenError():
            return 403, "没有权限", str(error)
        case HTTPException(status_code=404):
            return 404, "没有这一页", "可能已被删除，或地址抄错了。"
        case HTTPException(status_code=400):
            return 400, "没有做成", "发来的内容太长，或格式读不出来；请改短了再交。"
        case HTTPException():
            return error.status_code, "打不开", "这个地址不能这样用。"
        case RequestValidationError() | DataError() | OverflowError():
            return 422, "填写的内容不对", "请检查日期、编号等是否填写完整。"
        case DBAPIError():
            return 503, "数据库出错", "暂时读写不了数据库；已保存的不会丢，请稍后再试或告诉维护人员。"
    if _is_ours(error):
        return 400, "没有做成", str(error)
    return 500, "程序出错", "页面没有做成，请告诉维护人员；已保存的不会丢。"


def _say(request: Request, status: int, title: str, words: str) -> Response:
    home = str(request.scope.get("root_path", "")).rstrip("/")
    page = (
        templates()
        .get_template("error.html.j2")
        .render(
            home=home,
            title=title,
            said=as_sentence(words),
            sent=request.method == "POST" and status in (400, 422),
        )
    )
    return HTMLResponse(page, status, headers=HEADERS)  # a fault's page is made outside the middleware
