"""Two Chinese texts compared: clauses first, then characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from syndicate.text.difference import Fate, Pair, Piece, clauses, paired, pieces

TEXTS = st.text(st.sampled_from("甲乙丙丁12。；，a \n"), max_size=60)


def told(before: str, after: str) -> str:
    marks = {Fate.KEPT: "{}", Fate.REMOVED: "[-{}]", Fate.ADDED: "[+{}]"}
    return "".join(marks[piece.fate].format(piece.text) for piece in pieces(before, after))


def pairs(before: str, after: str) -> list[tuple[str, str]]:
    found = paired(clauses(before), clauses(after))
    return [(pair.before, pair.after) for pair in found if pair.before != pair.after]


def test_a_clause_ends_with_its_mark() -> None:
    assert clauses("会议召开。各单位参加；会期半天\n　散会！") == ("会议召开。", "各单位参加；", "会期半天", "散会！")


def test_one_character_is_marked_within_its_clause() -> None:
    assert told("领导小姐办公室", "领导小组办公室") == "领导小[-姐][+组]办公室"


def test_a_number_changes_as_a_whole() -> None:
    assert told("投入1200万元", "投入2100万元") == "投入[-1200][+2100]万元"


def test_a_single_character_between_two_changes_is_told_as_changed() -> None:
    assert told("甲一乙", "丙一丁") == "[-甲一乙][+丙一丁]"


def test_equal_texts_are_kept_whole() -> None:
    assert pieces("不变。", "不变。") == (Piece(Fate.KEPT, "不变。"),)


def test_a_new_clause_at_the_front_leaves_the_changed_one_beside_its_old_form() -> None:
    assert pairs("项目年底前完成并验收。", "新增一条规定。项目明年底前完成并验收。") == [
        ("", "新增一条规定。"),
        ("项目年底前完成并验收。", "项目明年底前完成并验收。"),
    ]


def test_clauses_that_have_nothing_in_common_stand_alone() -> None:
    assert pairs("今天天气晴朗。", "会议于下午召开。") == [("今天天气晴朗。", ""), ("", "会议于下午召开。")]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.fate is not Fate.ADDED) == before
    assert "".join(piece.text for piece in found if piece.fate is not Fate.REMOVED) == after


@given(TEXTS, TEXTS)
def test_both_lists_of_clauses_can_be_read_from_the_pairs(before: str, after: str) -> None:
    found = list(paired(clauses(before), clauses(after)))
    assert tuple(pair.before for pair in found if pair.before) == clauses(before)
    assert tuple(pair.after for pair in found if pair.after) == clauses(after)


def test_a_text_of_very_many_clauses_is_compared_to_its_end() -> None:
    long = "".join(f"第{number}条样例规定。" for number in range(3_000))
    found = pairs(long, long.replace("第2999条", "第二九九九条"))
    assert [("第二九九九条" in after, "第2999条" in before) for before, after in found] == [(True, True)]


def test_a_block_that_was_rewritten_is_paired_in_its_order() -> None:
    before, after = tuple(f"旧{n}。" for n in range(60)), tuple(f"新{n}。" for n in range(50))
    assert next(iter(paired(before, after))) == Pair("旧0。", "新0。")


def test_a_clause_without_end_is_told_as_a_whole() -> None:
    assert told("甲" * 3_000, "甲" * 2_999) == f"[-{'甲' * 3_000}][+{'甲' * 2_999}]"
