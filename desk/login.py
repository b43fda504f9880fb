"""Signing in, with a limit on wrong passwords by name and by host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.rates import Buckets
from nlp.errors import RateError

if TYPE_CHECKING:
    from desk.accounts import Accounts
    from desk.security import Session, Sessions

# Wrong passwords at once; then one comes back every three minutes.
TRIES = 5
TRIES_PER_HOST = 30
SECONDS_PER_TRY = 180.0


class Door:
    """Lets people in by name and password.

    Args:
        accounts: Know the passwords.
        sessions: Open what the browser gets.
    """

    def __init__(self, accounts: Accounts, sessions: Sessions) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._by_name = Buckets(1 / SECONDS_PER_TRY, TRIES)
        self._by_host = Buckets(1 / SECONDS_PER_TRY, TRIES_PER_HOST)

    def sign_in(self, host: str, name: str, password: str) -> Session:
        """Open a session; slow on purpose, so call it in a thread.

        The name and the host together are limited, so that nobody can lock another out from afar.

        Args:
            host: From where the request comes, as ``desk.rates.host_of`` says.
            name: The user's name as it was typed.
            password: Likewise.

        Raises:
            SignInError: The name or the password is wrong.
            RateError: Too many were wrong.
        """
        who = f"{host} {name.strip().casefold()[:100]}"
        # Taken before the password is looked at, or many tries at the same moment would all be let through.
        if not (self._by_host.take(host) and self._by_name.take(who)):
            raise RateError("too many wrong passwords; wait a few minutes and try again")
        session = self._sessions.open(self._accounts.sign_in(name, password))
        self._by_name.give_back(who)
        self._by_host.give_back(host)
        return session
