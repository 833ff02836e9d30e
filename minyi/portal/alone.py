"""The portal for one person on loopback: whoever started it, and no other user of the machine."""

import socket
from collections.abc import Callable
from threading import Thread

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp

from minyi.errors import InputError
from minyi.portal.app import create_app
from minyi.portal.charts import warm_up
from minyi.portal.jobs import CommandJobs
from minyi.portal.office import office_opener
from minyi.portal.peers import is_own
from minyi.portal.security import SecurityHeaders
from minyi.portal.visitors import LoginRequiredError, Role, Visitor
from minyi.workspace import Workspace

# A page elsewhere may give its own name this machine's address: only our names are answered.
HOSTS = ["127.0.0.1", "localhost"]
NOT_YOURS = "这是别的用户用 minyi serve 打开的；请用自己的账户启动，多人使用请登录 Airflow，点“民意”。"
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


def app_alone(
    workspace: Workspace, jobs: CommandJobs, secret: bytes, *, admits: Callable[[Request], bool] = is_own
) -> ASGIApp:
    """The portal where everybody who is admitted is the person at this machine."""

    async def identify(request: Request) -> Visitor:
        if not admits(request):
            raise LoginRequiredError(how=NOT_YOURS)
        return Visitor(workspace.staff, Role.ADMIN)

    app = create_app(office_opener(workspace.file), identify, jobs=jobs, secret=secret)
    return SecurityHeaders(TrustedHostMiddleware(app, allowed_hosts=HOSTS, www_redirect=False))


def serve_alone(workspace: Workspace, listener: socket.socket, secret: bytes) -> None:
    """Answer until stopped; what still runs then is ended in order."""
    jobs = CommandJobs(workspace.file.absolute(), workspace.jobs_folder)
    settings = uvicorn.Config(
        app_alone(workspace, jobs, secret),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # a header must not say who is at the other end
        timeout_graceful_shutdown=WAIT,
    )
    Thread(target=warm_up, daemon=True).start()
    try:
        uvicorn.Server(settings).run(sockets=[listener])
    finally:
        jobs.stop()
        listener.close()
