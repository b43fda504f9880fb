"""Errors as the API tells them: RFC 9457 problem details, one handler for all that thetin raises."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from nlp import errors
from nlp.connections import is_unavailable, reason_of

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import Response

PROBLEM = "application/problem+json"
_log = logging.getLogger(__name__)

# The first class that an error belongs to counts, so special ones stand before general ones.
STATUS: tuple[tuple[type[errors.NlpError], int], ...] = (
    (errors.UnknownArticleError, 404),
    (errors.UnknownTopicError, 422),
    (errors.DecisionError, 422),
    (errors.ConflictError, 409),
    (errors.SignInError, 401),
    (errors.RateError, 429),
    (errors.TooLargeError, 413),
    (errors.TooSlowError, 408),
    (errors.AccessError, 403),
    (errors.UnsupportedFormatError, 415),
    (errors.ReadError, 422),
    (errors.MissingExtraError, 501),
    (errors.ModelError, 503),
    (errors.StoreError, 422),
    (errors.NlpError, 500),
)
_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "1"}}


def request_id(request: Request) -> str:
    """The id under which the request is known in responses and logs."""
    return str(getattr(request.state, "request_id", ""))


def status_of(error: errors.NlpError) -> int:
    """The HTTP status that tells an error."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def kind_of(error: errors.NlpError) -> str:
    """An error's name in the ``type`` of a problem: ``ConflictError`` is ``urn:thetin:problem:conflict``.

    >>> kind_of(errors.UnknownArticleError())
    'urn:thetin:problem:unknown-article'
    """
    name = type(error).__name__.removesuffix("Error")
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
    return f"urn:thetin:problem:{words.lstrip('-')}"


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    faults: Sequence[Mapping[str, str]] = (),
) -> Response:
    """A response that tells what went wrong, with the id by which the log knows the request.

    Pages are told by a page, as ``desk.pages.install`` has it.
    """
    from fastapi.responses import JSONResponse

    headers = _HEADERS.get(status)
    if not request.url.path.startswith(("/api/", "/healthz", "/metrics")):
        page: Response = request.app.state.render_error(request, status, kind, detail)
        page.headers.update(headers or {})
        return page
    body: dict[str, Any] = {
        "type": kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "request_id": request_id(request),
    }
    if faults:
        body["faults"] = list(faults)
    return JSONResponse(body, status_code=status, media_type=PROBLEM, headers=headers)


def tell(request: Request, error: errors.NlpError) -> Response:
    """An error of thetin's as a response."""
    status = status_of(error)
    if status >= 500:
        _log.error("%s %s: %s", request.method, request.url.path, error)
    return problem(request, status, str(error), kind=kind_of(error))


def install(app: FastAPI) -> None:
    """Have an application answer every error with a problem."""
    from fastapi.exceptions import RequestValidationError
    from sqlalchemy.exc import DBAPIError
    from starlette.exceptions import HTTPException

    app.add_exception_handler(errors.NlpError, _on_nlp_error)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(DBAPIError, _on_database)
    app.add_exception_handler(Exception, _on_bug)


async def _on_nlp_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.NlpError)
    return tell(request, error)


async def _on_http(request: Request, error: Exception) -> Response:
    """Tell what the framework says; what a body's reader raises comes wrapped, and the cause says more."""
    from starlette.exceptions import HTTPException

    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, errors.NlpError):
        return tell(request, error.__cause__)
    response = problem(request, error.status_code, str(error.detail))
    response.headers.update(error.headers or {})
    return response


async def _on_invalid(request: Request, error: Exception) -> Response:
    """Tell which fields of a request have not the shape that they should have."""
    from fastapi.exceptions import RequestValidationError

    assert isinstance(error, RequestValidationError)
    faults = [
        {"where": "/".join(str(step) for step in each["loc"]), "fault": each["msg"]}
        for each in error.errors()
    ]
    detail = "; ".join(f"{each['where']}: {each['fault']}" for each in faults[:5])
    return problem(request, 422, detail, kind="urn:thetin:problem:invalid", faults=faults)


async def _on_database(request: Request, error: Exception) -> Response:
    if not is_unavailable(error):
        return await _on_bug(request, error)
    _log.error("%s %s: %s", request.method, request.url.path, reason_of(error))
    return problem(request, 503, "the database does not answer; try again soon")


async def _on_bug(request: Request, error: Exception) -> Response:
    _log.exception("%s %s", request.method, request.url.path, exc_info=error)
    return problem(request, 500, "this is a fault of the program; the log has it under the request's id")
