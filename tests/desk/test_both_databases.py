"""The pages on SQLite and on PostgreSQL: what differs between them is in the records, and this proves it stays there."""

from __future__ import annotations

from django.test import Client

from syndicate.records import deliveries, items
from tests.desk.conftest import client_of
from tests.desk.office import FAULTY, PASSWORD, PUBLISHER, REVIEWER, Office
from tests.desk.test_item import approve


def logged_in_by_hand(office: Office, name: str) -> Client:
    client = client_of(office)
    assert client.post("/login", {"name": name, "password": PASSWORD}).status_code == 302
    return client


def test_a_whole_review(both: Office) -> None:
    number = both.submitted()
    approve(logged_in_by_hand(both, REVIEWER.name), number)
    approve(logged_in_by_hand(both, PUBLISHER.name), number)
    assert items.get(number).state == "approved"
    assert len(deliveries.of_item(number)) == 5


def test_every_page_opens(both: Office) -> None:
    numbers = (both.submitted(body=FAULTY), both.published(), both.reprint("转载", "<p>文</p>", 1))
    client = logged_in_by_hand(both, PUBLISHER.name)
    pages = [
        "/",
        "/queue?tab=all&q=a&source=x&column=news",
        "/queue/counts",
        "/items/new",
        "/deliveries?view=all",
        "/reports",
    ]
    pages += [f"/items/{number}{frame}" for number in numbers for frame in ("", "/text", "/preview/website")]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_failed_log_ins_are_counted(both: Office) -> None:
    client = client_of(both)
    for _ in range(5):
        client.post("/login", {"name": REVIEWER.name, "password": "falsch"})
    response = client.post("/login", {"name": REVIEWER.name, "password": PASSWORD})
    assert "暂时不能登录" in response.content.decode()
