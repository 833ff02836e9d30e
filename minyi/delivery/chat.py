"""Delivery to a group of WeCom, DingTalk or Feishu by its robot's webhook.

Plain text only: their markup could be written by anybody on a forum.  Success is what
the answer's body says; the status is 200 for refusals too.
"""

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from minyi.delivery.errors import DeliveryError

Service = Literal["wecom", "dingtalk", "feishu"]
TITLES: dict[Service, str] = {"wecom": "企业微信", "dingtalk": "钉钉", "feishu": "飞书"}
# Bytes of the text, with room for the JSON around it.
# WeCom: 2,048 (developer.work.weixin.qq.com/document/path/91770); DingTalk and Feishu: 20 KB a request.
LIMITS: dict[Service, int] = {"wecom": 2048, "dingtalk": 18_000, "feishu": 18_000}
# "Too many messages a minute": WeCom 45009, DingTalk 130101 and 410100, Feishu 11232 and 9499.
_BUSY = {45009, 130101, 410100, 11232, 9499}
# It tells every address it asks, and with a webhook's address its key.
logging.getLogger("httpx").setLevel(logging.WARNING)
_CUT = "\n……（全文见简报）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """A group's robot; with `secret` its messages are signed (DingTalk, Feishu)."""

    service: Service
    webhook: str
    secret: str | None = None
    timeout: float = 20.0


def send_text(robot: Robot, text: str) -> None:
    """Post a text to the robot's group.

    Raises:
        DeliveryError: refused or not reached; `unknown` when the text was sent and no answer came.
    """
    title = TITLES[robot.service]
    query, body = _SIGN[robot.service](robot, _short(text, LIMITS[robot.service]))
    try:
        address = httpx.URL(robot.webhook).copy_merge_params(query)
        answer = httpx.post(address, json=body, timeout=robot.timeout)
    except httpx.ConnectError as error:
        raise DeliveryError(f"连不上{title}；请检查网络", again=True) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise DeliveryError(f"{title}的 webhook 不是有效的网址；请检查配置") from error
    except httpx.HTTPError as error:
        raise DeliveryError(f"{title}没有回应，不知道是否送到", unknown=True) from error
    _check(title, answer)


def _check(title: str, answer: httpx.Response) -> None:
    code, said = _verdict(answer)
    if code == 0 and answer.is_success:
        return
    busy = code in _BUSY or answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error
    raise DeliveryError(
        f"{title}没有接收：{code if code is not None else answer.status_code} {said}", again=busy
    )


def _verdict(answer: httpx.Response) -> tuple[int | None, str]:
    """The code in the body (None when it is no such body), and what the service says."""
    try:
        body = answer.json()
        code = int(body["errcode"] if "errcode" in body else body["code"])
    except (ValueError, KeyError, TypeError):
        return None, "回应不是约定的格式"
    said = body.get("errmsg") or body.get("msg") or ""
    return code, " ".join(str(said).split())[:120]


def _short(text: str, limit: int) -> str:
    """Whole lines of at most `limit` bytes; "<" made harmless, for `<at …>` would call people."""
    text = text.replace("<", "＜").replace(">", "＞")
    if len(text.encode()) <= limit:
        return text
    room = limit - len(_CUT.encode())
    kept = text.encode()[:room].decode(errors="ignore")
    whole = kept.rsplit("\n", 1)[0] if "\n" in kept else kept
    return whole + _CUT


Signed = tuple[dict[str, str], dict[str, Any]]


def _wecom(_robot: Robot, text: str) -> Signed:
    return {}, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(robot: Robot, text: str) -> Signed:
    """open.dingtalk.com/document/robots/customize-robot-security-settings."""
    body = {"msgtype": "text", "text": {"content": text}}
    if robot.secret is None:
        return {}, body
    at = str(round(time.time() * 1000))
    return {"timestamp": at, "sign": _hmac(robot.secret, f"{at}\n{robot.secret}")}, body


def _feishu(robot: Robot, text: str) -> Signed:
    """open.feishu.cn/document/client-docs/bot-v3/add-custom-bot; the key is what others sign."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if robot.secret is None:
        return {}, body
    at = str(int(time.time()))
    return {}, body | {"timestamp": at, "sign": _hmac(f"{at}\n{robot.secret}", "")}


def _hmac(key: str, message: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), message.encode(), hashlib.sha256)).decode()


_SIGN: dict[Service, Callable[[Robot, str], Signed]] = {
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
}
