"""One id from document to receipt: every line of the log about an item carries its number."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pytest

from syndicate.records import audit
from syndicate.records.connection import one_transaction
from tests.databases import on_one
from tests.flow.office import EDITOR
from tests.flow.web import Beat

pytestmark = on_one


def _told(caplog: pytest.LogCaptureFixture, item: int) -> list[tuple[str, Mapping[str, object]]]:
    lines = ((record.getMessage(), getattr(record, "about", {})) for record in caplog.records)
    return [(what, about) for what, about in lines if about.get("item") == item]


def test_an_item_is_followed_by_its_number_from_the_document_to_the_receipt(
    beat: Beat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "syndicate")
    beat.follow("city", "json")
    beat.publish("city", 1)
    (item,) = beat.one("city").items
    beat.desk.approve(item)
    beat.desk.settle()
    told = _told(caplog, item)
    steps = [what for what, _ in told]
    wanted = ("item.created", "taken in", "checked", "item.submitted", "item.approved_last", "called", "receipt")
    positions = [steps.index(one) for one in wanted]
    assert positions == sorted(positions)
    assert dict(told)["taken in"]["document"] == f"{beat.web.base}/1.html"
    assert str(dict(told)["receipt"]["url"]).startswith("http")


def test_what_was_rolled_back_is_not_told(beat: Beat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "syndicate")

    def fail_late() -> None:
        with one_transaction():
            audit.append(EDITOR, "item.created", "item:99", {}, beat.desk.now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert _told(caplog, 99) == []
