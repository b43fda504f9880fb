from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.corpus import read_corpus
from nlp.corpuschecks import MIN_SUPPORT
from nlp.errors import CorpusError
from nlp.types import LabelledText

TOPICS = ("reform", "awards")


def rows(n: int = 12) -> list[dict[str, object]]:
    """A small sound corpus: n articles, each with words of its own."""
    return [
        {
            "id": f"a{number}",
            "text": f"Bài số {number} nói về việc thứ {number * 7}.",
            "topics": [TOPICS[number % 2]],
        }
        for number in range(n)
    ]


def write(path: Path, data: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in data), encoding="utf-8")
    return path


def test_a_sound_corpus_is_kept_whole(tmp_path: Path) -> None:
    corpus = read_corpus([write(tmp_path / "c.jsonl", rows())])
    assert [article.id for article in corpus.articles] == [f"a{number}" for number in range(12)]
    assert corpus.topics == ("reform", "awards")
    assert corpus.rejects == ()


def test_csv_with_vietnamese_columns_and_names_reads_like_jsonl(tmp_path: Path) -> None:
    names = {"reform": "Cải cách hành chính", "awards": "Thi đua – Khen thưởng"}
    lines = ["mã tin,nội dung,chủ đề"]
    lines += [f'{row["id"]},"{row["text"]}",{names[row["topics"][0]]}' for row in rows()]  # type: ignore[index]
    (tmp_path / "c.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    table = read_corpus([tmp_path / "c.csv"])
    assert table.articles == read_corpus([write(tmp_path / "c.jsonl", rows())]).articles


def test_several_topics_and_none_in_one_cell(tmp_path: Path) -> None:
    data = [*rows(), {"id": "two", "text": "Cả hai việc.", "topics": "reform; awards"}]
    data.append({"id": "none", "text": "Không việc nào.", "topics": ""})
    by_id = {article.id: article for article in read_corpus([write(tmp_path / "c.jsonl", data)]).articles}
    assert by_id["two"].topics == ("reform", "awards")
    assert by_id["none"].topics == ()


BAD_ROWS = [
    ("empty text", {"id": "x", "text": "", "topics": ["reform"]}, "no words"),
    ("no topics column", {"id": "x", "text": "Có chữ."}, "no topics"),
    ("topics of a wrong kind", {"id": "x", "text": "Có chữ.", "topics": {"reform": 1}}, "list of names"),
    ("a typo", {"id": "x", "text": "Có chữ.", "topics": ["refrom"]}, "did you mean 'reform'"),
    ("a label seen once", {"id": "x", "text": "Có chữ.", "topics": ["sports"]}, f"{MIN_SUPPORT} are needed"),
    (
        "a primary outside",
        {"id": "x", "text": "Có chữ.", "topics": ["awards"], "primary": "reform"},
        "not among",
    ),
    ("a second id", {"id": "a1", "text": "Chữ khác.", "topics": ["reform"]}, "stands already"),
    ("a copy", {"id": "x", "text": rows()[0]["text"], "topics": ["reform"]}, "one copy is enough"),
]


@pytest.mark.parametrize(
    ("row", "reason"), [case[1:] for case in BAD_ROWS], ids=[case[0] for case in BAD_ROWS]
)
def test_a_bad_row_is_named_and_the_others_are_kept(
    tmp_path: Path, row: dict[str, object], reason: str
) -> None:
    corpus = read_corpus([write(tmp_path / "c.jsonl", [*rows(), row])])
    assert len(corpus.articles) == 12
    [reject] = corpus.rejects
    assert reason in reject.reason
    assert (Path(reject.source).name, reject.line) == ("c.jsonl", 13)


def test_contradictory_copies_are_both_left_out(tmp_path: Path) -> None:
    data = [*rows(), {"id": "x", "text": str(rows()[0]["text"]).upper(), "topics": ["awards"]}]
    corpus = read_corpus([write(tmp_path / "c.jsonl", data)])
    assert {reject.id for reject in corpus.rejects} == {"a0", "x"}
    assert all("settle which" in reject.reason for reject in corpus.rejects)


def test_a_label_in_another_spelling_is_named_with_the_usual_one(tmp_path: Path) -> None:
    """The more frequent spelling stands, however often the other one comes."""
    data = [row | {"topics": ["Y tế" if number % 3 else "Văn hóa"]} for number, row in enumerate(rows(18))]
    odd = {0: "văn hoá", 1: "Y TẾ", 2: "y tế", 4: "y tế", 5: "y tế", 7: "y tế", 8: "y tế"}
    for number, label in odd.items():
        data[number]["topics"] = [label]
    corpus = read_corpus([write(tmp_path / "c.jsonl", data)])
    assert corpus.topics == ("Văn hóa", "Y tế")
    assert {reject.line - 1 for reject in corpus.rejects} == odd.keys()
    assert "label 'văn hoá' is spelled 'Văn hóa' in 5 other articles" in corpus.rejects[0].reason


def test_one_class_is_refused(tmp_path: Path) -> None:
    one = [row | {"topics": ["reform"]} for row in rows()]
    with pytest.raises(CorpusError, match="nothing to tell apart"):
        read_corpus([write(tmp_path / "c.jsonl", one)])


def test_nothing_left_is_refused_with_the_reasons(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"(?s)no article to learn from.*no words"):
        read_corpus([write(tmp_path / "c.jsonl", [{"id": "x", "text": " ", "topics": []}])])


def test_decisions_are_checked_with_the_rest(tmp_path: Path) -> None:
    text = str(rows()[0]["text"])
    decided = LabelledText(id="decided", text=text, topics=("awards",))
    corpus = read_corpus([write(tmp_path / "c.jsonl", rows())], extra=[decided])
    assert {reject.id for reject in corpus.rejects} == {"a0", "decided"}
