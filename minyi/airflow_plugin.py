"""Shows the portal inside Airflow's UI and at /minyi/, behind Airflow's own login and roles.

Every Airflow process loads this file, but only the API server opens the portal: what it needs
is imported there, when the server starts.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

if TYPE_CHECKING:
    from minyi.portal.jobs import Job, Progress
    from minyi.portal.visitors import Visitor

MOUNT = "/minyi"
LONGEST_NAME = 64
DAGS = {"topic": "topic_brief", "crawl": "crawl_forums"}


def _base() -> str:
    """The path below which Airflow itself is served."""
    return urlsplit(conf.get("api", "base_url", fallback="") or "/").path.rstrip("/")


async def identify(request: Request) -> "Visitor":
    """The Airflow user, with the highest of the roles Viewer, User, Op and Admin that they have."""
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user

    from minyi.portal.visitors import ForbiddenError, LoginRequiredError, Role, Visitor

    try:
        user = await get_user(request, None, await bearer_scheme(request))
    except HTTPException as error:
        raise LoginRequiredError(_login(request)) from error
    request.state.airflow_user = user
    known = {"Viewer": Role.LEADER, "User": Role.STAFF, "Op": Role.ANALYST, "Admin": Role.ADMIN}
    roles = [known[name] for name in _role_names(user) if name in known]
    if not roles:
        raise ForbiddenError("您的账号没有 Viewer、User、Op 或 Admin 角色，请管理员在 Airflow 里分配")
    return Visitor(user.get_name()[:LONGEST_NAME], max(roles))


def _role_names(user: Any) -> list[str]:
    """Names of roles, as FAB lists them or as Airflow's simple login has its one."""
    if hasattr(user, "roles"):
        return [role.name for role in user.roles]
    return [str(getattr(user, "role", "")).capitalize()]


def _login(request: Request) -> str:
    """Airflow's login page, which leads back here."""
    return f"{_base()}/api/v2/auth/login?{urlencode({'next': str(request.url)})}"


class AirflowJobs:
    """One run of a DAG a job, begun in the visitor's name and with the visitor's rights."""

    def start(self, job: "Job", visitor: "Visitor", request: Request) -> str:
        from airflow.api.common.trigger_dag import trigger_dag
        from airflow.exceptions import DagNotFound
        from airflow.sdk.exceptions import ParamValidationError
        from airflow.utils.types import DagRunTriggeredByType

        from minyi.errors import InputError

        dag_id = DAGS[job.kind]
        _check_may_run(dag_id, request)
        try:
            run = trigger_dag(
                dag_id,
                triggered_by=DagRunTriggeredByType.UI,
                triggering_user_name=visitor.name,
                conf=_conf(job),
            )
        except DagNotFound as error:
            raise InputError(f"Airflow 里没有 {dag_id} 这个流程，请检查 dags 目录") from error
        except (ParamValidationError, ValueError) as error:
            raise InputError(f"Airflow 没有接受这次运行：{error}") from error
        if run is None:
            raise InputError("Airflow 没有接受这次运行，请稍后再试")
        return f"{dag_id}/{quote(run.run_id, safe='')}"

    def look(self, job_id: str, visitor: "Visitor", request: Request) -> "Progress | None":
        from airflow.models.dagrun import DagRun
        from airflow.utils.session import create_session
        from sqlalchemy import select

        from minyi.portal.jobs import Progress, State

        dag_id, _, run_id = job_id.partition("/")
        if dag_id not in DAGS.values():
            return None
        with create_session() as session:
            wanted = (DagRun.dag_id == dag_id) & (DagRun.run_id == run_id)
            state = session.scalar(select(DagRun.state).where(wanted))
        if state is None:
            return None
        states: dict[str, State] = {"success": "done", "failed": "failed"}
        address = f"{_base()}/dags/{dag_id}/runs/{quote(run_id, safe='')}"
        return Progress(TITLES[dag_id], states.get(str(state), "running"), address=address)


TITLES = {"topic_brief": "做专报", "crawl_forums": "采集"}


def _check_may_run(dag_id: str, request: Request) -> None:
    """The visitor may run this DAG by Airflow's own permissions, and it is switched on."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
    from airflow.models.dag import DagModel

    from minyi.errors import InputError
    from minyi.portal.visitors import ForbiddenError

    allowed = get_auth_manager().is_authorized_dag(
        method="POST",
        access_entity=DagAccessEntity.RUN,
        details=DagDetails(id=dag_id),
        user=request.state.airflow_user,
    )
    if not allowed:
        raise ForbiddenError("您的 Airflow 账号不能运行这个流程")
    found = DagModel.get_current(dag_id)
    if found is not None and found.is_paused:
        raise InputError(f"流程 {dag_id} 在 Airflow 里是停着的；请先在 Airflow 里启用它")


def _conf(job: "Job") -> dict[str, Any]:
    filled = {name: value for name, value in job.params.items() if value}
    return {name: value.split(",") if name == "forms" else value for name, value in filled.items()}


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    """Put the portal into the application when the API server starts.

    It is built in a thread: the server is there before everything that pages need is loaded.
    """
    with ThreadPoolExecutor(1) as builder:
        built = builder.submit(_build)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            portal = await asyncio.shield(asyncio.wrap_future(built))
            await portal(scope, receive, send)

        app.mount("/", answer)
        yield


def _build() -> FastAPI:
    from minyi.portal.app import create_app
    from minyi.portal.charts import warm_up
    from minyi.portal.office import office_opener

    secret = conf.get_mandatory_value("api", "secret_key").encode()
    own = hmac.new(secret, b"minyi portal", hashlib.sha256).digest()
    warm_up()
    return create_app(office_opener(), identify, jobs=AirflowJobs(), secret=own)


class MinyiPlugin(AirflowPlugin):
    """The portal in Airflow's navigation, and as a page of its own."""

    name = "minyi"
    fastapi_apps = [  # noqa: RUF012 - as Airflow declares it
        {
            "app": FastAPI(lifespan=_open, docs_url=None, redoc_url=None, openapi_url=None),
            "url_prefix": MOUNT,
            "name": "Minyi",
        }
    ]
    external_views = [  # noqa: RUF012
        {
            "name": "民意",
            "href": f"{_base()}{MOUNT}/",
            "destination": "nav",
            "url_route": "minyi",
            "nav_top_level": True,
            "icon": f"{_base()}{MOUNT}/static/icon.svg",
        },
        {
            "name": "民意整页",
            "href": f"{_base()}{MOUNT}/",
            "destination": "nav",
            "icon": f"{_base()}{MOUNT}/static/icon.svg",
        },
    ]
