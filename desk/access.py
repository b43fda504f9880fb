"""What a route asks for: who sends the request and with which role, the desk's store and tagger."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.concurrency import run_in_threadpool

from desk.accounts import Role
from desk.rates import host_of
from desk.security import COOKIE, Session, Sessions, check_csrf, check_role
from nlp.types import Article, Reject, Tags

if TYPE_CHECKING:
    from desk.rates import Rates
    from desk.store import Store
    from desk.tagging import Tagging

# These two only describe, for OpenAPI; ``Sessions.identify`` reads the headers itself.
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="An API key, made by serve.py --add-key."
)
_COOKIE = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    scheme_name="session",
    description="A browser's session, with X-CSRF-Token.",
)


def store_of(request: Request) -> Store:
    """The desk's store."""
    store: Store = request.app.state.store
    return store


def tagging_of(request: Request) -> Tagging:
    """The desk's tagger."""
    tagging: Tagging = request.app.state.tagging
    return tagging


async def tagged(request: Request, found: Sequence[Article | Reject]) -> list[Tags | Reject]:
    """What a request brought, each article tagged, or rejected where the tagger failed on it.

    Raises:
        ModelError: Nothing tags any more.
    """
    articles = [item for item in found if isinstance(item, Article)]
    outcomes = await asyncio.wrap_future(tagging_of(request).submit(articles))
    left = iter(outcomes)
    return [next(left) if isinstance(item, Article) else item for item in found]


async def current_session(request: Request) -> Session | None:
    """Who sends a request; None where nobody knows. Looks into the database at most once a request.

    Raises:
        SignInError: The request's key is unknown or revoked.
        AccessError: The desk is open, and the request came under a foreign name.
        RateError: The user or key sent too many requests.
    """
    if not hasattr(request.state, "session"):
        sessions: Sessions = request.app.state.sessions
        found = request.state.session = await run_in_threadpool(sessions.identify, request)
        # On an open desk everybody is the same user, and no more is known of them than the host.
        if found and found.via != "open":
            rates: Rates = request.app.state.rates
            rates.admit(host_of(request.scope), f"{found.via} {found.user.name}")
    session: Session | None = request.state.session
    return session


def needs(role: Role) -> Callable[..., Awaitable[Session]]:
    """A dependency that lets in whoever has a role, and no request forged by a foreign page."""

    async def allowed(
        request: Request,
        _bearer: Annotated[object, Security(_BEARER)],
        _cookie: Annotated[object, Security(_COOKIE)],
    ) -> Session:
        """The session of whoever sent the request, if they have the role."""
        session = check_role(await current_session(request), role)
        check_csrf(request, session)
        return session

    return allowed


Editor = Annotated[Session, Depends(needs("editor"))]
"""A parameter of this type is the session of whoever may decide."""
