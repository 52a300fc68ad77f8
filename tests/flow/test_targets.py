"""The website's targets in the ledger: the receipt when all hold it, one's failure in nobody's way, whole builds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from syndicate.flow.targets import compare_targets, mirror_site
from syndicate.flow.website import build_site
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.review import WithdrawalKind
from syndicate.records import deliveries, receipts
from tests.flow.office import PUBLISHER, Desk
from tests.s3_store import ACCESS_KEY, SECRET_KEY, Store, s3_store

AWAY = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with s3_store() as running:
        yield running


@dataclass
class Mirrored:
    """An office whose website has targets in a store."""

    desk: Desk
    store: Store
    bucket: str

    def targets(self, **endpoints: str) -> None:
        """These targets, each in a folder of the bucket that has its name."""
        named = [
            {"kind": "s3", "name": name, "endpoint": endpoint, "bucket": self.bucket, "prefix": name}
            | {"path_style": True, "access_key": "access-key", "secret_key": "secret-key"}
            for name, endpoint in endpoints.items()
        ]
        text = {"title": "样例网站", "kind": "website", "settings": {"folder": "var/site", "targets": named}}
        (self.desk.home / "channels" / "website.yaml").write_text(json.dumps(text, ensure_ascii=False), "utf-8")
        self.desk.reload()

    def page(self, target: str, item: int) -> str:
        (path,) = (self.desk.home / "var" / "site").rglob(f"{item}.html")
        address = path.relative_to(self.desk.home / "var" / "site").as_posix()
        return self.store.text(self.bucket, f"{target}/{address}")

    def names(self, target: str) -> frozenset[str]:
        with self.store.open(self.bucket, target) as hand:
            return hand.names()


@pytest.fixture
def office(desk: Desk, store: Store) -> Mirrored:
    for name, value in (("access-key", ACCESS_KEY), ("secret-key", SECRET_KEY)):
        file = desk.home / "var" / "secrets" / name
        file.write_text(value)
        file.chmod(0o600)
    return Mirrored(desk, store, store.bucket())


def test_a_publication_arrives_at_every_target_before_it_has_a_receipt(office: Mirrored) -> None:
    office.targets(one=office.store.endpoint, two=office.store.endpoint)
    item = office.desk.approved("website")
    office.desk.run()
    delivery = office.desk.delivery(item, "website")
    assert delivery.state is DeliveryState.DELIVERED
    assert [one.step for one in deliveries.attempts(delivery.id)] == ["write", "mirror:one", "mirror:two"]
    assert office.page("one", item) == office.page("two", item) == office.desk.page(item)


def test_a_target_that_is_away_stops_neither_the_site_nor_the_others_and_is_named(office: Mirrored) -> None:
    office.targets(away=AWAY, good=office.store.endpoint)
    item = office.desk.approved("website")
    office.desk.run()
    delivery = office.desk.delivery(item, "website")
    assert delivery.state is DeliveryState.DUE
    assert delivery.message
    assert "away" in delivery.message.zh
    assert "good" not in delivery.message.zh
    assert office.page("good", item) == office.desk.page(item)
    assert receipts.held(item, "website") == ()


def test_when_it_is_back_the_ladder_brings_it_there(office: Mirrored) -> None:
    office.targets(late=AWAY, good=office.store.endpoint)
    item = office.desk.approved("website")
    office.desk.run()
    office.targets(late=office.store.endpoint, good=office.store.endpoint)
    office.desk.settle()
    assert office.desk.states(item) == {"website": DeliveryState.DELIVERED}
    assert office.page("late", item) == office.desk.page(item)


def test_two_that_are_away_are_both_named(office: Mirrored) -> None:
    office.targets(north=AWAY, south=AWAY)
    item = office.desk.approved("website")
    office.desk.run()
    message = office.desk.delivery(item, "website").message
    assert message
    assert "north" in message.zh
    assert "south" in message.zh
    assert "检查网络" in str(message)


def test_without_its_key_a_person_is_asked_and_no_secret_is_told(office: Mirrored) -> None:
    office.targets(store=office.store.endpoint)
    (office.desk.home / "var" / "secrets" / "secret-key").unlink()
    item = office.desk.approved("website")
    office.desk.run()
    delivery = office.desk.delivery(item, "website")
    assert delivery.state is DeliveryState.NEEDS_PERSON
    assert delivery.message
    assert "secret-key" in delivery.message.zh
    assert SECRET_KEY not in str(deliveries.attempts(delivery.id))


def test_a_target_that_the_office_gives_up_no_longer_holds_anything_back(office: Mirrored) -> None:
    office.targets(away=AWAY, good=office.store.endpoint)
    item = office.desk.approved("website")
    office.desk.run()
    office.targets(good=office.store.endpoint)
    office.desk.settle()
    assert office.desk.states(item) == {"website": DeliveryState.DELIVERED}


def test_a_withdrawal_does_not_wait_for_a_target_that_is_away(office: Mirrored) -> None:
    office.targets(away=AWAY, good=office.store.endpoint)
    item = office.desk.approved("website")
    office.desk.run()
    withdraw(office.desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例")
    office.desk.run()
    assert "data-notice" in office.page("good", item)
    assert office.desk.delivery(item, "website", Action.RETRACT).state is DeliveryState.DUE
    assert office.desk.delivery(item, "website", Action.PUBLISH).state is DeliveryState.CANCELLED


def test_others_wait_until_every_target_holds_the_page(office: Mirrored) -> None:
    office.targets(late=AWAY)
    item = office.desk.approved("website", "weibo")
    office.desk.run()
    assert office.desk.states(item)["weibo"] is DeliveryState.WAITING
    office.targets(late=office.store.endpoint)
    office.desk.settle()
    assert office.desk.states(item)["weibo"] is DeliveryState.DELIVERED


def test_a_whole_build_brings_every_target_up_to_date_and_says_which_failed(office: Mirrored) -> None:
    office.targets(away=AWAY, good=office.store.endpoint)
    build_site(office.desk.workspace)
    away, good = mirror_site(office.desk.workspace)
    assert (away.whole, good.whole) == (False, True)
    assert away.problem
    assert away.problem.key == "targets.failed"
    root = office.desk.home / "var" / "site"
    assert office.names("good") == {file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file()}


def test_everything_planted_at_a_target_is_found(office: Mirrored) -> None:
    office.targets(store=office.store.endpoint)
    build_site(office.desk.workspace)
    mirror_site(office.desk.workspace)
    with office.store.open(office.bucket, "store") as hand:
        client = hand._client
        client.put_object(Bucket=office.bucket, Key="store/index.html", Body=b"x")
        client.delete_object(Bucket=office.bucket, Key="store/robots.txt")
        client.put_object(Bucket=office.bucket, Key="store/evil.html", Body=b"x")
    (state,) = compare_targets(office.desk.workspace)
    assert state.differences
    assert not state.whole
    found = state.differences
    assert (found.missing, found.changed, found.foreign) == (("robots.txt",), ("index.html",), ("evil.html",))


def test_what_was_found_otherwise_is_sent_again_and_what_is_not_ours_stays(office: Mirrored) -> None:
    office.targets(store=office.store.endpoint)
    build_site(office.desk.workspace)
    mirror_site(office.desk.workspace)
    with office.store.open(office.bucket, "store") as hand:
        client = hand._client
        client.put_object(Bucket=office.bucket, Key="store/index.html", Body=b"x")
        client.delete_object(Bucket=office.bucket, Key="store/robots.txt")
        client.put_object(Bucket=office.bucket, Key="store/evil.html", Body=b"x")
    manifest = (office.desk.home / "var" / "site.manifest" / "site.json").read_bytes()
    compare_targets(office.desk.workspace)
    assert (office.desk.home / "var" / "site.manifest" / "site.json").read_bytes() == manifest
    mirror_site(office.desk.workspace)
    (state,) = compare_targets(office.desk.workspace)
    assert state.differences
    assert (state.differences.missing, state.differences.changed) == ((), ())
    assert state.differences.foreign == ("evil.html",)


def test_a_target_that_was_never_mirrored_lacks_everything(office: Mirrored) -> None:
    office.targets(store=office.store.endpoint)
    build_site(office.desk.workspace)
    (state,) = compare_targets(office.desk.workspace)
    assert state.differences
    assert "index.html" in state.differences.missing


def test_an_office_without_targets_has_none_to_compare(desk: Desk) -> None:
    build_site(desk.workspace)
    assert mirror_site(desk.workspace) == compare_targets(desk.workspace) == ()


def test_the_copies_stand_beside_the_site_and_not_in_it(office: Mirrored) -> None:
    office.targets(store=office.store.endpoint)
    office.desk.approved("website")
    office.desk.run()
    var: Path = office.desk.home / "var"
    assert (var / "site.targets" / "store" / "site.json").samefile(var / "site.manifest" / "site.json")
