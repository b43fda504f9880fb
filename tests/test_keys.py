"""Keys in a table and repeated keys, against plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.topics.keys import KeyTable, is_last, last_places

KEYS = st.lists(st.integers(0, 40) | st.integers(0, (1 << 31) - 1), max_size=200)


def test_a_key_table_finds_what_it_holds_and_nothing_else() -> None:
    keys = np.unique(np.random.default_rng(7).integers(0, 1 << 62, 5000, dtype=np.uint64))
    table = KeyTable(keys)
    places, numbers = table.find(keys)
    np.testing.assert_array_equal(places, np.arange(len(keys)))
    np.testing.assert_array_equal(numbers, np.arange(len(keys)))
    others = np.setdiff1d(np.concatenate([keys + np.uint64(1), keys << np.uint64(2)]), keys)
    assert not len(table.find(others)[0])
    places, numbers = table.find(np.array([others[0], keys[9], keys[0], others[1]]))
    assert (places.tolist(), numbers.tolist()) == ([1, 2], [9, 0])


@pytest.mark.parametrize("keys", [[], [0], [5], [0, 1 << 63, (1 << 64) - 1], list(range(300))])
def test_a_key_table_of_few_or_neighbouring_keys(keys: list[int]) -> None:
    asked = np.array([*keys, 1 << 40], dtype=np.uint64)
    places, numbers = KeyTable(asked[:-1]).find(asked)
    assert places.tolist() == numbers.tolist() == list(range(len(keys)))


@given(KEYS, st.sampled_from([np.int32, np.int64]))
def test_last_places_are_those_of_a_dictionary(keys: list[int], type_: type[np.signedinteger]) -> None:
    expected = {key: place for place, key in enumerate(keys)}
    places = last_places(np.array(keys, dtype=type_))
    assert places.tolist() == [expected[key] for key in keys]
    assert np.flatnonzero(is_last(places)).tolist() == sorted(expected.values())
