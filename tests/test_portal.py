"""Pages as copied from a portal: what is found in them, and that no sentence of a body is lost."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalize import normalize
from nlp.readers.portal import author_of, opening_headline, read_page

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
CASES: list[dict[str, Any]] = json.loads(
    (ROOT / "data" / "cases" / "portal.json").read_text(encoding="utf-8")
)
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared articles are not here")


def marked(case: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(strict=True, reason=case["comment"])] if case["expect"] == "fail" else []
    return pytest.param(case, id=case["label"], marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    page = read_page(normalize(case["text"]))
    expected = case["expected"]
    assert page.body == expected["body"]
    assert page.title == expected["title"]
    assert page.published == (date.fromisoformat(expected["published"]) if expected["published"] else None)
    assert (page.source, page.author) == (expected["source"], expected["author"])
    assert page.copied == expected.get("copied", True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_reading_what_was_read_changes_nothing(case: dict[str, Any]) -> None:
    text = read_page(normalize(case["text"])).text
    assert read_page(text).text == text


@given(st.lists(st.sampled_from([line for case in CASES for line in case["text"].split("\n")]), max_size=14))
def test_lines_only_disappear_and_never_change(lines: list[str]) -> None:
    text = normalize("\n".join(lines))
    page = read_page(text)
    assert set(page.text.split("\n")) <= set(text.split("\n")) | {""}


@given(st.text())
def test_any_text_is_a_page(text: str) -> None:
    page = read_page(normalize(text))
    assert page.text == normalize(page.text)


@needs_shared
def test_the_page_of_an_giang() -> None:
    page = read_page(normalize((SHARED / "thoai-son.txt").read_text(encoding="utf-8")))
    assert page.title.startswith("Thoại Sơn triển khai kế hoạch")
    assert page.published == date(2018, 12, 26)
    assert page.source == "Cổng thông tin điện tử Tỉnh An Giang"
    assert page.author == "Trang Phong - Thanh Cần"
    assert page.body.startswith("(Cổng TTĐT An Giang) - ")
    assert page.body.endswith("./.")
    for clutter in ("Chào mừng", "Ngày đăng", "cở chữ", "Responsive"):
        assert clutter not in page.text


@needs_shared
def test_portal_articles_lose_no_sentence_and_keep_their_dates() -> None:
    with (SHARED / "portal-corpus.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    wrong_dates = []
    for row in rows:
        text = normalize(row["text"])
        page = read_page(text)
        lost = [line for line in text.split("\n") if line and line not in page.text]
        assert all(len(line) < 120 and not line.endswith(".") for line in lost), (row["id"], lost)
        if page.published and page.published.isoformat() != row["published"]:
            wrong_dates.append(row["id"])
    # One page tells the day before the corpus does; the page is what a reader can know.
    assert wrong_dates == ["portal-c6-08"]


@needs_shared
def test_newspaper_articles_are_not_taken_for_pages() -> None:
    taken = []
    for name in ("train.jsonl", "dev.jsonl"):
        with (SHARED / name).open(encoding="utf-8") as stream:
            taken += [
                row["id"] for row in map(json.loads, stream) if read_page(normalize(row["text"])).copied
            ]
    assert taken == []


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("Xã họp dân\n\nSáng nay, ủy ban nhân dân xã mời dân họp ở đình.", "Xã họp dân"),
        ("Xã họp dân.\n\nSáng nay, ủy ban nhân dân xã mời dân họp ở đình.", ""),
        ("Xã họp dân", ""),
        ("Xã họp dân\nÍt.", ""),
        ("", ""),
    ],
)
def test_a_headline_is_short_and_a_paragraph_follows(text: str, headline: str) -> None:
    assert opening_headline(text) == headline


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Trang Phong - Thanh Cần", "Trang Phong - Thanh Cần"),
        ("THANH TRÚC", "THANH TRÚC"),
        ("Tin, ảnh: Út Chuyền", "Út Chuyền"),
        ("Bài và ảnh: CẨM TRÚC", "CẨM TRÚC"),
        ("Tin: Dương Nương - Ảnh: V.P", "Dương Nương - Ảnh: V.P"),
        ("Theo Báo An Giang", "Báo An Giang"),
        ("(Theo TTXVN)", "TTXVN"),
        ("Minh Thư (Báo Long An)", "Minh Thư"),
        ("Ký của LÊ TÙNG DƯƠNG", "LÊ TÙNG DƯƠNG"),
        ("Đức Thụy - R'Ô Hok", "Đức Thụy - R'Ô Hok"),
        ("Nhóm PV Báo Vĩnh Long", "Nhóm PV Báo Vĩnh Long"),
        ("H.L", "H.L"),
        ("BBT", "BBT"),
        ("Ông Lập nói vậy", ""),
        ("Theo đó, xã sẽ làm tiếp", ""),
        ("Lê Văn A - Bí thư Đảng ủy xã", ""),
        ("27 người", ""),
    ],
)
def test_bylines(line: str, author: str) -> None:
    assert author_of(f"Xã họp dân sáng nay.\n\n{line}") == author
    assert author_of(f"CHỦ TỊCH\n\n{line}") == ""
