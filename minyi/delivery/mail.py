"""Delivery by e-mail: one message a recipient, pictures inline, the brief attached."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from typing import TYPE_CHECKING, Literal

from minyi.delivery.errors import DeliveryError

if TYPE_CHECKING:
    from reports.email import Letter

_SUBTYPES = {"pdf": "pdf", "docx": "vnd.openxmlformats-officedocument.wordprocessingml.document"}
_PERMANENT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in; `timeout` in seconds is for each of the server's answers."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    sender: str
    user: str | None = None
    password: str | None = None
    timeout: float = 20.0


def build_message(
    letter: "Letter", attachments: Mapping[str, bytes], *, sender: str, to: str, message_id: str
) -> EmailMessage:
    """A letter as a MIME message: text and HTML with its pictures, then the files by name.

    The same delivery has the same `message_id`, by which mail servers know a repetition.
    """
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = _address(sender)
    message["To"] = _address(to)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = f"<{message_id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    page = message.get_payload()[1]  # type: ignore[index]
    for name, picture in letter.images.items():
        page.add_related(picture, "image", "png", cid=f"<{name}>", filename=f"{name}.png")  # type: ignore[union-attr]
    for name, data in attachments.items():
        subtype = _SUBTYPES.get(name.rsplit(".", 1)[-1], "octet-stream")
        message.add_attachment(data, maintype="application", subtype=subtype, filename=name)
    return message


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(name, addr_spec=address)


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rsplit("@", 1)[-1]


def send_message(server: MailServer, message: EmailMessage, to: str) -> None:
    """Hand a message in for one recipient.

    Raises:
        DeliveryError: not reached; `unknown` when the server fell silent after it had the text.
    """
    with _session(server) as session:
        with _explained(server, unknown=False):
            _expect(session.mail(parseaddr(server.sender)[1]))
            _expect(session.rcpt(to))
        with _explained(server, unknown=True):
            _expect(session.data(message.as_bytes(policy=SMTP)))


@contextmanager
def _session(server: MailServer) -> Iterator[smtplib.SMTP]:
    with _explained(server, unknown=False):
        session = _connect(server)
    try:
        yield session
    finally:
        session.close()


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        session: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.timeout, context=context
        )
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.security == "starttls":
            session.starttls(context=context)
        session.ehlo_or_helo_if_needed()
        if server.user is not None:
            session.login(server.user, server.password or "")
    except BaseException:
        session.close()
        raise
    return session


def _expect(answer: tuple[int, bytes]) -> None:
    code, said = answer
    if not 200 <= code < 400:
        raise smtplib.SMTPResponseException(code, said)


@contextmanager
def _explained(server: MailServer, *, unknown: bool) -> Iterator[None]:
    """Whatever the library raises, as a DeliveryError; `unknown` says what silence means here."""
    where = f"邮件服务器 {server.host}:{server.port}"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise DeliveryError(f"{where} 的证书不可信；请检查 [mail] 的 host，或请管理员更换证书") from error
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryError(
            f"{where} 不支持所配的登录或加密方式；请检查 [mail] 的 security 和 user"
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError(f"{where} 不接受用户名或密码；请检查 [mail]") from error
    except smtplib.SMTPResponseException as error:
        said = _said(error.smtp_error)
        raise DeliveryError(
            f"{where} 拒收：{error.smtp_code} {said}", again=error.smtp_code < _PERMANENT
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        silent = isinstance(error, TimeoutError | smtplib.SMTPServerDisconnected)
        words = "没有回应" if silent else "连不上"
        raise DeliveryError(
            f"{where} {words}；请检查网络和 [mail]", again=not unknown, unknown=unknown
        ) from error


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:120]
