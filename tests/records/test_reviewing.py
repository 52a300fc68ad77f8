"""Records of reviewing: the migration, titles, emergencies, delegations, kept filters."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from syndicate.model.finding import Finding, Severity
from syndicate.model.review import Decision, PassageComment, Role, Verdict
from syndicate.records import delegations, findings, items, models, people, queues, reviews
from syndicate.records.delegations import NewDelegation
from tests.records.samples import CONTENT, new_item


def test_the_migration_of_reviewing_goes_back_and_forth_and_decisions_stay_undeletable(
    records: Path, now: datetime
) -> None:
    item, revision = new_item(now)
    reviews.add_decision(revision, Decision(1, Verdict.APPROVE, "样例审核", "", "0" * 64, now), "0" * 64)
    loader = MigrationExecutor(connection).loader
    names = sorted(name for app, name in loader.disk_migrations if app == "records" and name >= "0016_reviewing")
    later = [loader.get_migration("records", name) for name in names]
    # In order: SQLite builds tables anew, and would lose the columns of later ones.
    for steps in ([one.unapply for one in reversed(later)], [one.apply for one in later]):
        for step in steps:
            migration = step.__self__
            with connection.schema_editor(atomic=migration.atomic) as editor:
                step(loader.project_state(migration.dependencies[0]), editor)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM records_decision")
    assert items.get(item).title == CONTENT.title


def test_an_item_is_found_by_the_title_of_its_newest_revision_only(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    items.add_revision(item, replace(CONTENT, title="样例：改过的标题"), "样例编辑", now)
    found = [row.id for row in queues.listed(queues.Wanted(text="改过的"), 10)]
    assert (found, queues.listed(queues.Wanted(text=CONTENT.title), 10)) == ([item], ())


def test_a_long_title_is_cut_for_the_queue_and_kept_in_the_revision(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    items.add_revision(item, replace(CONTENT, title="长" * 3000), "样例编辑", now)
    assert (len(items.get(item).title), len(items.latest_revision(item).content.title)) == (255, 3000)


def test_ticks_remarks_and_whom_one_acted_for_are_kept(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    comment = PassageComment("body", 3, 5, "样例", "样例：请核实")
    kept = Decision(1, Verdict.RETURN, "样例审核", "样例", "0" * 64, now, {}, ("law",), (comment,), "样例签发")
    reviews.add_decision(revision, kept, "0" * 64)
    (found,) = reviews.decisions(revision)
    assert (found.checked, found.comments, found.behalf) == (("law",), (comment,), "样例签发")


def test_tallies_give_the_worst_finding_and_how_many_there_are(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    kinds = (Severity.HINT, Severity.BLOCK, Severity.CONFIRM, Severity.HINT)
    found = [Finding(f"sample.{n}", kind, n, n + 1, "样", "样例", None, "", "", "body") for n, kind in enumerate(kinds)]
    findings.replace(revision, found, "0" * 64, now)
    assert findings.tallies([revision]) == {revision: (Severity.BLOCK, 4)}


def _people() -> None:
    for name, role in (("样例签发", Role.PUBLISHER), ("样例审核", Role.REVIEWER)):
        people.add(name, role)


def _delegation(now: datetime, **changes: object) -> int:
    _people()
    given = {"giver": "样例签发", "taker": "样例审核", "starts_at": now, "ends_at": now + timedelta(days=2)}
    return delegations.add(NewDelegation(**{**given, "reason": "样例", "created_by": "样例签发", **changes}), now)


def test_a_delegation_holds_from_its_beginning_to_its_end(records: Path, now: datetime) -> None:
    number = _delegation(now, starts_at=now + timedelta(hours=1))
    times = (timedelta(0), timedelta(hours=1), timedelta(days=2) - timedelta(seconds=1), timedelta(days=2))
    held = [[one.id for one in delegations.in_force("样例审核", now + time)] for time in times]
    assert held == [[], [number], [number], []]


def test_nobody_acts_for_somebody_who_has_left(records: Path, now: datetime) -> None:
    _delegation(now)
    people.disable("样例签发")
    assert delegations.in_force("样例审核", now) == ()


def test_a_delegation_that_was_ended_holds_no_longer(records: Path, now: datetime) -> None:
    number = _delegation(now)
    assert (delegations.end(number, "样例签发", now), delegations.end(number, "样例签发", now)) == (True, False)
    assert delegations.in_force("样例审核", now) == ()


def test_a_person_drops_only_his_own_filters(records: Path, now: datetime) -> None:
    _people()
    queues.keep_filter("样例签发", "样例", "tab=all")
    queues.keep_filter("样例签发", "样例", "tab=mine")
    (kept,) = queues.kept_filters("样例签发")
    queues.drop_filter("样例审核", kept.id)
    assert [one.query for one in queues.kept_filters("样例签发")] == ["tab=mine"]
    queues.drop_filter("样例签发", kept.id)
    assert models.SavedFilter.objects.count() == 0
