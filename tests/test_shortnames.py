"""One person written in several ways."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.officials.namelists import Name, Token
from nlp.officials.shortnames import find_short_mentions, settle


def name(person: str, start: int = 0) -> Name:
    return Name(start, start + len(person), person, True)


def persons(*full: str) -> list[str]:
    return [one.person for one in settle([name(person, 100 * i) for i, person in enumerate(full)])]


def test_a_tail_is_the_longer_name_and_a_head_cuts_the_longer_one() -> None:
    assert persons("xuân anh", "nguyễn xuân anh") == ["nguyễn xuân anh"] * 2
    assert persons("vũ văn tám xin", "vũ văn tám") == ["vũ văn tám"] * 2


def test_two_persons_of_two_surnames_stay_two() -> None:
    assert persons("lê văn an", "trần văn an") == ["lê văn an", "trần văn an"]


SYLLABLES = st.lists(st.sampled_from("lê vũ văn an bình".split()), min_size=2, max_size=5).map(" ".join)


@given(st.lists(SYLLABLES, max_size=6))
def test_settling_keeps_every_name_where_it_begins_and_never_lengthens_one(full: list[str]) -> None:
    names = [name(person, 100 * i) for i, person in enumerate(full)]
    settled = settle(names)
    assert [one.start for one in settled] == [one.start for one in names]
    assert all(after.end <= before.end for before, after in zip(names, settled, strict=True))


def test_a_given_name_needs_an_honorific_or_a_title() -> None:
    text = "ông Bình, anh nói Bình, xã Bình"
    scraps = [
        [Token(start, start + 4, "bình")] for start in range(len(text)) if text.startswith("Bình", start)
    ]
    found = find_short_mentions(text, [name("lê kim bình", 500)], scraps, frozenset())
    assert [text[one.start : one.end] for one in found] == ["ông Bình"]
