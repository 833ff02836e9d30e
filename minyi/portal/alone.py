"""The portal for one person on loopback: who has the address that was printed is that person."""

import hmac
import socket
from threading import Thread
from typing import Annotated

import uvicorn
from fastapi import Query
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

from minyi.errors import InputError
from minyi.portal.app import create_app
from minyi.portal.charts import warm_up
from minyi.portal.jobs import CommandJobs
from minyi.portal.office import office_opener
from minyi.portal.security import SecurityHeaders
from minyi.portal.visitors import LoginRequiredError, Role, Visitor
from minyi.workspace import Workspace

# A page elsewhere may give its own name this machine's address: only our names are answered.
HOSTS = ["127.0.0.1", "localhost"]
ENTRANCE = "/enter"
NO_TOKEN = "请用 minyi serve 在终端里打印的整个网址打开；重新启动后，旧网址不能再用。"
WAIT = 3  # seconds for open requests when stopped


def listen(host: str, port: int) -> socket.socket:
    """A socket on that port of this machine; InputError when the port is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise InputError(f"端口 {port} 打不开（{error.strerror}）；请用 --port 换一个") from error
    return listener


def app_alone(workspace: Workspace, jobs: CommandJobs, secret: bytes, *, token: str | None = None) -> ASGIApp:
    """The portal where whoever came in with the token is the person at this machine; None: everybody is."""

    async def identify(request: Request) -> Visitor:
        if not _holds(token, request.cookies.get(_cookie(request), "")):
            raise LoginRequiredError(how=NO_TOKEN)
        return Visitor(workspace.staff, Role.ADMIN)

    def enter(request: Request, given: Annotated[str, Query(alias="token")] = "") -> Response:
        answer = RedirectResponse("/", 303)
        if token is not None and _holds(token, given):
            # Lax: what a brief in its frame links to opens with it; every write has a token of its own.
            answer.set_cookie(_cookie(request), token, httponly=True, samesite="lax")
        return answer

    app = create_app(office_opener(workspace.file), identify, jobs=jobs, secret=secret)
    app.add_api_route(ENTRANCE, enter, methods=["GET"])
    return SecurityHeaders(TrustedHostMiddleware(app, allowed_hosts=HOSTS, www_redirect=False))


def _holds(token: str | None, given: str) -> bool:
    return token is None or hmac.compare_digest(given.encode(), token.encode())


def _cookie(request: Request) -> str:
    """A machine's cookies are of all its ports."""
    return f"minyi-{request.url.port}"


def serve_alone(
    workspace: Workspace, listener: socket.socket, secret: bytes, *, token: str | None = None
) -> None:
    """Answer until stopped; what still runs then is ended in order."""
    jobs = CommandJobs(workspace.file.absolute(), workspace.jobs_folder)
    settings = uvicorn.Config(
        app_alone(workspace, jobs, secret, token=token),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=WAIT,
    )
    Thread(target=warm_up, daemon=True).start()
    try:
        uvicorn.Server(settings).run(sockets=[listener])
    finally:
        jobs.stop()
        listener.close()
