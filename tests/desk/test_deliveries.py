from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client

from syndicate.errors import Message
from syndicate.model.delivery import DeliveryState, NeedsPerson
from syndicate.records import deliveries, receipts
from tests.desk.office import Office

STOP = NeedsPerson(Message("ledger.never_arrives"))


def stopped(office: Office, *, maybe_sent: bool = False) -> int:
    from syndicate.records.models.deliveries import Delivery

    number = office.published("食品安全检查", weibo=STOP)
    row = next(row for row in deliveries.of_item(number) if row.state is DeliveryState.NEEDS_PERSON)
    Delivery.objects.filter(id=row.id).update(maybe_sent=maybe_sent)
    return row.id


def state(delivery: int) -> DeliveryState:
    return deliveries.get(delivery).state


def test_the_ledger_shows_what_needs_a_person_first(office: Office, publisher: Client) -> None:
    stopped(office)
    text = publisher.get("/deliveries").content.decode()
    for words in ("食品安全检查", "官方微博", "请检查网络和平台状态", "重试"):
        assert words in text
    assert "移动客户端" not in text


@pytest.mark.parametrize("view", ["stopped", "open", "done", "ended", "all", "nonsense"])
def test_every_view_of_the_ledger_opens(office: Office, publisher: Client, view: str) -> None:
    stopped(office)
    office.approved()
    assert publisher.get(f"/deliveries?view={view}&page=1").status_code == 200


def test_an_editor_sees_the_ledger_without_buttons(office: Office, editor: Client) -> None:
    delivery = stopped(office)
    assert f"/deliveries/{delivery}/retry" not in editor.get("/deliveries").content.decode()


def test_a_retry_makes_it_due(office: Office, publisher: Client) -> None:
    delivery = stopped(office)
    publisher.post(f"/deliveries/{delivery}/retry")
    assert state(delivery) is DeliveryState.DUE


def test_what_waits_for_its_next_try_can_be_tried_at_once(office: Office, publisher: Client) -> None:
    from syndicate.records.models.deliveries import Delivery

    delivery = stopped(office)
    later = deliveries.get(delivery).due_at + timedelta(hours=1)
    Delivery.objects.filter(id=delivery).update(state=DeliveryState.DUE, due_at=later)
    assert f"/deliveries/{delivery}/retry" in publisher.get("/deliveries?view=open").content.decode()
    publisher.post(f"/deliveries/{delivery}/retry")
    assert deliveries.get(delivery).due_at < later


def test_what_may_be_on_the_channel_is_never_retried_blindly(office: Office, publisher: Client) -> None:
    delivery = stopped(office, maybe_sent=True)
    response = publisher.post(f"/deliveries/{delivery}/retry")
    assert response.status_code == 403
    assert "请先到平台上查看" in response.content.decode()
    assert f"/deliveries/{delivery}/retry" not in publisher.get("/deliveries").content.decode()


def test_an_address_resolves_it(office: Office, publisher: Client) -> None:
    delivery = stopped(office, maybe_sent=True)
    publisher.post(f"/deliveries/{delivery}/delivered", {"url": "https://weibo.example/7"})
    assert state(delivery) is DeliveryState.DELIVERED
    assert "https://weibo.example/7" in [one.receipt.url for one in receipts.of_items([deliveries.get(delivery).item])]


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "weibo.example/7"])
def test_no_address_resolves_nothing(office: Office, publisher: Client, url: str) -> None:
    delivery = stopped(office)
    assert publisher.post(f"/deliveries/{delivery}/delivered", {"url": url}).status_code == 400
    assert state(delivery) is DeliveryState.NEEDS_PERSON


def test_absent_sends_it_again(office: Office, publisher: Client) -> None:
    delivery = stopped(office, maybe_sent=True)
    publisher.post(f"/deliveries/{delivery}/absent")
    assert state(delivery) is DeliveryState.DUE


def test_a_delivery_can_be_left_undone(office: Office, publisher: Client) -> None:
    delivery = stopped(office)
    publisher.post(f"/deliveries/{delivery}/cancel")
    assert state(delivery) is DeliveryState.CANCELLED


def test_an_answer_to_what_did_not_stop_is_a_conflict(office: Office, publisher: Client) -> None:
    delivery = deliveries.of_item(office.approved())[0].id
    assert publisher.post(f"/deliveries/{delivery}/retry").status_code == 409


def test_an_unknown_answer_or_delivery_is_not_found(office: Office, publisher: Client) -> None:
    assert publisher.post(f"/deliveries/{stopped(office)}/explode").status_code == 404
    assert publisher.post("/deliveries/999/retry").status_code == 404


def test_a_stopped_delivery_offers_everything_that_is_needed_to_do_it_by_hand(office: Office, reviewer: Client) -> None:
    number = office.published(weibo=NeedsPerson(Message("ledger.never_arrives")))
    stopped = next(one for one in deliveries.of_item(number) if one.state is DeliveryState.NEEDS_PERSON)
    address = f"/deliveries/{stopped.id}/package.zip"
    assert f'href="{address}"' in reviewer.get("/deliveries").content.decode()
    response = reviewer.get(address)
    assert response.headers["Content-Type"] == "application/zip"
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert "清单.txt" in archive.namelist()


def test_a_package_of_no_delivery_is_not_there(office: Office, reviewer: Client) -> None:
    assert reviewer.get("/deliveries/404/package.zip").status_code == 404
