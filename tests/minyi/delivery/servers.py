"""Test doubles: an inbox, and chat services that verify what they get."""

import base64
import hashlib
import hmac
import socket
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

SECRET = "SEC-of-the-group"


@dataclass
class Inbox:
    """Keeps what was delivered; refuses the addresses in `refused`, with their code."""

    refused: dict[str, str] = field(default_factory=dict)
    messages: list[tuple[str, Message]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages += [(to, message) for to in envelope.rcpt_tos]
        return "250 OK"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass
class ChatServer:
    """The three services under one address; verifies signatures as their documents say."""

    url: str
    texts: list[tuple[str, str]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any] | str]] = field(default_factory=list)

    def webhook(self, service: str) -> str:
        return f"{self.url}/{service}?key=of-the-group"

    def answer(self, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> tuple[int, Any]:
        service = path.strip("/")
        assert query["key"] == ["of-the-group"]
        if self.answers:
            return self.answers.pop(0)
        refusal = getattr(self, f"_refuse_{service}")(query, body)
        if refusal is not None:
            return 200, refusal
        text = body["content"]["text"] if service == "feishu" else body["text"]["content"]
        self.texts.append((service, text))
        return 200, {"code": 0, "msg": "success"} if service == "feishu" else {"errcode": 0, "errmsg": "ok"}

    def _refuse_wecom(self, _query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any] | None:
        long = len(body["text"]["content"].encode()) > 2048
        return {"errcode": 40058, "errmsg": "text.content exceed max length 2048"} if long else None

    def _refuse_dingtalk(self, query: dict[str, list[str]], _body: dict[str, Any]) -> dict[str, Any] | None:
        if "sign" not in query:
            return {"errcode": 310000, "errmsg": "sign not match"}
        [at], [sign] = query["timestamp"], query["sign"]
        wanted = hmac.new(SECRET.encode(), f"{at}\n{SECRET}".encode(), hashlib.sha256).digest()
        return None if base64.b64decode(sign) == wanted else {"errcode": 310000, "errmsg": "sign not match"}

    def _refuse_feishu(self, _query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any] | None:
        wanted = hmac.new(f"{body.get('timestamp')}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
        same = base64.b64decode(body.get("sign", "")) == wanted
        return None if same else {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
