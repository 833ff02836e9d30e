"""E-mail to a real SMTP server on loopback."""

from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from minyi.delivery.errors import DeliveryError
from minyi.delivery.mail import MailServer, build_message, send_message
from reports.email import Letter

from .servers import Inbox, free_port

LETTER = Letter(
    subject="民意日报 第3期\u3000路灯不亮",
    text="1. 路灯不亮\n",
    html='<p>1. 路灯不亮 <img src="cid:trend" alt="走势"></p>',
    images={"trend": b"\x89PNG\r\n"},
)
PDF = {"民意日报-2026-11-22.pdf": b"%PDF-1.7 x"}


def message(to: str = "wang@office.example") -> EmailMessage:
    return build_message(
        LETTER, PDF, sender="海平县民意 <minyi@office.example>", to=to, message_id="daily-7-1"
    )


def server(port: int, **changed: object) -> MailServer:
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "minyi@office.example"}
    return MailServer(**{"timeout": 5.0, **settings, **changed})  # type: ignore[arg-type]


def test_the_letter_arrives_whole(inbox: Inbox, mail_port: int) -> None:
    send_message(server(mail_port), message(), "wang@office.example")
    [(to, found)] = inbox.messages
    assert isinstance(found, EmailMessage)
    assert (to, found["To"], found["Subject"]) == (
        "wang@office.example",
        "wang@office.example",
        LETTER.subject,
    )
    assert found["From"] == "海平县民意 <minyi@office.example>"
    assert found["Message-ID"] == "<daily-7-1@office.example>"
    body = found.get_body(("html",))
    plain = found.get_body(("plain",))
    assert body is not None
    assert plain is not None
    assert body.get_content().strip() == LETTER.html
    assert plain.get_content().splitlines() == LETTER.text.splitlines()
    [picture] = [part for part in found.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<trend>"
    [file] = found.iter_attachments()
    assert (file.get_filename(), file.get_content()) == next(iter(PDF.items()))


@pytest.mark.parametrize(("code", "again"), [("550 no such user", False), ("451 greylisted", True)])
def test_a_refused_recipient_is_one_line_and_says_whether_to_try_again(
    inbox: Inbox, mail_port: int, code: str, again: bool
) -> None:
    inbox.refused["li@office.example"] = code
    with pytest.raises(DeliveryError, match=code) as error:
        send_message(server(mail_port), message("li@office.example"), "li@office.example")
    assert error.value.again is again
    assert inbox.messages == []


def test_a_dead_server_is_tried_again() -> None:
    with pytest.raises(DeliveryError, match="连不上") as error:
        send_message(server(free_port()), message(), "wang@office.example")
    assert error.value.again


def test_a_server_that_hangs_is_given_up(silent_port: int) -> None:
    with pytest.raises(DeliveryError, match="没有回应") as error:
        send_message(server(silent_port, timeout=0.2), message(), "wang@office.example")
    assert error.value.again


class FallsSilent(Inbox):
    """Takes the text and then hangs up without an answer."""

    async def handle_DATA(self, smtp: object, _session: object, _envelope: object) -> str:  # noqa: N802
        smtp.transport.abort()  # type: ignore[attr-defined]
        return "250 OK"


def test_silence_after_the_text_may_mean_that_it_arrived() -> None:
    controller = Controller(FallsSilent(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with pytest.raises(DeliveryError) as error:
            send_message(server(controller.port), message(), "wang@office.example")
    finally:
        controller.stop()
    assert error.value.unknown
    assert not error.value.again


def test_a_wrong_password_and_a_server_without_login_are_told_apart(inbox: Inbox, mail_port: int) -> None:
    with pytest.raises(DeliveryError, match="不支持"):
        send_message(server(mail_port, user="minyi", password="x"), message(), "wang@office.example")
    strict = Controller(
        inbox,
        hostname="127.0.0.1",
        port=free_port(),
        auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=False, handled=False),
    )
    strict.start()
    try:
        with pytest.raises(DeliveryError, match="用户名或密码") as error:
            send_message(server(strict.port, user="minyi", password="x"), message(), "wang@office.example")
    finally:
        strict.stop()
    assert not error.value.again


def test_an_unencrypted_server_is_not_spoken_to_where_tls_is_wanted(mail_port: int) -> None:
    with pytest.raises(DeliveryError):
        send_message(server(mail_port, security="tls", timeout=1.0), message(), "wang@office.example")
