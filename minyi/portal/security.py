"""What keeps a page to itself: headers, and tokens that only this visitor's own pages hold."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from minyi.portal.visitors import Visitor

TOKEN_LIVES = timedelta(hours=12)

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# A brief is a document of its own: no script, no origin; its links open outside the frame.
BRIEF_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class SecurityHeaders:
    """Puts the headers on every answer, also on errors and files; an answer's own go before."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def make_token(secret: bytes, visitor: Visitor) -> str:
    """What a form carries back: when it was made, and a signature that binds it to the visitor."""
    made = str(int(datetime.now(UTC).timestamp()))
    return f"{made}.{_sign(secret, visitor, made)}"


def token_holds(secret: bytes, visitor: Visitor, token: str) -> bool:
    """Whether the token was made here, for this visitor, not long ago."""
    made, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _sign(secret, visitor, made).encode()):
        return False
    return datetime.now(UTC) - datetime.fromtimestamp(int(made), UTC) < TOKEN_LIVES


def _sign(secret: bytes, visitor: Visitor, made: str) -> str:
    message = f"minyi form\n{made}\n{int(visitor.role)}\n{visitor.name}"
    return hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()
