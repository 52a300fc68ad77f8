"""What changed between two texts of an original, as people read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.changes import Change, Part, changes
from syndicate.model.item import Attachment, Content, FileRole, ItemKind
from tests.ingest.conftest import NOW

BODY = "<p>云川县今天召开样例会议。各单位要认真落实；年底前完成。</p><p>附件请见文末。</p>"
CONTENT = Content(
    "样例通知", BODY, ItemKind.REPRINT, "样例市政府办", published_at=NOW, fields={"文号": "样政〔2026〕1号"}
)


def changed(**fields: object) -> tuple[Change, ...]:
    return changes(CONTENT, replace(CONTENT, **fields))  # type: ignore[arg-type]


def file(name: str, sha256: str) -> Attachment:
    return Attachment(name, sha256 * 64, "application/pdf", 1, FileRole.ATTACHMENT)


def test_equal_texts_have_no_changes() -> None:
    assert changed() == ()


def test_markup_and_addresses_are_no_change() -> None:
    assert changed(body=BODY.replace("<p>", '<p style="text-align: center">'), source_url="https://a.example/") == ()


def test_a_changed_clause_stands_beside_its_old_form() -> None:
    assert changed(body=BODY.replace("年底前", "明年底前")) == (Change(Part.BODY, "年底前完成。", "明年底前完成。"),)


def test_an_added_clause_has_no_old_form() -> None:
    found = changed(body=BODY.replace("年底前完成。", "年底前完成。逾期通报。"))
    assert found == (Change(Part.BODY, "", "逾期通报。"),)


def test_a_clause_that_was_taken_out_has_no_new_form() -> None:
    assert changed(body=BODY.replace("各单位要认真落实；", "")) == (Change(Part.BODY, "各单位要认真落实；", ""),)


def test_title_source_time_and_fields_are_compared() -> None:
    later = datetime(2026, 11, 25, 9, 30, tzinfo=NOW.tzinfo)
    found = changed(title="样例通知（修订）", source_name="样例市政府", published_at=later, fields={"索引号": "1"})
    assert [(one.part, one.name, one.after) for one in found] == [
        (Part.TITLE, "", "样例通知（修订）"),
        (Part.SOURCE, "", "样例市政府"),
        (Part.PUBLISHED, "", "2026-11-25 09:30"),
        (Part.FIELD, "文号", ""),
        (Part.FIELD, "索引号", "1"),
    ]


def test_author_and_summary_are_compared() -> None:
    found = changed(author="样例记者", summary="样例摘要")
    assert [(one.part, one.after) for one in found] == [(Part.AUTHOR, "样例记者"), (Part.SUMMARY, "样例摘要")]


def test_a_time_that_became_unknown_is_a_change() -> None:
    assert changed(published_at=None) == (Change(Part.PUBLISHED, "2026-11-24 08:00", ""),)


def test_files_are_compared_by_their_content() -> None:
    before = replace(CONTENT, attachments=(file("甲.pdf", "a"), file("乙.pdf", "b")))
    after = replace(CONTENT, attachments=(file("甲改名.pdf", "a"), file("丙.pdf", "c"), file("丁.pdf", "d")))
    assert changes(before, after) == (Change(Part.FILE, "乙.pdf", "丙.pdf"), Change(Part.FILE, "", "丁.pdf"))


def test_a_file_that_was_taken_out_is_named() -> None:
    assert changes(replace(CONTENT, attachments=(file("甲.pdf", "a"),)), CONTENT) == (Change(Part.FILE, "甲.pdf", ""),)


@given(st.lists(st.sampled_from("甲乙丙丁"), max_size=30), st.lists(st.sampled_from("甲乙丙丁"), max_size=30))
def test_old_and_new_clauses_of_a_change_are_those_of_the_texts(old: list[str], new: list[str]) -> None:
    first = replace(CONTENT, body="".join(f"<p>{one}。</p>" for one in old))
    second = replace(CONTENT, body="".join(f"<p>{one}。</p>" for one in new))
    found = changes(first, second)
    assert {one.before for one in found} <= {"", *(f"{one}。" for one in old)}
    assert sum(bool(one.after) for one in found) - sum(bool(one.before) for one in found) == len(new) - len(old)
    assert (found == ()) is (old == new)


def test_a_very_long_text_is_compared_to_its_end() -> None:
    long = "".join(f"<p>第{n}条样例规定。</p>" for n in range(3_000))
    first, second = replace(CONTENT, body=long), replace(CONTENT, body=long.replace("第2999条", "第二九九九条"))
    assert [one.part for one in changes(first, second)] == [Part.BODY]
