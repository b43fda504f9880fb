"""What every request passes: an id, limits of size, time and rate, and headers that keep browsers strict."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from desk.problems import tell
from desk.rates import host_of
from nlp.errors import NlpError, RateError, TooLargeError, TooSlowError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from desk.metrics import Metrics
    from desk.rates import Rates
    from desk.settings import Settings

REQUEST_ID = "X-Request-Id"
_GIVEN_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Limits:
    """The ASGI layer around the whole desk.

    Args:
        app: What it is around.
        settings: Tell the limits of size and time.
        rates: Tell the limits of rate.
        metrics: Count what passes.
    """

    def __init__(self, app: ASGIApp, settings: Settings, rates: Rates, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._rates = rates
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = _request_id(headers.get(b"x-request-id", b""))
        refusal = self._refusal(scope, headers)
        started = time.perf_counter()
        status = 500

        async def send_strictly(message: Message) -> None:
            """Send with the headers that keep browsers strict, and remember the status."""
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_extra(scope, message["headers"])]
            await send(message)

        try:
            app = tell(Request(scope), refusal) if refusal else self._app
            await app(scope, self._counted(receive), send_strictly)
        finally:
            self._metrics.count(scope, status, time.perf_counter() - started)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> NlpError | None:
        try:
            self._rates.arrive(host_of(scope))
        except RateError as error:
            return error
        if _length(headers) > self._settings.max_body:
            return self._too_large()
        return None

    def _counted(self, receive: Receive) -> Receive:
        """Receive no more than may come, and not for longer than it may take."""
        size = 0
        is_whole = False

        async def receive_some() -> Message:
            """Receive the next piece, counted and timed until the body is whole."""
            nonlocal size, is_whole
            if is_whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._settings.body_seconds)
            except TimeoutError:
                raise TooSlowError("the request came in too slowly; send it again") from None
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
            if size > self._settings.max_body:
                raise self._too_large()
            return message

        return receive_some

    def _too_large(self) -> TooLargeError:
        return TooLargeError(
            f"the request is larger than {self._settings.max_body >> 20} MB; send fewer articles at once"
        )


def _request_id(given: bytes) -> str:
    text = given.decode("latin-1")
    return text if _GIVEN_ID.fullmatch(text) else secrets.token_hex(8)


def _length(headers: dict[bytes, bytes]) -> int:
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() and len(length) < 20 else 0


def _extra(scope: Scope, present: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _ in present}
    found = {**HEADERS, REQUEST_ID: scope["state"]["request_id"]}
    if not scope["path"].startswith("/static/"):
        found["Cache-Control"] = "no-store"
    return [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in found.items()
        if name.lower().encode() not in names
    ]
