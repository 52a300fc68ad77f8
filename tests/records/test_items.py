from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from syndicate.errors import Conflict, NotFound
from syndicate.model.item import Attachment, Content, FileRole, ItemKind, ItemState
from syndicate.records import items
from syndicate.records.connection import one_transaction
from tests.records.samples import CONTENT, kinds, new_item, together

FULL = Content(
    title="样例标题",
    body="<p>样例正文 😀</p>",
    kind=ItemKind.REPRINT,
    source_name="样例市政府网",
    source_url="https://example.org/1",
    author="样例作者",
    summary="摘要",
    fields={"索引号": "样例-1"},
    attachments=(
        Attachment("图.png", "b" * 64, "image/png", 3, FileRole.IMAGE, "https://example.org/a.png"),
        Attachment("附件.pdf", "a" * 64, "application/pdf", 4, FileRole.ATTACHMENT),
    ),
)


def test_a_new_item_is_a_draft_at_its_first_level(records: Path, now: datetime) -> None:
    item = items.get(new_item(now)[0])
    assert (item.state, item.level, item.version) == (ItemState.DRAFT, 1, 1)


def test_content_comes_back_as_it_was_stored(records: Path, now: datetime) -> None:
    content = replace(FULL, published_at=now)
    item, _ = new_item(now, content)
    assert items.latest_revision(item).content == content


def test_the_hash_of_stored_content_is_the_hash_of_what_was_handed_in(records: Path, now: datetime) -> None:
    content = replace(FULL, published_at=now)
    item, _ = new_item(now, content)
    assert items.latest_revision(item).content.hash == content.hash


def test_times_come_back_aware_and_equal(records: Path, now: datetime) -> None:
    created = items.get(new_item(now)[0]).created_at
    assert created.utcoffset() is not None
    assert created == now


def test_a_change_counts_the_version_up(records: Path, now: datetime) -> None:
    item = items.get(new_item(now)[0])
    assert items.change(item, {"state": ItemState.SUBMITTED}).version == 2


def test_a_change_of_what_somebody_changed_meanwhile_is_a_conflict(records: Path, now: datetime) -> None:
    seen = items.get(new_item(now)[0])
    items.change(seen, {"level": 2})
    with pytest.raises(Conflict):
        items.change(seen, {"level": 3})


def test_a_conflict_changes_nothing(records: Path, now: datetime) -> None:
    seen = items.get(new_item(now)[0])
    items.change(seen, {"level": 2})
    with pytest.raises(Conflict):
        items.change(seen, {"level": 3})
    assert items.get(seen.id).level == 2


def test_of_two_changes_at_once_exactly_one_wins(records: Path, now: datetime) -> None:
    seen = items.get(new_item(now)[0])
    results = together(*(lambda level=level: items.change(seen, {"level": level}) for level in (2, 3)))
    assert kinds(results) == ["Conflict", "ItemRecord"]


def test_revisions_are_numbered_from_one(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    items.add_revision(item, replace(CONTENT, title="第二版"), "样例编辑", now)
    assert [revision.number for revision in items.revisions(item)] == [1, 2]


def test_a_new_revision_leaves_the_old_one_as_it_was(records: Path, now: datetime) -> None:
    item, first = new_item(now)
    items.add_revision(item, replace(CONTENT, title="第二版"), "样例编辑", now)
    assert items.revision(first).content == CONTENT


def test_the_latest_revision_is_the_one_with_the_highest_number(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    second = items.add_revision(item, replace(CONTENT, title="第二版"), "样例编辑", now)
    assert items.latest_revision(item).id == second


def test_of_two_revisions_written_at_once_none_overwrites_the_other(records: Path, now: datetime) -> None:
    item, _ = new_item(now)

    def write(title: str) -> int:
        with one_transaction():
            items.lock(item)
            return items.add_revision(item, replace(CONTENT, title=title), "样例编辑", now)

    together(lambda: write("甲"), lambda: write("乙"))
    assert sorted(revision.content.title for revision in items.revisions(item)) == ["乙", "样例标题", "甲"]


@pytest.mark.parametrize("table", ["revision", "decision", "attempt", "receipt"])
def test_the_database_refuses_to_delete_what_must_stay(records: Path, now: datetime, table: str) -> None:
    from syndicate.model.review import Decision, Verdict
    from syndicate.records import deliveries, reviews
    from tests.records.samples import kept, new_delivery, receipt, tried

    item, revision = new_item(now)
    delivery = deliveries.get(new_delivery(item, revision, now))
    tried(delivery, "share", now)
    kept(delivery, receipt(now))
    reviews.add_decision(revision, Decision(1, Verdict.RETURN, "样例审核", "理由", "hash", now), "snapshot")
    with pytest.raises(DatabaseError, match="never purged"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM records_{table}")


def test_attempts_of_a_delivery_that_is_done_may_be_removed(records: Path, now: datetime) -> None:
    from syndicate.records import deliveries, models
    from tests.records.samples import new_delivery, tried

    delivery = deliveries.get(new_delivery(*new_item(now), now))
    tried(delivery, "share", now)
    models.Delivery.objects.filter(id=delivery.id).update(finished_at=now)
    assert models.Attempt.objects.all().delete()[0] == 1


def test_an_unknown_item_is_not_found(records: Path) -> None:
    with pytest.raises(NotFound):
        items.get(404)


def test_an_item_without_a_number_has_no_revision(records: Path) -> None:
    with pytest.raises(NotFound):
        items.latest_revision(404)


def test_a_second_sighting_changes_nothing(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    for hours in (0, 1):
        items.add_source(item, "sample", "k1", "https://example.org/1", now + timedelta(hours=hours))
    assert [source.seen_at for source in items.sources(item)] == [now]


def test_the_same_document_from_two_sources_is_one_item(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    items.add_source(item, "one", "k1", "https://example.org/1", now)
    items.add_source(item, "two", "k9", "https://example.org/1", now)
    assert (items.at_address("https://example.org/1"), len(items.sources(item))) == (item, 2)


def test_an_unknown_address_leads_to_no_item(records: Path) -> None:
    assert items.at_address("https://example.org/unknown") is None


def test_a_check_is_remembered_with_its_configuration(records: Path, now: datetime) -> None:
    item, revision = new_item(now)
    items.mark_checked(revision, "abc")
    assert items.latest_revision(item).checked_with == "abc"


def test_items_are_listed_by_state_oldest_first(records: Path, now: datetime) -> None:
    numbers = [new_item(now + timedelta(minutes=minutes))[0] for minutes in (2, 1, 3)]
    listed = [item.id for item in items.listed([ItemState.DRAFT], limit=2)]
    assert listed == [numbers[1], numbers[0]]


def test_items_are_counted_by_state(records: Path, now: datetime) -> None:
    items.change(items.get(new_item(now)[0]), {"state": ItemState.SUBMITTED})
    new_item(now)
    assert items.counted([ItemState.SUBMITTED]) == 1


def test_the_latest_revisions_of_several_items_come_in_one_look(records: Path, now: datetime) -> None:
    one, first = new_item(now)
    two, _ = new_item(now)
    newest = items.add_revision(two, replace(CONTENT, title="第二版"), "样例编辑", now)
    assert {item: revision.id for item, revision in items.latest_revisions([one, two]).items()} == {
        one: first,
        two: newest,
    }
