"""体检: each part complains about what is wrong with it, and about nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.config.secrets import key_check, office_key
from syndicate.errors import StorageError
from syndicate.flow import room
from syndicate.flow.backup import backup
from syndicate.flow.doctor import Examined, Grade, Part, examine
from syndicate.flow.report import write_report
from syndicate.flow.sync import sync
from syndicate.flow.uploads import receive
from syndicate.model.item import FileRole
from syndicate.model.review import Actor, Role
from syndicate.net.fetcher import Fetcher
from syndicate.records import models, pulses, seat, sources
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord
from tests.databases import on_both, on_sqlite
from tests.flow.office import Desk
from tests.flow.web import PNG

CRON = Actor("cron", Role.SYSTEM, "cli")


def _examined(desk: Desk) -> dict[Part, Examined]:
    return {one.part: one for one in examine(desk.home, lambda: desk.time[0])}


def _keys(examined: Examined) -> Sequence[str]:
    return [one.message.key for one in examined.complaints]


@pytest.fixture
def running(desk: Desk) -> Desk:
    """An office whose regular work was done just now."""
    now = desk.workspace.now()
    health = sources.health("any")
    sources.store_health(replace(health, last_look_at=now))
    office_records.add_probe(ProbeRecord(now, "verify", "", True, 0, 0, ""))
    write_report(desk.workspace, CRON, now.date())
    backup(desk.workspace, CRON)
    for verb in ("work", "notify", "tidy"):
        pulses.beat(verb, now)
    return desk


@on_both
def test_a_running_office_is_well(running: Desk) -> None:
    assert {one.grade for one in _examined(running).values()} == {Grade.GOOD}


def test_every_part_is_examined_in_its_order(running: Desk) -> None:
    assert list(_examined(running)) == list(Part)


def test_the_doctor_writes_nothing(running: Desk) -> None:
    before = (models.AuditEvent.objects.count(), models.Snapshot.objects.count(), models.Seat.objects.count())
    _examined(running)
    after = (models.AuditEvent.objects.count(), models.Snapshot.objects.count(), models.Seat.objects.count())
    assert after == before


@pytest.mark.parametrize("place", ["var", "var/secrets"])
def test_what_has_gone_since_it_was_listed_is_no_complaint(running: Desk, place: str) -> None:
    (running.home / "var").chmod(0o755)
    (running.home / place / "gone").symlink_to(running.home / "nowhere")  # listed, and not there when it is looked at
    found = _examined(running)
    assert "gone" not in [Path(str(one.message.values["path"])).name for one in found[Part.PERMISSIONS].complaints]
    assert _keys(found[Part.KEYS]) == []


def test_a_broken_file_is_named_with_its_line(running: Desk) -> None:
    file = running.home / "content" / "office.yaml"
    file.write_text(file.read_text("utf-8") + "colour: red\n", "utf-8")
    found = _examined(running)[Part.CONFIGURATION]
    assert (found.grade, "content/office.yaml 第" in found.complaints[0].message.zh) == (Grade.BROKEN, True)


def test_what_needs_the_configuration_is_not_examined_without_it(running: Desk) -> None:
    (running.home / "content" / "office.yaml").write_text("[", "utf-8")
    assert _examined(running)[Part.CHANNELS].grade is Grade.UNKNOWN


def test_the_disk_is_examined_though_the_configuration_is_broken(running: Desk) -> None:
    (running.home / "content" / "office.yaml").write_text("[", "utf-8")
    assert _examined(running)[Part.DISK].grade is Grade.GOOD


def test_a_missing_secret_is_worrying(running: Desk) -> None:
    (running.home / "var" / "secrets" / "weibo-access-token").unlink()
    assert _keys(_examined(running)[Part.CONFIGURATION]) == ["config.secret_missing"]


def test_a_missing_office_key_is_told(running: Desk) -> None:
    (running.home / "var" / "secrets" / "office-key").unlink()
    assert _keys(_examined(running)[Part.KEYS]) == ["config.office_key_missing"]


def test_another_office_key_is_told(running: Desk) -> None:
    seat.sit(running.home, running.workspace.now(), key_check(office_key(running.home)))
    (running.home / "var" / "secrets" / "office-key").write_bytes(b"x" * 32)
    assert _keys(_examined(running)[Part.KEYS]) == ["restore.key_changed"]


def test_a_secret_that_others_may_read_is_told(running: Desk) -> None:
    (running.home / "var" / "secrets" / "wechat-secret-old").write_text("x", "utf-8")
    (running.home / "var" / "secrets" / "wechat-secret-old").chmod(0o644)
    assert _keys(_examined(running)[Part.KEYS]) == ["config.secret_open"]


@on_sqlite
def test_a_database_that_others_may_read_is_told(running: Desk) -> None:
    (running.home / "var").chmod(0o755)
    (running.home / "var" / "syndicate.sqlite3").chmod(0o644)
    assert "doctor.readable_by_others" in _keys(_examined(running)[Part.PERMISSIONS])


@on_sqlite
def test_what_lies_open_in_a_var_that_others_may_enter_is_told_but_the_website(running: Desk) -> None:
    (running.home / "var" / "syndicate.sqlite3").chmod(0o600)
    for name in ("site", "site.nginx", "drafts"):
        (running.home / "var" / name).mkdir(mode=0o755, exist_ok=True)
    for path in (running.home / "var").iterdir():
        path.chmod(path.stat().st_mode & 0o700)
    for name in (".", "site", "site.nginx", "drafts"):
        (running.home / "var" / name).chmod(0o711 if name == "." else 0o755)
    complaints = _examined(running)[Part.PERMISSIONS].complaints
    assert [Path(str(one.message.values["path"])).name for one in complaints] == ["drafts"]


def test_a_disk_with_little_room_is_worrying(running: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _limit(monkeypatch, disk_warn=10**9)
    assert _keys(_examined(running)[Part.DISK]) == ["doctor.disk_low"]


def test_a_disk_below_the_stop_is_broken(running: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _limit(monkeypatch, disk_stop=10**9)
    assert _keys(_examined(running)[Part.DISK]) == ["doctor.disk_full"]


def test_nothing_is_fetched_on_a_disk_below_the_stop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _limit(monkeypatch, disk_stop=10**9)
    with pytest.raises(StorageError) as error:
        sync(desk.workspace, Fetcher(clock=desk.workspace.now))
    assert error.value.message.key == "doctor.no_room"


def test_nothing_is_uploaded_to_a_disk_below_the_stop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _limit(monkeypatch, disk_stop=10**9)
    with pytest.raises(StorageError) as error:
        receive(desk.workspace, PNG, "图.png", FileRole.IMAGE)
    assert error.value.message.key == "doctor.no_room"


@on_both
def test_tables_of_an_older_program_are_told(running: Desk) -> None:
    with_newest_migration(taken=False)
    assert _keys(_examined(running)[Part.DATABASE]) == ["doctor.old_tables"]


@on_both
def test_tables_of_a_newer_program_are_told(running: Desk) -> None:
    with_newest_migration(taken=True)
    assert _keys(_examined(running)[Part.DATABASE]) == ["doctor.newer_tables"]


@on_sqlite
def test_a_damaged_database_file_is_told(running: Desk) -> None:
    from syndicate.records.connection import close_connections, open_records

    close_connections()
    file = running.home / "var" / "syndicate.sqlite3"
    with file.open("r+b") as stream:
        stream.seek(8192)
        stream.write(b"\xff" * 65536)
    open_records(running.home)
    assert _examined(running)[Part.DATABASE].grade is Grade.BROKEN


@on_both
def test_a_clock_set_back_a_day_is_told(running: Desk) -> None:
    running.time[0] -= timedelta(days=1)
    assert _keys(_examined(running)[Part.CLOCK]) == ["doctor.clock_back"]


def test_a_copy_that_nobody_took_over_is_told(running: Desk) -> None:
    seat.sit(running.home, running.workspace.now(), key_check(office_key(running.home)))
    models.Seat.objects.update(place="another machine")
    assert _keys(_examined(running)[Part.SEAT]) == ["restore.other_seat"]


def test_an_account_that_is_held_is_told(running: Desk) -> None:
    models.ChannelAccount.objects.create(
        channel="weibo",
        state="held",
        since=running.workspace.now(),
        message_key="account.held",
        message_values={"reason": "换负责人"},
    )
    assert _keys(_examined(running)[Part.CHANNELS]) == ["doctor.channel"]


def test_regular_work_that_stopped_is_told_with_its_verb(running: Desk) -> None:
    running.time[0] += timedelta(minutes=31)
    told = [one.message.values["verb"] for one in _examined(running)[Part.REGULAR_WORK].complaints]
    assert told == ["work", "patrol", "notify"]


def test_regular_work_that_never_ran_is_told(desk: Desk) -> None:
    assert set(_keys(_examined(desk)[Part.REGULAR_WORK])) == {"doctor.never_run"}


@on_both
def test_overdue_deliveries_are_told(running: Desk) -> None:
    running.approved("app")
    running.time[0] += timedelta(minutes=11)
    assert _examined(running)[Part.WORKER].complaints[0].message.values["count"] == 1


def test_deliveries_that_are_due_just_now_are_no_complaint(running: Desk) -> None:
    running.approved("app")
    assert _examined(running)[Part.WORKER].grade is Grade.GOOD


def _limit(monkeypatch: pytest.MonkeyPatch, **changed: int) -> None:
    """Other limits than the packaged ones: no test fills a real disk."""
    limits = {**room.upkeep_limits(), **changed}
    for module in ("room", "doctor"):
        monkeypatch.setattr(f"syndicate.flow.{module}.upkeep_limits", lambda: limits)


def with_newest_migration(*, taken: bool) -> None:
    """The list of steps that the database has had, as an older or a newer program leaves it."""
    from django.db.migrations.recorder import MigrationRecorder

    steps = MigrationRecorder.Migration.objects.filter(app="records")
    if taken:
        MigrationRecorder.Migration.objects.create(app="records", name="9999_future")
    else:
        steps.order_by("-name").first().delete()


@pytest.mark.parametrize(
    ("days", "problem", "grade", "keys"),
    [
        (31, "", Grade.GOOD, []),
        (29, "", Grade.WORRYING, ["doctor.certificate_ends"]),
        (2, "", Grade.BROKEN, ["doctor.certificate_ends"]),
        (-1, "已过期", Grade.BROKEN, ["doctor.certificate_ends"]),
        (90, "域名不符", Grade.BROKEN, ["doctor.certificate_refused"]),
    ],
)
def test_the_certificate_that_the_patrol_saw_is_examined(
    desk: Desk, days: int, problem: str, grade: Grade, keys: list[str]
) -> None:
    now = desk.workspace.now()
    ends = (now + timedelta(days=days)).isoformat()
    office_records.add_probe(
        ProbeRecord(now - timedelta(hours=1), "tls", "www.x.example", not problem, 0, 0, f"{ends} {problem}")
    )
    found = _examined(desk)[Part.CERTIFICATE]
    assert (found.grade, _keys(found)) == (grade, keys)
