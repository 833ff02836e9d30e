"""Robots of three chat services: signed, short enough, and judged by the body of the answer."""

import logging
from typing import Any

import pytest

from minyi.delivery.chat import LIMITS, Robot, Service, send_text
from minyi.delivery.errors import DeliveryError

from .servers import SECRET, ChatServer

SERVICES: tuple[Service, ...] = ("wecom", "dingtalk", "feishu")


def robot(chat: ChatServer, service: Service, **changed: Any) -> Robot:
    return Robot(
        **{"service": service, "webhook": chat.webhook(service), "secret": SECRET, "timeout": 5} | changed
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_signed_text_arrives(chat: ChatServer, service: Service) -> None:
    send_text(robot(chat, service), "民意日报 第3期\n1. 路灯不亮（未答复）")
    assert chat.texts == [(service, "民意日报 第3期\n1. 路灯不亮（未答复）")]


@pytest.mark.parametrize("service", ["dingtalk", "feishu"])
def test_a_wrong_secret_is_a_refusal_although_the_status_is_200(chat: ChatServer, service: Service) -> None:
    with pytest.raises(DeliveryError, match="sign") as error:
        send_text(robot(chat, service, secret="wrong"), "日报")
    assert not error.value.again
    assert chat.texts == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_long_text_is_cut_between_lines_and_says_so(chat: ChatServer, service: Service) -> None:
    line = "路灯不亮，请尽快维修😀"
    send_text(robot(chat, service), "\n".join([line] * 2000))
    [(_, text)] = chat.texts
    *kept, last = text.split("\n")
    assert set(kept) == {line}
    assert last == "……（全文见简报）"
    assert LIMITS[service] - 60 < len(text.encode()) <= LIMITS[service]


def test_one_endless_line_is_cut_within(chat: ChatServer) -> None:
    send_text(robot(chat, "wecom"), "灯" * 5000)
    [(_, text)] = chat.texts
    assert text.startswith("灯" * 600)
    assert len(text.encode()) <= 2048


def test_what_a_resident_wrote_calls_nobody(chat: ChatServer) -> None:
    send_text(robot(chat, "feishu"), '<at user_id="all">所有人</at>')
    assert "<" not in chat.texts[0][1]


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        ((200, {"errcode": 45009, "errmsg": "api freq out of limit"}), True),
        ((200, {"errcode": 93000, "errmsg": "invalid webhook url"}), False),
        ((502, "<html>bad gateway</html>"), True),
        ((200, "<html>captive portal</html>"), False),
        ((200, {"ok": True}), False),
    ],
)
def test_a_refusal_says_whether_to_try_again(
    chat: ChatServer, answer: tuple[int, dict[str, Any] | str], again: bool
) -> None:
    chat.answers.append(answer)
    with pytest.raises(DeliveryError) as error:
        send_text(robot(chat, "wecom"), "日报")
    assert error.value.again is again
    assert "企业微信" in str(error.value)
    assert "key=" not in str(error.value), "the webhook's key is a secret"


def test_a_dead_service_is_tried_again_and_a_silent_one_is_not(silent_port: int) -> None:
    with pytest.raises(DeliveryError) as dead:
        send_text(Robot(service="wecom", webhook="http://127.0.0.1:1/"), "日报")
    assert dead.value.again
    with pytest.raises(DeliveryError) as silent:
        send_text(Robot(service="wecom", webhook=f"http://127.0.0.1:{silent_port}/", timeout=0.2), "日报")
    assert silent.value.unknown
    assert not silent.value.again


@pytest.mark.parametrize("answer", [{"errcode": "x"}, {"code": None}, {"code": []}, [], "null", '"errcode"'])
def test_an_answer_of_another_form_is_a_refusal(chat: ChatServer, answer: Any) -> None:
    chat.answers.append((200, answer))
    with pytest.raises(DeliveryError, match="不是约定的格式"):
        send_text(robot(chat, "wecom"), "日报")


def test_no_redirect_is_followed_and_no_error_tells_the_key(
    chat: ChatServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    chat.answers.append((307, {"errcode": 0}))
    with pytest.raises(DeliveryError, match="没有接收") as error:
        send_text(robot(chat, "wecom"), "日报")
    assert "of-the-group" not in str(error.value) + caplog.text
    assert chat.texts == []
