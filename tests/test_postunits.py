"""The unit of a post: named in it, or fixed by the article."""

from __future__ import annotations

from dataclasses import replace

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


def three_districts(text: str) -> list[Place]:
    districts = (("Tri Tôn", "890"), ("Châu Phú", "889"), ("Phú Tân", "888"))
    return [place(text, name, "district", "huyện", code) for name, code in districts]


def test_of_two_units_the_last_one_before_the_post_is_meant() -> None:
    text = "Tri Tôn thi với Châu Phú. Chủ tịch UBND huyện nói. Rồi về Phú Tân"
    units = three_districts(text)
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


def test_a_neighbour_a_home_and_a_guests_unit_are_passed_over() -> None:
    text = "Ở Tri Tôn, mẹ Sáu quê huyện Châu Phú kể. Rồi khách từ huyện Phú Tân về. Chủ tịch UBND huyện nói"
    units = three_districts(text)
    assert unit_of(text, *units) == "890"


def test_a_list_of_neighbours_is_passed_over_whole_and_the_province_in_brackets_behind_it() -> None:
    far = "Dân các thôn giáp ranh xã Núi Tô, xã Lạc Quới (Kiên Giang) góp ý. " + "Cử tri nói thêm. " * 30
    text = f"HĐND xã Cô Tô, tỉnh An Giang họp. {'Mọi người bàn việc. ' * 25}{far}Phó Trưởng Ban Tổ chức Tỉnh ủy dự"
    units = (
        place(text, "Cô Tô", "commune", "xã", "30562"),
        place(text, "An Giang", "province", "tỉnh", "89"),
        place(text, "Núi Tô", "commune", "xã", "30565"),
        place(text, "Lạc Quới", "commune", "xã", "30559"),
        place(text, "Kiên Giang", "province", "tỉnh", "91"),
    )
    assert unit_of(text, *units) == "89"
    assert unit_of(text.replace("Phó Trưởng Ban Tổ chức Tỉnh ủy", "Chủ tịch UBMTTQ xã"), *units) == "30562"


def test_a_province_in_brackets_is_the_articles_unless_a_neighbour_is_before_it() -> None:
    text = "Xã Cô Tô (An Giang) họp, có Kiên Giang dự. Dân giáp Lạc Quới (Cà Mau) hỏi. Bí thư Tỉnh ủy đáp"
    provinces = [
        place(text, name, "province", "tỉnh", code) for name, code in (("An Giang", "89"), ("Cà Mau", "96"))
    ]
    communes = [
        place(text, "Cô Tô", "commune", "xã", "30562"),
        place(text, "Lạc Quới", "commune", "xã", "30559"),
    ]
    assert unit_of(text, *provinces, *communes) == "89"


def test_the_unit_whose_body_opens_the_article_goes_before_the_one_named_last() -> None:
    lead = "Chiều nay, UBND đặc khu Lý Sơn khen ngư dân cứu thuyền ở Hoàng Sa."
    units = [("Lý Sơn", "21548"), ("Hoàng Sa", "20333")]
    text = f"{lead}\nChủ tịch HĐND đặc khu dự"
    assert unit_of(text, *[place(text, name, "commune", "đặc khu", code) for name, code in units]) == "21548"
    text = f"{lead}\nTại Hoàng Sa, Chủ tịch HĐND đặc khu dự"
    here = [Span(text.rindex("Hoàng Sa"), text.rindex("Hoàng Sa") + 8)]
    places = [place(text, name, "commune", "đặc khu", code) for name, code in units]
    named_again = Place(
        name="Hoàng Sa", level="commune", type="đặc khu", code="20333", province="", mentions=(*here,)
    )
    assert unit_of(text, *places, named_again) == "20333"


def test_a_town_is_no_commune_and_social_affairs_are_none() -> None:
    text = "Ở Tân Châu, Long Sơn, Ba Chúc: Chủ tịch UBND thị xã nói"
    units = (
        place(text, "Tân Châu", "district", "thị xã", "887"),
        place(text, "Long Sơn", "commune", "xã", "30412"),
        place(text, "Ba Chúc", "commune", "thị trấn", "30547"),
    )
    assert unit_of(text, *units) == "887"
    assert unit_of(text.replace("thị xã", "thị trấn"), *units) == "30547"
    assert unit_of("Ở Tân Châu, Long Sơn, Ba Chúc: Giám đốc Sở Thương binh và Xã hội nói", *units) is None


def test_a_province_that_lies_in_another_by_now_has_no_posts() -> None:
    text = "Phú Thọ kiểm tra khu vực Vĩnh Phúc. Giám đốc Sở Nội vụ nói"
    now = replace(place(text, "Phú Thọ", "province", "tỉnh", "25"), province="Phú Thọ")
    gone = replace(place(text, "Vĩnh Phúc", "province", "tỉnh", "26"), province="Phú Thọ")
    assert unit_of(text, now, gone) == "25"
    assert unit_of(text, now, replace(gone, province="Vĩnh Phúc")) == "26"
