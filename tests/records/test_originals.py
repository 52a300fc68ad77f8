"""What is remembered of other people's sites and of the originals of our reprints, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from syndicate.errors import Message
from syndicate.model.item import Content, ItemKind, ItemState
from syndicate.model.source import PageNumbers, SyncResult
from syndicate.records import items, originals, sources
from syndicate.records.originals import Likeness, Original, Robots

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def item() -> int:
    content = Content("样例", "<p>样例</p>", ItemKind.REPRINT, "样例")
    return items.create(items.NewItem("news", ItemKind.REPRINT, 1, "sync"), content, NOW)[0]


def test_how_a_site_numbers_its_pages_is_remembered(records: Path) -> None:
    assert sources.page_numbers("a.example") is None
    sources.remember_page_numbers("a.example", PageNumbers.FROM_ONE, NOW)
    assert sources.page_numbers("a.example") is PageNumbers.FROM_ONE


def test_a_robots_file_replaces_the_one_before(records: Path) -> None:
    for text in ("a", "b"):
        originals.remember_robots(Robots("https://a.example", 200, text, NOW))
    found = originals.robots("https://a.example")
    assert found == Robots("https://a.example", 200, "b", NOW)


def test_the_likeness_of_an_item_is_known_for_a_while(records: Path) -> None:
    mine = Likeness(item(), "云政发〔2026〕3号", "样例", (1, 4_000_000_000))
    originals.remember_likeness(mine, NOW)
    assert originals.likenesses(NOW - DAY) == (mine,)
    assert originals.likenesses(NOW + DAY) == ()


def test_originals_are_due_in_order(records: Path) -> None:
    rows = [Original(item(), "city", "k", "u", "t", next_look_at=NOW + hours * DAY) for hours in (2, 1, 3)]
    for row in rows:
        originals.store_original(row)
    due = originals.due_originals(NOW + 2 * DAY, 10)
    assert [one.item for one in due] == [rows[1].item, rows[0].item]


def test_a_gone_original_counts_while_its_item_is_in_work(records: Path) -> None:
    row = Original(item(), "city", "k", "u", "t", gone_at=NOW)
    originals.store_original(row)
    assert originals.original(row.item) == row
    assert originals.gone_originals([ItemState.DRAFT]) == (row,)
    assert originals.gone_originals([ItemState.PUBLISHED]) == ()


def test_an_incident_is_open_until_it_ends(records: Path) -> None:
    sources.begin_incident("city", SyncResult.WALL, Message("sync.wall", {"url": "u", "guard": "g"}), NOW)
    incident = sources.open_incident("city")
    assert incident is not None
    assert (incident.result, incident.message and incident.message.key, incident.closed_at) == (SyncResult.WALL, "sync.wall", None)  # fmt: skip
    sources.end_incident("city", NOW + DAY)
    assert sources.open_incident("city") is None


def test_the_tables_can_be_taken_back_and_made_again(records: Path) -> None:
    loader = MigrationExecutor(connection).loader
    migration = loader.get_migration("records", "0005_originals")
    for step, exists in ((migration.unapply, False), (migration.apply, True)):
        with connection.schema_editor(atomic=migration.atomic) as editor:
            step(loader.project_state(("records", "0004_site_places")), editor)
        assert ("records_original" in connection.introspection.table_names()) is exists
