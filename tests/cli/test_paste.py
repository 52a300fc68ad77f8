"""Pasting as a person types it."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from tests.cli.terminal import Office


@pytest.fixture
def word(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("云川县今天召开样例会议。")
    document.save(str(tmp_path / "a.docx"))
    return tmp_path / "a.docx"


def test_a_word_file_becomes_an_item(office: Office, word: Path) -> None:
    made = office("item", "new", "样例", "--column", "news", "--paste", str(word), "--json", user="样例编辑").document
    page = office("show", str(made["item"]), "--json").document
    assert page["revision"]["content"]["body"] == "<p>云川县今天召开样例会议。</p>"
    assert page["revision"]["content"]["kind"] == "original"


def test_a_pasted_reprint_names_its_unit_and_has_a_deadline(office: Office, word: Path) -> None:
    words = ("item", "new", "样例", "--column", "news", "--paste", str(word), "--from", "示例省人民政府", "--url", "https://a.example/1.html", "--json")  # fmt: skip
    page = office("show", str(office(*words, user="样例编辑").document["item"]), "--json").document
    content = page["revision"]["content"]
    assert (content["kind"], content["source_name"], content["source_url"]) == (
        "reprint",
        "示例省人民政府",
        "https://a.example/1.html",
    )
    assert page["item"]["deadline_at"]
    assert page["sources"][0]["source"] == "manual"


def test_an_address_without_a_unit_is_wrong_use(office: Office, word: Path) -> None:
    answer = office(
        "item", "new", "样例", "--column", "news", "--paste", str(word), "--url", "https://a.example/", user="样例编辑"
    )
    assert (answer.code, "--from" in answer.err) == (2, True)
