"""静默期、例外和紧急 on the desk."""

from __future__ import annotations

import pytest
from django.test import Client

from syndicate.flow import silence
from syndicate.records import items
from tests.desk.office import PUBLISHER, Office
from tests.desk.test_deliveries import STOP


def _text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def _silent(office: Office) -> None:
    silence.begin(office.workspace, PUBLISHER, "全国哀悼日", None)


def test_a_publisher_begins_a_silent_period(office: Office, publisher: Client) -> None:
    publisher.post("/silence/begin", {"reason": "全国哀悼日", "until": "2099-12-01T00:00"})
    page = silence.silence_page(office.workspace)
    assert page.in_force
    assert (page.in_force.reason, page.in_force.actor) == ("全国哀悼日", PUBLISHER.name)
    assert page.in_force.until and page.in_force.until.year == 2099


def test_every_page_says_that_it_is_silent(office: Office, editor: Client) -> None:
    before = _text(editor, "/")
    _silent(office)
    assert ("全国哀悼日" in before, "全国哀悼日" in _text(editor, "/")) == (False, True)


def test_a_publisher_ends_it(office: Office, publisher: Client) -> None:
    _silent(office)
    publisher.post("/silence/end", {"reason": "结束"})
    assert silence.silence_page(office.workspace).in_force is None


@pytest.mark.parametrize("path", ["/silence/begin", "/silence/end"])
def test_an_editor_may_only_look(office: Office, editor: Client, path: str) -> None:
    _silent(office)
    assert (editor.post(path, {"reason": "理由"}).status_code, "结束静默期" in _text(editor, "/silence")) == (
        403,
        False,
    )


def test_a_date_that_is_none_is_refused(office: Office, publisher: Client) -> None:
    assert publisher.post("/silence/begin", {"reason": "理由", "until": "soon"}).status_code == 400


def test_an_item_is_let_out_on_its_page(office: Office, publisher: Client) -> None:
    _silent(office)
    number = office.approved()
    assert "静默期例外放行" in _text(publisher, f"/items/{number}")
    publisher.post(f"/items/{number}/silence-except", {"reason": "地震应急信息"})
    assert "地震应急信息" in _text(publisher, "/silence")


def test_without_silence_there_is_no_button_for_an_exception(office: Office, publisher: Client) -> None:
    assert "静默期例外放行" not in _text(publisher, f"/items/{office.approved()}")


def test_an_item_becomes_urgent_and_ordinary_again(office: Office, publisher: Client) -> None:
    number = office.approved()
    publisher.post(f"/items/{number}/urgent", {"reason": "暴雨红色预警"})
    urgent = items.get(number).urgent
    publisher.post(f"/items/{number}/not-urgent", {"reason": "预警解除"})
    assert (urgent, items.get(number).urgent) == (True, False)


def test_urgency_without_a_reason_is_refused_on_the_page(office: Office, publisher: Client) -> None:
    number = office.approved()
    response = publisher.post(f"/items/{number}/urgent", {"do": "urgent", "reason": ""})
    assert (items.get(number).urgent, "理由" in response.content.decode()) == (False, True)


def test_the_item_page_says_on_how_many_channels_it_stands(office: Office, publisher: Client) -> None:
    number = office.published(weibo=STOP)
    channels = len(office.workspace.snapshot.channels)
    assert f"{channels - 1}/{channels} 已发布" in _text(publisher, f"/items/{number}")
