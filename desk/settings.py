"""What the desk is started with."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from nlp.files import DATA
from nlp.modelfolder import DEFAULT_MODEL

DEFAULT_DATABASE = "sqlite:///desk.db"
SAMPLE = DATA / "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one desk.

    ``sample`` adds the articles of ``data/sample`` at the start. ``max_body`` is in bytes: a Word file
    with pictures has some megabytes. ``body_seconds`` is how long a client may take to send one piece
    of its request. ``requests_per_second`` is the share over time of one user or key, and of all requests of
    one host that are nobody's; four seconds' worth may come at once.
    """

    database: str = DEFAULT_DATABASE
    model: Path = DEFAULT_MODEL
    host: str = "127.0.0.1"
    port: int = 8000
    sample: bool = False
    max_body: int = 20 << 20
    body_seconds: float = 20.0
    requests_per_second: float = 250.0

    @property
    def is_loopback(self) -> bool:
        """Whether only programs on this machine can reach the desk."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host's name or address means this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
