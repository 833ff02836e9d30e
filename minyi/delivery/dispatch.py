"""Sending one brief to everybody who should have it: once each, recorded, one failure stopping nobody else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from sqlalchemy import Row
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from minyi.config import Recipient, reveal
from minyi.delivery.chat import Robot, send_text
from minyi.delivery.errors import DeliveryError
from minyi.delivery.mail import MailServer, build_message, send_message
from minyi.delivery.parcel import Parcel
from minyi.errors import ConfigError
from minyi.workspace import Workspace
from pipelines.store.deliveries import Errand, claim_delivery, finish_delivery, last_delivery
from pipelines.store.patience import patiently
from reports.write import WriteError, write_atomically

Outcome = Literal["sent", "already", "failed", "unknown", "empty"]

CHANNELS = {"folder": "文件夹", "mail": "邮件", "wecom": "企业微信", "dingtalk": "钉钉", "feishu": "飞书"}

_LONGEST_WAIT = 60.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How one way to one recipient went; `message` says why not."""

    recipient: str
    channel: str
    address: str
    outcome: Outcome
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One way to one recipient; `send` takes the delivery's id.

    `again_is_harmless` when repeating it leaves the same as once.
    """

    who: Recipient
    channel: str
    address: str
    send: Callable[[int], None]
    again_is_harmless: bool = False


def deliver_brief(
    workspace: Workspace, run: Row[Any], brief: Row[Any], *, resend: bool = False
) -> tuple[Delivered, ...]:
    """Send a brief to its recipients, drafts only to those who want drafts.

    `resend` sends again what was sent, and what may have arrived.
    """
    parcels: dict[str | None, Parcel] = {}
    done = []
    for who in workspace.config.recipients:
        if brief.kind not in who.kinds or not (brief.state == "approved" or who.drafts):
            continue
        parcel = parcels.setdefault(who.department, Parcel(workspace, run, who.department))
        done += [_deliver(workspace, brief, parcel, way, resend) for way in _ways(workspace, who, parcel)]
    return tuple(done)


def _ways(workspace: Workspace, who: Recipient, parcel: Parcel) -> Iterator[_Way]:
    if who.folder is not None:
        yield _Way(
            who=who,
            channel="folder",
            address=who.name,
            send=lambda _: _to_folder(who, parcel),
            again_is_harmless=True,
        )
    for address in who.email:
        yield _Way(
            who=who,
            channel="mail",
            address=address,
            send=partial(_by_mail, workspace, parcel, address),
        )
    if who.chat is not None:
        yield _Way(
            who=who,
            channel=who.chat.service,
            address=who.name,
            send=lambda _: _by_chat(workspace, who, parcel),
        )


def _deliver(workspace: Workspace, brief: Row[Any], parcel: Parcel, way: _Way, resend: bool) -> Delivered:
    if parcel.is_empty:
        return _ended(way, "empty")
    errand = Errand(brief_id=brief.id, channel=way.channel, recipient=way.address, state=brief.state)
    claimed, before = patiently(partial(_claim, workspace, errand, way, resend))
    if claimed is None:
        assert before is not None
        return _left_alone(way, before)
    outcome, message = _try(workspace, way, claimed)  # never again for the database's sake
    patiently(partial(_finish, workspace, claimed, outcome, message))
    return _ended(way, outcome, message)


def _claim(
    workspace: Workspace, errand: Errand, way: _Way, resend: bool
) -> tuple[int | None, Row[Any] | None]:
    """The delivery that may start now, or None, and what was before it.

    Claimed again after its answer was lost, it counts as interrupted: rather unknown than sent twice.
    """
    with workspace.engine.begin() as connection:
        before = last_delivery(connection, errand)
        interrupted = before is not None and before.outcome == "sending"
        again = resend or (interrupted and way.again_is_harmless)
        claimed = claim_delivery(connection, errand, again=again)
        # Another process may have begun between the look and the claim.
        return claimed, before if claimed or before else last_delivery(connection, errand)


def _finish(workspace: Workspace, delivery: int, outcome: Outcome, message: str | None) -> None:
    with workspace.engine.begin() as connection:
        finish_delivery(connection, delivery, outcome, message)


def _left_alone(way: _Way, before: Row[Any]) -> Delivered:
    if before.outcome == "sent":
        return _ended(way, "already")
    why = "正由另一个进程送出，或上次中断" if before.outcome == "sending" else before.message
    return _ended(way, "unknown", f"{why}；确认没有收到后，用 --resend 再送")


def _try(workspace: Workspace, way: _Way, delivery: int) -> tuple[Outcome, str | None]:
    """Send, again after a pause where that may help; how it ended."""
    settings = workspace.config.delivery
    attempts = Retrying(
        stop=stop_after_attempt(settings.attempts),
        wait=wait_random_exponential(multiplier=settings.wait_seconds, max=_LONGEST_WAIT),
        retry=retry_if_exception(lambda error: isinstance(error, DeliveryError) and error.again),
        reraise=True,
    )
    try:
        attempts(way.send, delivery)
    except DeliveryError as error:
        return ("unknown" if error.unknown else "failed"), str(error)
    except (WriteError, ConfigError) as error:
        return "failed", str(error)
    return "sent", None


def _ended(way: _Way, outcome: Outcome, message: str | None = None) -> Delivered:
    return Delivered(
        recipient=way.who.name, channel=way.channel, address=way.address, outcome=outcome, message=message
    )


def _to_folder(who: Recipient, parcel: Parcel) -> None:
    assert who.folder is not None
    for name, data in parcel.files.items():
        write_atomically(who.folder / name, data)


def _by_mail(workspace: Workspace, parcel: Parcel, to: str, delivery: int) -> None:
    mail = workspace.config.mail
    assert mail is not None  # the configuration refuses addresses without a server
    server = MailServer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        sender=mail.sender.email,
        user=mail.user,
        password=reveal(mail.password) if mail.password else None,
        timeout=workspace.config.delivery.timeout_seconds,
    )
    message = build_message(
        parcel.letter,
        parcel.attachments,
        sender=str(mail.sender),
        to=to,
        message_id=f"minyi-{parcel.run.kind}-{parcel.run.last_day}-{delivery}",
    )
    send_message(server, message, to)


def _by_chat(workspace: Workspace, who: Recipient, parcel: Parcel) -> None:
    assert who.chat is not None
    robot = Robot(
        service=who.chat.service,
        webhook=reveal(who.chat.webhook),
        secret=reveal(who.chat.secret) if who.chat.secret else None,
        timeout=workspace.config.delivery.timeout_seconds,
    )
    send_text(robot, parcel.chat_text)
