"""The official fields of a document, as they are typed and as they are kept."""

from __future__ import annotations

import pytest

from syndicate.errors import InputError
from syndicate.flow.official_fields import official_fields, with_official
from syndicate.model.site import DOCUMENT_NUMBER, EXPLAINS, INDEX_NUMBER


def test_the_fields_by_which_the_website_knows_documents_are_asked_for() -> None:
    assert {INDEX_NUMBER, DOCUMENT_NUMBER, EXPLAINS} <= {field.label for field in official_fields()}


def test_a_date_is_kept_in_chinese_and_shown_as_browsers_know_it() -> None:
    dates = next(field for field in official_fields() if field.label == "成文日期")
    assert dates.read("2026-11-05") == "2026年11月5日"
    assert dates.typed("2026年11月5日") == "2026-11-05"


@pytest.mark.parametrize("label", ["成文日期", "有效性"])
def test_what_is_no_date_or_no_choice_is_refused(label: str) -> None:
    with pytest.raises(InputError):
        with_official({}, {label: "看情况"})


def test_a_field_that_is_too_long_is_refused() -> None:
    with pytest.raises(InputError):
        with_official({}, {"发文机关": "长" * 201})


def test_fields_that_are_not_asked_for_stay() -> None:
    assert with_official({"体裁分类": "通知", "索引号": "旧"}, {"索引号": " YC-1 "}) == {
        "索引号": "YC-1",
        "体裁分类": "通知",
    }


def test_an_emptied_field_is_gone() -> None:
    assert with_official({"索引号": "旧"}, {"索引号": ""}) == {}
