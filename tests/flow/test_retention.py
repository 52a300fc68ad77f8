"""整理: what is old ends, what reports and proofs need stays."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syndicate.errors import NotAllowed
from syndicate.flow import retention
from syndicate.flow.notices import collect
from syndicate.flow.report import make_report
from syndicate.inspection.html import to_json
from syndicate.model.review import Actor, Role
from syndicate.records import audit, kept_facts, models, pulses
from syndicate.records import retention as rows
from tests.databases import on_both
from tests.flow.office import Desk

CRON = Actor("tidy", Role.SYSTEM, "cli")
NEVER = {"AuditEvent", "AuditHead", "Receipt", "Revision", "Decision", "Item", "Delivery", "Attachment", "DailyReport"}


def _probe(at: datetime) -> None:
    models.Probe.objects.create(at=at, kind="site", target="https://www.example.gov.cn/", ok=True)


def _old(path: Path, now: datetime, days: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    moment = (now - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return path


@on_both
def test_attempts_of_deliveries_that_are_done_end_and_their_receipts_stay(desk: Desk) -> None:
    desk.approved("led")
    desk.run()
    desk.wait(timedelta(days=801))
    receipts, events = models.Receipt.objects.count(), models.AuditEvent.objects.count()
    assert retention.tidy(desk.workspace, CRON)["attempts"] > 0
    assert models.Attempt.objects.count() == 0
    assert models.Receipt.objects.count() == receipts
    assert models.AuditEvent.objects.count() == events + 1
    assert audit.verify().broken is None


@on_both
def test_attempts_of_a_delivery_that_is_not_done_stay_however_old(desk: Desk) -> None:
    desk.approved("led")
    desk.run()
    models.Delivery.objects.update(finished_at=None)
    desk.wait(timedelta(days=2000))
    attempts = models.Attempt.objects.count()
    retention.tidy(desk.workspace, CRON)
    assert models.Attempt.objects.count() == attempts > 0


@on_both
def test_only_what_is_older_than_its_days_ends(desk: Desk) -> None:
    for days in (799, 801):
        _probe(desk.now - timedelta(days=days))
    assert retention.tidy(desk.workspace, CRON)["probes"] == 1
    assert models.Probe.objects.count() == 1


def test_more_rows_than_one_transaction_takes_end_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "AT_ONCE", 2)
    for _ in range(5):
        _probe(desk.now - timedelta(days=900))
    assert rows.remove("probes", desk.now) == 5


def test_what_reports_are_made_of_is_kept_for_four_hundred_days_that_look_back_a_year() -> None:
    assert min(retention.kept_for()[kind] for kind in retention.OF_REPORTS) >= retention.REPORTS_STAY


@on_both
def test_a_report_of_the_last_400_days_says_the_same_after_tidying(desk: Desk) -> None:
    day = desk.now.date()
    _probe(desk.now)
    desk.wait(timedelta(days=400))
    _probe(desk.now - timedelta(days=900))
    before = to_json(make_report(desk.workspace, day))
    assert retention.tidy(desk.workspace, CRON)["probes"] == 1
    assert to_json(make_report(desk.workspace, day)) == before


def test_a_report_whose_records_are_gone_is_not_made_anew(desk: Desk) -> None:
    day = desk.now.date()
    desk.wait(timedelta(days=440))
    _probe(desk.now - timedelta(days=900))
    make_report(desk.workspace, day)
    retention.tidy(desk.workspace, CRON)
    with pytest.raises(NotAllowed) as error:
        make_report(desk.workspace, day)
    assert error.value.message.key == "retention.too_old"


def test_nothing_that_is_never_purged_can_be_named(desk: Desk) -> None:
    for kind in ("receipts", "audit", "revisions", "decisions"):
        with pytest.raises(NotAllowed) as error:
            rows.remove(kind, desk.now)
        assert error.value.message.key == "retention.never"


def test_no_kind_stands_for_a_table_that_is_never_purged(desk: Desk) -> None:
    assert {ended(desk.now).model.__name__ for ended in rows.ENDED.values()} & NEVER == set()


def test_every_kind_of_rows_has_its_days() -> None:
    assert set(rows.ENDED) <= set(retention.kept_for())


def test_a_second_time_removes_nothing_and_writes_no_audit(desk: Desk) -> None:
    _probe(desk.now - timedelta(days=900))
    retention.tidy(desk.workspace, CRON)
    events = models.AuditEvent.objects.count()
    assert not any(retention.tidy(desk.workspace, CRON).values())
    assert models.AuditEvent.objects.count() == events


def test_the_doctor_is_told_that_it_ran(desk: Desk) -> None:
    retention.tidy(desk.workspace, CRON)
    assert pulses.last()["tidy"] == desk.workspace.now()


def test_a_file_that_belongs_to_nothing_ends(desk: Desk) -> None:
    path = desk.workspace.files.path(desk.workspace.files.put(b"stray"))
    moment = (desk.now - timedelta(days=61)).timestamp()
    os.utime(path, (moment, moment))
    assert retention.tidy(desk.workspace, CRON)["stray_files"] == 1
    assert not path.exists()


def test_a_file_that_is_put_again_is_no_stray(desk: Desk) -> None:
    path = desk.workspace.files.path(desk.workspace.files.put(b"stray"))
    moment = (desk.now - timedelta(days=61)).timestamp()
    os.utime(path, (moment, moment))
    desk.workspace.files.put(b"stray")
    assert path.stat().st_mtime > moment


def _strays(desk: Desk, count: int) -> list[Path]:
    paths = [desk.workspace.files.path(desk.workspace.files.put(b"stray %d" % number)) for number in range(count)]
    moment = (desk.now - timedelta(days=61)).timestamp()
    for path in paths:
        os.utime(path, (moment, moment))
    return paths


def test_the_texts_are_read_once_however_many_files_there_are(desk: Desk) -> None:
    desk.submitted("led")
    counts = []
    for many in (2, 150):
        hashes = [path.name for path in _strays(desk, many)]
        with CaptureQueriesContext(connection) as queries:
            assert rows.unused(hashes) == set(hashes)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_all_strays_go_in_one_run_however_many(desk: Desk) -> None:
    _strays(desk, 150)
    assert retention.tidy(desk.workspace, CRON)["stray_files"] == 150


@on_both
def test_texts_are_read_to_their_last_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_READ_AT_ONCE", 2)
    (stray,) = _strays(desk, 1)
    for number in range(5):
        typed = {"file": [stray.name if number == 4 else "none"]}
        models.KeptWriting.objects.create(person=f"样例编辑{number}", typed=typed, kept_at=desk.now)
    assert rows.unused([stray.name]) == set()


def test_a_hash_is_found_within_a_longer_row_of_digits(desk: Desk) -> None:
    (stray,) = _strays(desk, 1)
    models.KeptWriting.objects.create(person="样例编辑", typed={"file": f"0f{stray.name}a"}, kept_at=desk.now)
    assert rows.unused([stray.name]) == set()


def test_a_stray_that_is_put_again_while_others_are_removed_stays(desk: Desk) -> None:
    first, second = sorted(_strays(desk, 2), key=lambda path: path.name)
    strays = retention._strays(desk.home / "var" / "files", desk.now - timedelta(days=60))
    assert next(strays) == first
    second.touch()
    assert list(strays) == []


def test_a_file_that_has_gone_since_it_was_listed_stops_nothing(desk: Desk) -> None:
    first, second = sorted(_strays(desk, 2))
    files = retention._older(desk.home / "var" / "files", desk.now - timedelta(days=60))
    assert next(files) == first
    second.unlink()
    assert list(files) == []


@on_both
def test_of_how_things_stood_only_what_was_replaced_ends(desk: Desk) -> None:
    day = timedelta(days=1)
    for ago, standing in ((900, {"a": {"n": 1}, "b": {"n": 1}}), (890, {"a": {"n": 2}}), (880, {"a": {"n": 3}})):
        kept_facts.keep("task", standing, desk.now - ago * day)
    moments = [desk.now - ago * day for ago in (800, 0)]
    before = [kept_facts.as_of("task", moment) for moment in moments]
    assert retention.tidy(desk.workspace, CRON)["kept_facts"] == 4
    assert [kept_facts.as_of("task", moment) for moment in moments] == before == [{"a": {"n": 3}}] * 2


def test_that_nothing_stands_stays_known(desk: Desk) -> None:
    kept_facts.keep("task", {"a": {}}, desk.now - timedelta(days=900))
    kept_facts.keep("task", {}, desk.now - timedelta(days=890))
    kept_facts.keep("other", {"a": {}}, desk.now - timedelta(days=880))
    retention.tidy(desk.workspace, CRON)
    assert kept_facts.as_of("task", desk.now) == {}


def test_findings_that_no_check_makes_any_more_end(desk: Desk) -> None:
    revision = models.Revision.objects.get(item_id=desk.submitted("led"))
    place = {"part": "body", "start": 0, "end": 1, "text": "x", "message": "x", "found_at": desk.now}
    for days in (799, 801):
        gone = desk.now - timedelta(days=days)
        models.FormerFinding.objects.create(revision=revision, rule="r", severity="block", gone_at=gone, **place)
    assert retention.tidy(desk.workspace, CRON)["former_findings"] == 1


def test_ratings_of_pages_end(desk: Desk) -> None:
    for days in (799, 801):
        models.PageRating.objects.create(day=(desk.now - timedelta(days=days)).date(), page="index.html")
    assert retention.tidy(desk.workspace, CRON)["page_ratings"] == 1


def test_letters_stay_as_long_as_the_table_says_though_notices_end_sooner(desk: Desk) -> None:
    for days in (399, 401):
        written = {"way": "mail", "recipient": "x", "address": "x@example.gov.cn", "message_id": f"<{days}@x>"}
        models.Letter.objects.create(created_at=desk.now - timedelta(days=days), due_at=None, **written)
    collect(desk.workspace)
    assert models.Letter.objects.count() == 2
    assert retention.tidy(desk.workspace, CRON)["letters"] == 1


@pytest.mark.parametrize("place", ["attachment", "rendition", "writing"])
def test_a_file_that_something_refers_to_stays(desk: Desk, place: str) -> None:
    sha256 = desk.workspace.files.put(b"needed")
    path = desk.workspace.files.path(sha256)
    moment = (desk.now - timedelta(days=99)).timestamp()
    os.utime(path, (moment, moment))
    item = desk.submitted("led")
    if place == "attachment":
        revision = models.Revision.objects.get(item_id=item)
        models.Attachment.objects.create(
            revision=revision, position=0, name="a", sha256=sha256, media_type="x/y", size=1, role="picture"
        )
    elif place == "rendition":
        models.Rendition.objects.update(files=[{"sha256": sha256}])
    else:
        models.KeptWriting.objects.create(person="样例编辑", typed={"file": [sha256]}, kept_at=desk.now)
    retention.tidy(desk.workspace, CRON)
    assert path.exists()


def test_of_old_backups_the_first_of_each_month_stays_for_a_year(desk: Desk) -> None:
    folder = desk.home / "var" / "backups"
    names = ("20251001T021500", "20260901T021500", "20260902T021500", "20261101T021500", "20261102T021500")
    for name in names:
        _old(folder / f"{name}.tar.gz", desk.now, 0)
    retention.tidy(desk.workspace, CRON)
    left = sorted(path.name.partition(".")[0] for path in folder.iterdir())
    assert left == ["20260901T021500", "20261101T021500", "20261102T021500"]


def test_the_newest_backup_stays_however_old(desk: Desk) -> None:
    path = _old(desk.home / "var" / "backups" / "20240101T021500.tar.gz", desk.now, 0)
    retention.tidy(desk.workspace, CRON)
    assert path.exists()


@pytest.mark.parametrize("name", ["notes-20200101.txt", "20209999T999999.tar.gz", "20200101T021500.tar.gz.part~"])
def test_other_peoples_files_among_the_backups_stay(desk: Desk, name: str) -> None:
    path = _old(desk.home / "var" / "backups" / name, desk.now, 900)
    retention.tidy(desk.workspace, CRON)
    assert path.exists()


def test_logs_of_screens_end_by_the_day_in_their_name(desk: Desk) -> None:
    old = _old(desk.home / "var" / "screens" / "led" / "2024-01-01.tsv", desk.now, 0)
    new = _old(desk.home / "var" / "screens" / "led" / "2026-11-01.tsv", desk.now, 0)
    retention.tidy(desk.workspace, CRON)
    assert (old.exists(), new.exists()) == (False, True)
