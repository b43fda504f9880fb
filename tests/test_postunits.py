"""The unit of a post: named in it, or fixed by the article."""

from __future__ import annotations

from nlp.officials.positions import find_heads, find_posts
from nlp.officials.postunits import PostUnits
from nlp.types import Level, Place, Span


def place(text: str, name: str, level: Level, kind: str, code: str | None) -> Place:
    start = text.index(name)
    return Place(
        name=name, level=level, type=kind, code=code, province="", mentions=(Span(start, start + len(name)),)
    )


def unit_of(text: str, *places: Place) -> str | None:
    key = text.lower()
    (post,) = find_posts(text, key, find_heads(key), [])
    return PostUnits(places).unit(key, post)


def test_a_unit_named_in_the_post_is_its_unit() -> None:
    text = "Ở Tri Tôn, Chủ tịch UBND huyện Thoại Sơn nói"
    near = place(text, "Tri Tôn", "district", "huyện", "890")
    assert unit_of(text, near, place(text, "Thoại Sơn", "district", "huyện", "894")) == "894"


def test_a_type_word_alone_takes_the_only_unit_of_that_type() -> None:
    text = "An Giang, Tri Tôn, Lạc Quới: Bí thư Huyện ủy nói"
    units = (
        place(text, "An Giang", "province", "tỉnh", "89"),
        place(text, "Tri Tôn", "district", "huyện", "890"),
        place(text, "Lạc Quới", "commune", "xã", "30559"),
    )
    assert unit_of(text, *units) == "890"
    assert unit_of(text.replace("Huyện ủy", "Tỉnh ủy"), *units) == "89"
    assert unit_of(text.replace("Huyện ủy", "Đảng ủy xã"), *units) == "30559"


def test_of_two_units_the_last_one_before_the_post_is_meant() -> None:
    text = "Tri Tôn thi với Châu Phú. Chủ tịch UBND huyện nói. Rồi về Phú Tân"
    units = [
        place(text, name, "district", "huyện", code)
        for name, code in (("Tri Tôn", "890"), ("Châu Phú", "889"), ("Phú Tân", "888"))
    ]
    assert unit_of(text, *units) == "889"


def test_another_type_or_no_type_fixes_nothing() -> None:
    text = "Ở Tri Tôn, Chủ tịch UBND quận nói"
    assert unit_of(text, place(text, "Tri Tôn", "district", "huyện", "890")) is None
    text = "Ở Tri Tôn, Bộ trưởng Bộ Y tế nói"
    assert unit_of(text, place(text, "Tri Tôn", "district", "huyện", "890")) is None


def test_a_persons_unit_is_that_of_the_first_post_that_has_one() -> None:
    text = "Phó Bí thư Đảng ủy, Chủ tịch UBND xã Ia Pal, nguyên Bí thư Huyện ủy Tri Tôn"
    key = text.lower()
    posts = find_posts(text, key, find_heads(key), [])
    commune = place(text, "Ia Pal", "commune", "xã", "23977")
    district = place(text, "Tri Tôn", "district", "huyện", "890")
    assert PostUnits([commune, district]).unit_of(key, posts) == "23977"
    assert PostUnits([district]).unit_of(key, posts) is None
    assert PostUnits([district]).unit_of(key, posts[2:]) == "890"
