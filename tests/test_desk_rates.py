"""How many requests may come: what a client makes up does not multiply its share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra 'desk' is not installed")

from desks import desk

from desk import accounts
from desk.rates import MAX_CLIENTS, Buckets, Rates
from desk.settings import Settings
from desk.store import Store
from nlp.errors import RateError

TOPICS = "/api/v1/topics"
# A bucket of two requests at this rate, which one request takes two seconds to refill.
SLOW = 0.5


@pytest.fixture
def keys(sqlite_url: str) -> list[dict[str, str]]:
    """The headers of two programs."""
    with Store.open(sqlite_url) as store:
        return [{"Authorization": f"Bearer {accounts.make_key(store, name)}"} for name in ("cms", "mobile")]


@pytest.fixture
def slow_desk(sqlite_url: str, tiny_model: Path, keys: list[dict[str, str]]) -> Iterator[Any]:
    with desk(sqlite_url, tiny_model, requests_per_second=SLOW) as client:
        yield client


def statuses(client: Any, headers: list[dict[str, str]]) -> list[int]:
    return [client.get(TOPICS, headers=each).status_code for each in headers]


def test_keys_that_are_made_up_share_their_hosts_bucket(slow_desk: Any) -> None:
    found = statuses(slow_desk, [{"Authorization": f"Bearer thetin_{number}"} for number in range(20)])
    assert found[:2] == [401, 401]
    assert found.count(429) > 10


def test_a_key_has_a_bucket_of_its_own_and_costs_its_host_nothing(
    slow_desk: Any, keys: list[dict[str, str]]
) -> None:
    one, other = keys
    found = statuses(slow_desk, [one] * 20)
    assert found[:2] == [200, 200]
    assert found.count(429) > 10
    assert statuses(slow_desk, [other, {}]) == [200, 401]


def test_too_many_requests_are_told_in_words(sqlite_url: str, tiny_model: Path) -> None:
    with desk(sqlite_url, tiny_model, requests_per_second=0.001) as client:
        answers = [client.get("/healthz") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert answers[0].json()["type"] == "urn:thetin:problem:rate"
    assert answers[0].headers["Retry-After"]


def test_one_key_on_one_host_may_send_what_the_desk_promises() -> None:
    """100 tag requests a second, and those of a burst; see bench/desk.py."""
    shares = Rates(Settings().requests_per_second)
    for _ in range(400):
        shares.arrive("192.0.2.7")
        shares.admit("192.0.2.7", "key cms")


def test_a_user_who_sends_too_much_is_refused_wherever_from() -> None:
    shares = Rates(SLOW)
    for host in ("192.0.2.7", "192.0.2.8"):
        shares.arrive(host)
        shares.admit(host, "cookie lan")
    shares.arrive("192.0.2.9")
    with pytest.raises(RateError, match="slow down"):
        shares.admit("192.0.2.9", "cookie lan")
    shares.admit("192.0.2.9", "cookie minh")


def test_a_bucket_gives_what_it_holds_and_no_more() -> None:
    bucket = Buckets(0.0, 3)
    assert [bucket.take("a") for _ in range(5)] == [True] * 3 + [False] * 2
    assert bucket.take("b")
    bucket.give_back("a")
    assert [bucket.take("a") for _ in range(2)] == [True, False]


def test_the_client_not_seen_for_longest_is_forgotten_first() -> None:
    bucket = Buckets(0.0, 1)
    for client in ("old", "seen", *map(str, range(MAX_CLIENTS - 2))):
        assert bucket.take(client)
    assert not bucket.take("seen")
    assert bucket.take("new")
    assert not bucket.take("seen")
    assert bucket.take("old")
