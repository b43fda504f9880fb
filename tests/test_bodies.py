"""The lexicon of bodies: one pattern serves everybody who looks for some of its words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.officials.bodies import BODIES, FIELDS, KIND_OF_BODY, NAMES_OF_BODIES, BodyWords
from nlp.wordlists import one_of

SUBSETS = {
    name: (BodyWords(words), re.compile(one_of(words)))
    for name, words in {
        "one kind": BODIES["private"],
        "fields": FIELDS,
        "short words": [word for word in KIND_OF_BODY if " " not in word],
        "long words": [word for word in KIND_OF_BODY if " " in word],
    }.items()
}
TEXTS = st.lists(
    st.one_of(st.sampled_from(sorted(KIND_OF_BODY)), st.text("abủy .-", max_size=3)), min_size=1, max_size=4
).flatmap(lambda pieces: st.sampled_from([" ", "", ", ", "-"]).map(lambda joiner: joiner.join(pieces)))


@pytest.mark.parametrize("subset", SUBSETS)
@given(key=TEXTS, end=st.integers(0, 40))
def test_words_end_where_a_pattern_of_their_own_ends_them(subset: str, key: str, end: int) -> None:
    words, own = SUBSETS[subset]
    found = own.match(key, 0, end)
    assert words.end_at(key, 0, end) == (found.end() if found else 0)


@pytest.mark.parametrize(
    ("key", "end"),
    [("ủy ban nhân dân huyện", 15), ("uỷ ban nhân dân huyện", 15), ("huyện ủy", 8), ("huyện", 0), ("sởi", 0)],
)
def test_a_body_is_found_where_it_begins(key: str, end: int) -> None:
    assert NAMES_OF_BODIES.end_at(key) == end


def test_a_string_is_a_name_only_as_a_whole() -> None:
    assert "ủy ban nhân dân" in NAMES_OF_BODIES
    assert "ủy ban nhân dân tỉnh" not in NAMES_OF_BODIES
    assert "huyện" not in NAMES_OF_BODIES


def test_every_word_begins_with_a_letter_so_that_a_dash_or_a_blank_never_opens_one() -> None:
    assert all(word[0].isalpha() for word in KIND_OF_BODY)
