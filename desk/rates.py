"""How many requests may come in a while: from a host, and from each user and key once they are known."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nlp.errors import RateError

# Clients whose rate is remembered; the one not seen for longest is forgotten first.
MAX_CLIENTS = 10_000
# How many seconds' worth of requests a client may send at once.
BURST_SECONDS = 4.0
# Whoever has one IPv6 address has all of a network of this length (RFC 6177), so they count as one.
_IPV6_PREFIX = 64


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """A token bucket for each client: so many a second over time, and some at once.

    Args:
        per_second: Tokens that come back in a second.
        at_once: Tokens of a full bucket.
    """

    def __init__(self, per_second: float, at_once: float) -> None:
        self._per_second = per_second
        self._at_once = at_once
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, client: str) -> bool:
        """Take a token; False where the client has none left."""
        with self._lock:
            bucket = self._filled(client)
            if bucket.tokens < 1:
                return False
            bucket.tokens -= 1
            return True

    def give_back(self, client: str) -> None:
        """Give a token back that need not have been taken."""
        with self._lock:
            bucket = self._filled(client)
            bucket.tokens = min(self._at_once, bucket.tokens + 1)

    def _filled(self, client: str) -> _Bucket:
        moment = time.monotonic()
        bucket = self._buckets.setdefault(client, _Bucket(self._at_once, moment))
        self._buckets.move_to_end(client)
        if len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self._at_once, bucket.tokens + (moment - bucket.at) * self._per_second)
        bucket.at = moment
        return bucket


class Rates:
    """Counts a request by its host until it is known whose it is, then by who that is.

    Nothing that a client may make up, such as a key that nobody has looked at, tells clients apart.
    Where a host sends too many requests that are nobody's, those of its users wait with them.

    Args:
        per_second: How many requests a host, and how many a user or key, may send over time.
    """

    def __init__(self, per_second: float) -> None:
        self._hosts = Buckets(per_second, per_second * BURST_SECONDS)
        self._users = Buckets(per_second, per_second * BURST_SECONDS)

    def arrive(self, host: str) -> None:
        """Count a request of which nothing but the host is sure.

        Raises:
            RateError: Too many came from there.
        """
        _take(self._hosts, host)

    def admit(self, host: str, who: str) -> None:
        """Count a request that arrived as a user's or key's, and no longer as its host's.

        Raises:
            RateError: They sent too many.
        """
        self._hosts.give_back(host)
        _take(self._users, who)


def host_of(scope: Mapping[str, Any]) -> str:
    """From where a request comes: an IPv4 address, or the network of an IPv6 one.

    >>> host_of({"client": ("192.0.2.7", 1)}), host_of({"client": ("::ffff:192.0.2.7", 1)})
    ('192.0.2.7', '192.0.2.7')
    >>> host_of({"client": ("2001:db8::a:b", 1)}), host_of({"client": None})
    ('2001:db8::/64', '')
    """
    name: str = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.IPv6Address(name)
    except ValueError:
        return name
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), _IPV6_PREFIX), strict=False))


def _take(buckets: Buckets, client: str) -> None:
    if not buckets.take(client):
        raise RateError("too many requests; slow down and try again in a second")
