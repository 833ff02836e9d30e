"""`minyi serve`: the portal for one person, on this machine alone."""

import secrets
from typing import Annotated

import typer

from minyi.cli.console import note, say
from minyi.errors import InputError
from minyi.workspace import Workspace

HOST = "127.0.0.1"


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", help="端口；0 为任选一个空闲的", min=0, max=65535)] = 8420,
    host: Annotated[str, typer.Option("--host", help="只能是本机：127.0.0.1 或 localhost")] = HOST,
) -> None:
    """在本机打开网页门户，供一个人用；多人使用请通过 Airflow 登录。按 Ctrl-C 停止。"""
    if host not in (HOST, "localhost"):
        raise InputError(
            "minyi serve 只供一个人用，只在本机（127.0.0.1）打开；要让别人用，请启用 Airflow 里的“民意”页面"
        )
    from minyi.portal.alone import listen, serve_alone

    workspace: Workspace = context.obj()
    socket = listen(HOST, port)
    say(f"门户已打开：http://{HOST}:{socket.getsockname()[1]}/")
    note("只有您在这台机器上能打开；按 Ctrl-C 停止。")
    serve_alone(workspace, socket, secrets.token_bytes(32))
