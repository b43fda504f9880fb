"""Who sends a request, and whether it is really them: sessions, keys, CSRF tokens.

A program sends its key with each request. A person's browser holds a signed cookie, and every request
of theirs that changes something carries a token that a foreign page can't know. Where the desk is bound
to this machine alone and has no accounts, everybody is one editor, and the same token keeps foreign
pages in the editor's browser out.
"""

from __future__ import annotations

import hmac
import secrets as random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from sqlalchemy import select

from desk.accounts import OPEN_USER, Role, User
from desk.intake import insert_new
from desk.schema import secrets
from desk.settings import is_loopback
from nlp.errors import AccessError, SignInError

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.responses import Response

    from desk.accounts import Accounts
    from desk.store import Store

COOKIE = "thetin_session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
SESSION_SECONDS = 12 * 3600
"""A working day; an editor signs in each morning."""
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_SALT = "thetin-session-1"


@dataclass(frozen=True, slots=True)
class Session:
    """Whoever sent a request.

    ``csrf`` is the token that the pages carry. ``via`` tells a program's key from a browser's cookie
    and from a desk that is open; ``is_new`` means that the browser has yet to be given the cookie.
    """

    user: User
    csrf: str
    via: Literal["key", "cookie", "open"]
    is_new: bool = False


class Sessions:
    """Opens and reads sessions.

    Args:
        store: Keeps the secret that signs them, so that they outlive a restart.
        accounts: The users and keys.
        is_loopback: Whether the desk is bound to this machine alone.
    """

    def __init__(self, store: Store, accounts: Accounts, *, is_loopback: bool) -> None:
        from itsdangerous import URLSafeTimedSerializer

        self._accounts = accounts
        self._is_loopback = is_loopback
        self._signer = URLSafeTimedSerializer(_secret(store), salt=_SALT)

    @property
    def are_open(self) -> bool:
        """Whether nobody is asked who they are."""
        return self._is_loopback and not self._accounts.exist()

    def identify(self, request: Request) -> Session | None:
        """Say who sent a request, None where nobody knows.

        Raises:
            SignInError: It carries a key that is unknown or revoked, or another header ``Authorization``
                than a key's; to pass over that would let it in by a cookie that it does not rely on.
            AccessError: The desk is open, and the request came under a foreign name.
        """
        authorization = request.headers.get("Authorization", "")
        if authorization:
            return self._from_key(authorization)
        session = self._from_cookie(request.cookies.get(COOKIE, ""))
        if not self.are_open:
            return session if session and session.via == "cookie" else None
        # A foreign site whose name was made to point to this machine would pass for the desk's own page.
        if not is_loopback(request.url.hostname or ""):
            raise AccessError(
                f"the desk is at http://127.0.0.1, not at {request.url.hostname}; open it there"
            )
        return session or Session(User(OPEN_USER, "reviewer"), random.token_urlsafe(24), "open", is_new=True)

    def open(self, user: User) -> Session:
        """A new session of somebody who just gave the right password; ``remember`` hands it out."""
        return Session(user, random.token_urlsafe(24), "cookie", is_new=True)

    def remember(self, request: Request, response: Response, session: Session) -> None:
        """Give the browser the session's cookie."""
        value = self._signer.dumps([session.user.name, session.user.stamp, session.csrf])
        response.set_cookie(
            COOKIE,
            value,
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
            path="/",
        )

    def forget(self, response: Response) -> None:
        """Take the cookie back."""
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")

    def _from_key(self, authorization: str) -> Session:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise SignInError("only keys are taken: Authorization: Bearer thetin_...")
        user = self._accounts.user_of_key(key.strip())
        if user is None:
            raise SignInError("the API key is unknown or was revoked")
        return Session(user, "", "key")

    def _from_cookie(self, value: str) -> Session | None:
        from itsdangerous import BadData

        try:
            name, stamp, csrf = self._signer.loads(value, max_age=SESSION_SECONDS) if value else ("", "", "")
        except (BadData, ValueError, TypeError):
            return None
        if name == OPEN_USER and not stamp:
            return Session(User(OPEN_USER, "reviewer"), csrf, "open") if self.are_open else None
        user = self._accounts.user(name) if name else None
        return Session(user, csrf, "cookie") if user and user.stamp == stamp else None


def check_csrf(request: Request, session: Session, token: str = "") -> None:
    """Refuse a request that changes something and may come from a foreign page in the user's browser.

    A program with a key is no browser. On an open desk, neither is what sends no ``Origin``, no
    ``Sec-Fetch-Site`` and no cookie, as curl does; every browser sends one of them with a POST.

    Args:
        request: Its header ``X-CSRF-Token`` is looked at where ``token`` is empty.
        session: Who sent it.
        token: The field ``csrf_token`` of a form.

    Raises:
        AccessError: The token is missing or wrong, or the request came from another origin.
    """
    if session.via == "key" or request.method in SAFE_METHODS:
        return
    headers = request.headers
    origin = headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != headers.get("Host", ""):
        raise AccessError("the request came from a page of another site")
    is_browser = bool(origin or headers.get("Sec-Fetch-Site") or request.cookies)
    if session.via == "open" and not is_browser:
        return
    given = token or headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        raise AccessError("the page's token is missing or has expired; load the page again")


def check_role(session: Session | None, role: Role) -> Session:
    """Return the session if its user may do what a role may.

    Raises:
        SignInError: Nobody is signed in.
        AccessError: The user's role does not include it.
    """
    if session is None:
        raise SignInError("sign in, or send an API key: Authorization: Bearer thetin_...")
    if not session.user.may(role):
        raise AccessError(f"this needs the role {role}; {session.user.name} is {session.user.role}")
    return session


def _secret(store: Store) -> str:
    query = select(secrets.c.value).where(secrets.c.name == "session")
    with store.writing() as connection:
        insert_new(connection, secrets, [{"name": "session", "value": random.token_urlsafe(48)}])
        return str(connection.execute(query).scalar_one())
