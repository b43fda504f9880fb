"""Who may use the desk: people with passwords, programs with keys.

Passwords are kept as argon2id hashes. Keys are 256 random bits, so a plain SHA-256 keeps them: nobody
guesses one from its hash. A key is shown once, when it is made.
"""

from __future__ import annotations

import hashlib
import secrets as random
import time
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, func, insert, select, update

from desk.schema import api_keys, now, users
from nlp.errors import SignInError, StoreError

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from sqlalchemy import Table

    from desk.store import Store

Role = Literal["editor", "reviewer", "administrator"]
ROLES: tuple[Role, ...] = ("editor", "reviewer", "administrator")
"""Each may do what those before it may. Reviewers change what others finished; administrators read all metrics."""

OPEN_USER = "biên tập"
"""Whose name decisions bear where the desk asks nobody for a name."""
MIN_PASSWORD = 10
MAX_PASSWORD = 200
MAX_NAME = 80
KEY_PREFIX = "thetin_"
# How long a removed account or key may still be let in, or an open desk stay open after the first
# account: the price of not asking the database each time.
CACHE_SECONDS = 5.0
_MAX_CACHED = 1000


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who was let in. ``stamp`` changes with the password, which ends old sessions."""

    name: str
    role: Role
    stamp: str = ""

    def may(self, role: Role) -> bool:
        """Whether the user's role includes another."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Accounts:
    """The users and keys of a store; what it finds it remembers for some seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cache: dict[tuple[str, str], tuple[float, User | None]] = {}
        self._exist = False
        self._next_look = 0.0

    def exist(self) -> bool:
        """Whether there is any user or key; from then on nobody enters without."""
        if not self._exist and time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + CACHE_SECONDS
            with self._store.reading() as connection:
                self._exist = any(
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
                    for table in (users, api_keys)
                )
        return self._exist

    def user(self, name: str) -> User | None:
        """The user of a name, None where there is none or it was disabled."""
        return self._cached("user", name)

    def user_of_key(self, key: str) -> User | None:
        """The program that bears a key, None for an unknown or revoked one."""
        return self._cached("key", key_hash(key))

    def sign_in(self, name: str, password: str) -> User:
        """Return the user whose password it is; takes some 50 ms on purpose.

        Raises:
            SignInError: The name or the password is wrong; the message doesn't tell which.
        """
        from argon2.exceptions import Argon2Error, InvalidHashError

        with self._store.reading() as connection:
            found = connection.execute(select(users).where(users.c.name == clean_name(name))).first()
        is_known = found is not None and found.disabled_at is None
        try:
            # An unknown name costs as much time as a known one, so the time tells nothing.
            hasher().verify(
                found.password_hash if found and is_known else _no_hash(), password[:MAX_PASSWORD]
            )
        except (Argon2Error, InvalidHashError):
            is_known = False
        if found is None or not is_known:
            raise SignInError("the name or the password is wrong")
        return User(found.name, found.role, _stamp(found.password_hash))

    def _cached(self, kind: str, at: str) -> User | None:
        remembered = self._cache.get((kind, at))
        if remembered and remembered[0] > time.monotonic():
            return remembered[1]
        found = self._user(at) if kind == "user" else self._key(at)
        if len(self._cache) >= _MAX_CACHED:
            self._cache.clear()
        self._cache[kind, at] = time.monotonic() + CACHE_SECONDS, found
        return found

    def _user(self, name: str) -> User | None:
        query = select(users).where(users.c.name == name, users.c.disabled_at.is_(None))
        with self._store.reading() as connection:
            found = connection.execute(query).first()
        return User(found.name, found.role, _stamp(found.password_hash)) if found else None

    def _key(self, hashed: str) -> User | None:
        query = select(api_keys).where(api_keys.c.key_hash == hashed, api_keys.c.revoked_at.is_(None))
        with self._store.reading() as connection:
            found = connection.execute(query).first()
        return User(found.name, found.role) if found else None


def set_user(store: Store, name: str, role: Role, password: str) -> None:
    """Add a user, or give an existing one a new password and role.

    Raises:
        StoreError: The name, role or password is not acceptable.
    """
    name = clean_name(name)
    _check_role(role)
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise StoreError(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters; choose another")
    values = {"role": role, "password_hash": hasher().hash(password), "disabled_at": None}
    with store.writing() as connection:
        changed = connection.execute(update(users).where(users.c.name == name).values(values))
        if not changed.rowcount:
            connection.execute(insert(users), [{"name": name, "created_at": now(), **values}])


def disable_user(store: Store, name: str) -> None:
    """Let a user in no longer; what they decided stays under their name.

    Raises:
        StoreError: There is no such user.
    """
    if not _set(store, users, name, disabled_at=now()):
        raise StoreError(f"there is no user {name!r}")


def make_key(store: Store, name: str, role: Role = "editor") -> str:
    """Make a key for a program and return it, this once. A key of the same name is replaced.

    Raises:
        StoreError: The name or role is not acceptable.
    """
    name = clean_name(name)
    _check_role(role)
    key = KEY_PREFIX + random.token_urlsafe(32)
    row = {"name": name, "role": role, "key_hash": key_hash(key), "created_at": now(), "revoked_at": None}
    with store.writing() as connection:
        connection.execute(delete(api_keys).where(api_keys.c.name == name))
        connection.execute(insert(api_keys), [row])
    return key


def revoke_key(store: Store, name: str) -> None:
    """Let a program's key in no longer.

    Raises:
        StoreError: There is no such key.
    """
    if not _set(store, api_keys, name, revoked_at=now()):
        raise StoreError(f"there is no key {name!r}")


def key_hash(key: str) -> str:
    """The hash under which a key is kept."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def clean_name(name: str) -> str:
    """A name as it is kept: composed, one blank between words.

    Raises:
        StoreError: It is empty, too long, or holds characters that can't be seen.
    """
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if not clean or len(clean) > MAX_NAME or not clean.isprintable():
        raise StoreError(f"a name has 1 to {MAX_NAME} visible characters")
    return clean


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise StoreError(f"{role!r} is no role; the roles are {', '.join(ROLES)}")


def _set(store: Store, table: Table, name: str, **values: object) -> bool:
    """Change the row of a name; False where there is none."""
    query = update(table).where(table.c.name == clean_name(name)).values(**values)
    with store.writing() as connection:
        return connection.execute(query).rowcount > 0


@cache
def hasher() -> PasswordHasher:
    """Argon2id with the library's parameters, which follow RFC 9106's second choice (64 MiB)."""
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _no_hash() -> str:
    return hasher().hash(random.token_urlsafe(16))


def _stamp(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]
