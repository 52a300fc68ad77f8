"""The same document at another source, and the look-alikes that are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.likeness import document_number, resemblance, same_document, same_text, same_title, sketch
from syndicate.model.item import Attachment, Content, FileRole, ItemKind

TEXT = "".join(
    f"<p>第{n}条 云川县各单位应当按照样例办法的要求，在每年3月底前完成第{n}项工作，并向县政府报告进展情况。</p>"
    for n in "一二三四五六七八"
)
BASE = Content("云川县人民政府关于印发样例办法的通知", TEXT, ItemKind.REPRINT, "示例县人民政府")
NUMBERED = replace(BASE, fields={"发文字号": "云政发〔2026〕3号"})


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("云政发〔2026〕3号", "云政发〔2026〕3号"),
        ("云政发[2026]3号", "云政发〔2026〕3号"),
        ("云政发（2026）第 03 号", "云政发〔2026〕3号"),
        ("云 政 发 【2026】 3 号", "云政发〔2026〕3号"),
        ("无", ""),
        ("", ""),
        ("2026年第3号公告", ""),
    ],
)
def test_a_document_number_has_one_spelling(written: str, number: str) -> None:
    assert document_number({"发文字号": written}) == number


def test_a_text_resembles_itself_wholly() -> None:
    assert resemblance(sketch(BASE), sketch(BASE)) == 1.0


def test_other_texts_hardly_resemble_it() -> None:
    other = replace(
        BASE, body="<p>气象台今天发布寒潮蓝色预警，预计未来两天气温下降，请市民注意防寒保暖，减少外出。</p>" * 3
    )
    assert resemblance(sketch(BASE), sketch(other)) < 0.1


def test_nothing_resembles_an_empty_text() -> None:
    assert resemblance((), ()) == 0.0


def test_the_same_number_is_the_same_document_whatever_the_site_makes_of_it() -> None:
    assert same_document(
        NUMBERED, replace(NUMBERED, title="关于印发样例办法的通知（云川县人民政府）", body="<p>见附件</p>")
    )


def test_two_numbers_are_two_documents_however_alike() -> None:
    assert not same_document(NUMBERED, replace(NUMBERED, fields={"发文字号": "云政发〔2026〕4号"}))


def test_an_interpretation_that_prints_the_number_of_its_document_is_another_one() -> None:
    reading = replace(NUMBERED, title="一图读懂：哪些事项可以网上办理", body=BASE.body)
    assert not same_document(NUMBERED, reading)


def test_a_reprint_with_another_lead_is_the_same_document() -> None:
    assert same_document(
        BASE,
        replace(BASE, body="<p>本网讯</p>" + TEXT, title="关于印发样例办法的通知——云川县人民政府"[:0] + BASE.title),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"body": TEXT.replace("3月", "4月")},
        {"title": "云川县人民政府关于印发样例办法的通知（第二批）"},
        {"title": "云川县召开样例工作会议"},
        {"body": "<p>气象台今天发布寒潮蓝色预警，预计未来两天气温下降，请市民注意防寒保暖。</p>" * 4},
    ],
)
def test_a_look_alike_is_another_document(change: dict[str, str]) -> None:
    assert not same_document(BASE, replace(BASE, **change))


def test_texts_that_say_nothing_are_never_the_same() -> None:
    short = replace(BASE, body="<p>见附件</p>")
    assert not same_document(short, short)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("空气质量周报第1期", "空气质量周报第2期"),
        ("样例公告（一）", "样例公告（二）"),
        ("2025年样例工作总结", "2026年样例工作总结"),
    ],
)
def test_titles_with_other_numbers_are_other_titles(first: str, second: str) -> None:
    assert not same_title(first, second, 0.5)


@pytest.mark.parametrize(
    "change",
    [
        {"body": f"<div class='x'>\n  {TEXT}</div>"},
        {"body": TEXT.replace("，", "，\n ")},
        {"summary": "另一摘要"},
        {"source_url": "https://a.example/?from=app"},
    ],
)
def test_blanks_markup_and_addresses_are_no_change(change: dict[str, str]) -> None:
    assert same_text(BASE, replace(BASE, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"body": TEXT.replace("3月", "4月")},
        {"title": "另一标题"},
        {"published_at": datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))},
        {"fields": {"有效性": "废止"}},
        {"attachments": (Attachment("a.pdf", "0" * 64, "application/pdf", 1, FileRole.ATTACHMENT),)},
    ],
)
def test_words_facts_and_files_are_a_change(change: dict[str, object]) -> None:
    assert not same_text(BASE, replace(BASE, **change))  # type: ignore[arg-type]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_compared_and_order_does_not_matter(first: str, second: str) -> None:
    one, other = (replace(BASE, title=text[:50] or "x", body=text) for text in (first, second))
    assert same_document(one, other) == same_document(other, one)
    assert 0 <= resemblance(sketch(one), sketch(other)) <= 1
