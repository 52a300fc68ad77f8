"""Alarms: one notice when an incident begins and one when it is over; quiet hours; groups; what cannot tell changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as Verifier

from syndicate.flow import incidents, notices, posting
from syndicate.model.incident import Group, QuietHours, Watch
from syndicate.model.notice import Event, How, MailServer, Routing, Security, Webhook, WeCom
from syndicate.model.source import SyncResult
from syndicate.records import audit, models, sources
from syndicate.records import incidents as records
from syndicate.records import notices as notice_records
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord
from tests.desk.office import ADMIN, EDITOR, EVERYBODY, PUBLISHER, Office
from tests.mail_server import MailBox, mail_server

KEY = "whsec_c2FtcGxlLXNhbXBsZS1zYW1wbGUtc2FtcGxl"


def only(office: Office, *watches: Watch, **changes: object) -> None:
    """Only these alarms, changed as named."""
    rules = office.workspace.snapshot.alarms
    chosen = tuple(replace(one, **changes) for one in rules.alarms if one.watch in watches)  # type: ignore[arg-type]
    office.workspace.snapshot = replace(office.workspace.snapshot, alarms=replace(rules, alarms=chosen))


def rules_of(office: Office, **changes: object) -> None:
    rules = replace(office.workspace.snapshot.notices, **changes)  # type: ignore[arg-type]
    office.workspace.snapshot = replace(office.workspace.snapshot, notices=rules)


def quiet(office: Office, hours: QuietHours) -> None:
    rules = replace(office.workspace.snapshot.alarms, quiet_hours=hours)
    office.workspace.snapshot = replace(office.workspace.snapshot, alarms=rules)


@pytest.fixture
def watched(office: Office) -> Office:
    """An office that is alarmed by its sources alone and has had its first run."""
    only(office, Watch.SOURCE)
    notices.collect(office.workspace)
    return office


def source(office: Office) -> str:
    return next(iter(office.workspace.snapshot.sources))


def break_source(office: Office) -> None:
    sources.begin_incident(source(office), SyncResult.WALL, None, office.now)


def mend_source(office: Office) -> None:
    sources.end_incident(source(office), office.now)


def probe(office: Office, *, ok: bool, times: int = 1) -> None:
    """Looks at the home page, five minutes apart."""
    for _ in range(times):
        office_records.add_probe(ProbeRecord(office.now, "site", "https://x/", ok, 200 if ok else 0, 300, ""))
        office.wait(minutes=5)


def heard(office: Office, name: str = PUBLISHER.name) -> list[str]:
    """What somebody was told after one more run, oldest first."""
    notices.collect(office.workspace)
    return [one.message.zh for one in reversed(notice_records.of_person(name, 50))]


def test_an_incident_is_told_when_it_begins_and_when_it_is_over(watched: Office) -> None:
    break_source(watched)
    begun = heard(watched)
    watched.wait(hours=5)
    assert heard(watched) == begun
    mend_source(watched)
    told = heard(watched)
    assert (len(begun), len(told), told[1].startswith("已恢复：")) == (1, 2, True)
    assert heard(watched) == told


def test_both_ends_stand_in_the_audit(watched: Office) -> None:
    break_source(watched)
    incidents.watch_over(watched.workspace)
    mend_source(watched)
    incidents.watch_over(watched.workspace)
    rows = audit.of_subject("incident:1")
    assert [row.action for row in rows] == ["incident.opened", "incident.closed"]
    assert rows[0].data == {"alarm": "source", "subject": source(watched)}


def test_an_incident_knows_its_deadline(watched: Office) -> None:
    break_source(watched)
    incidents.watch_over(watched.workspace)
    (open_one,) = records.open_ones()
    assert open_one.deadline == watched.now + timedelta(days=1)


def test_trouble_that_returns_is_told_again(watched: Office) -> None:
    for _ in range(2):
        break_source(watched)
        heard(watched)
        mend_source(watched)
        heard(watched)
    assert len(heard(watched)) == 4


def test_an_incident_that_began_and_ended_between_two_tellings_is_told_with_both_ends(watched: Office) -> None:
    break_source(watched)
    incidents.watch_over(watched.workspace)
    mend_source(watched)
    assert len(heard(watched)) == 2


def test_an_incident_of_the_very_first_run_is_told(office: Office) -> None:
    only(office, Watch.SOURCE)
    break_source(office)
    assert len(heard(office)) == 1


def test_a_source_that_is_switched_off_is_no_trouble_any_more(watched: Office) -> None:
    break_source(watched)
    heard(watched)
    sources.switch_off(sources.SwitchedOff(source(watched), "样例", ADMIN.name, watched.now))
    assert len(heard(watched)) == 2


def test_an_alarm_that_is_switched_off_ends_its_incidents_and_opens_none(watched: Office) -> None:
    break_source(watched)
    heard(watched)
    only(watched, Watch.SOURCE, enabled=False)
    heard(watched)
    assert (records.open_ones(), records.living()) == ((), ())


def test_an_alarm_names_its_own_people(watched: Office) -> None:
    from syndicate.model.notice import Addressee

    only(watched, Watch.SOURCE, to=(Addressee.ADMIN,), how=How.DESK)
    break_source(watched)
    assert (len(heard(watched, ADMIN.name)), heard(watched, EDITOR.name)) == (1, [])


def test_without_people_of_its_own_an_alarm_is_told_as_the_office_has_its_event(watched: Office) -> None:
    events = {**watched.workspace.snapshot.notices.events}
    events[Event.SOURCE] = Routing((), How.DESK)
    rules_of(watched, events=events)
    break_source(watched)
    assert heard(watched) == []


def test_one_failed_look_at_the_home_page_is_no_incident_two_are(office: Office) -> None:
    only(office, Watch.SITE_DOWN)
    probe(office, ok=True, times=3)
    probe(office, ok=False)
    assert heard(office) == []
    probe(office, ok=False)
    assert len(heard(office)) == 1


def test_the_home_page_is_well_again_when_it_has_been_for_ten_minutes(office: Office) -> None:
    only(office, Watch.SITE_DOWN)
    probe(office, ok=False, times=3)
    heard(office)
    probe(office, ok=True)
    assert len(heard(office)) == 1
    probe(office, ok=True, times=2)
    assert len(heard(office)) == 2


def test_without_a_fresh_look_nobody_can_tell_that_it_is_over(office: Office) -> None:
    only(office, Watch.SITE_DOWN)
    probe(office, ok=False, times=3)
    heard(office)
    office.wait(hours=5)
    assert len(heard(office)) == 1
    assert len(records.open_ones()) == 1


def test_a_patrol_that_stopped_is_an_incident(office: Office) -> None:
    only(office, Watch.PATROL_STOPPED)
    probe(office, ok=True)
    office.wait(hours=1)
    assert heard(office) == []
    office.wait(hours=1)
    assert len(heard(office)) == 1


def test_an_office_that_never_patrolled_is_being_set_up(office: Office) -> None:
    only(office, Watch.PATROL_STOPPED)
    office.wait(days=1)
    assert heard(office) == []


@pytest.fixture
def mailed(watched: Office) -> Iterator[tuple[Office, MailBox]]:
    """The office with a mail server; everybody has an address and wants sources at once."""
    with mail_server() as box:
        server = MailServer("127.0.0.1", box.port, Security.NONE, "编辑工作台 <desk@example.gov.cn>")
        rules_of(watched, mail=server, desk="https://desk.example.gov.cn")
        for number, actor in enumerate(EVERYBODY):
            reader = notice_records.reader(actor.name)
            notice_records.choose(reader.id, f"p{number}@example.gov.cn", {Event.SOURCE: How.NOW})
        yield watched, box


def run(office: Office) -> posting.PostRun:
    notices.collect(office.workspace)
    return posting.post(office.workspace)


def test_in_quiet_hours_mails_wait_and_the_desk_does_not(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    hour = office.workspace.now().hour
    quiet(office, QuietHours(time(hour), time((hour + 2) % 24)))
    break_source(office)
    run(office)
    assert (box.taken, len(heard(office))) == ([], 1)
    office.wait(hours=2)
    run(office)
    assert len(box.taken) == len({*box.to})
    assert box.taken


def test_what_began_and_ended_in_quiet_hours_is_one_letter_afterwards(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    hour = office.workspace.now().hour
    quiet(office, QuietHours(time(hour), time((hour + 2) % 24)))
    break_source(office)
    run(office)
    mend_source(office)
    run(office)
    office.wait(hours=2)
    run(office)
    assert box.to.count("p2@example.gov.cn") == 1


def test_what_is_urgent_goes_out_in_quiet_hours(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    only(office, Watch.SOURCE, urgent=True)
    hour = office.workspace.now().hour
    quiet(office, QuietHours(time(hour), time((hour + 2) % 24)))
    break_source(office)
    run(office)
    assert box.taken


@dataclass
class Hook:
    """A receiver of webhooks: what came, and what it answers."""

    port: int = 0
    status: int = 204
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def checked(self) -> list[dict[str, object]]:
        """The documents whose signature is right."""
        return [json.loads(body) for headers, body in self.came if Verifier(KEY).verify(body, headers) is not None]


@contextmanager
def receiver() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            hook.came.append(({name.lower(): value for name, value in self.headers.items()}, self.rfile.read(length)))
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the screen."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_port
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def hooked(watched: Office) -> Iterator[tuple[Office, Hook]]:
    """The office with a webhook for incidents. The signature's time is the real one."""
    with receiver() as hook:
        only(watched, Watch.SOURCE, send=(Group.WEBHOOK,))
        rules_of(watched, desk="https://desk.example", webhook=Webhook(f"http://127.0.0.1:{hook.port}/in", "hook-key"))
        secrets = (watched.home / "var" / "secrets").resolve()
        if (watched.home / "var" / "secrets").is_symlink():
            (watched.home / "var" / "secrets").unlink()
            import shutil

            shutil.copytree(secrets, watched.home / "var" / "secrets")
        key = watched.home / "var" / "secrets" / "hook-key"
        key.write_text(KEY, "utf-8")
        key.chmod(0o600)
        yield watched, hook


def test_a_webhook_hears_of_both_ends_signed(hooked: tuple[Office, Hook], monkeypatch: pytest.MonkeyPatch) -> None:
    office, hook = hooked
    _at(monkeypatch, office)
    break_source(office)
    run(office)
    mend_source(office)
    run(office)
    first, second = hook.checked()
    assert [first["type"], second["type"]] == ["incident.opened", "incident.closed"]
    data = first["data"]
    assert isinstance(data, dict)
    assert (data["alarm"], data["subject"], data["closed_at"]) == ("source", source(office), None)
    assert data["link"] == "https://desk.example/sources"


def _at(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    """The library that checks signatures compares with the clock of this machine: it gets the office's."""
    import standardwebhooks.webhooks as library

    class Clock:
        @staticmethod
        def now(tz: object = None) -> object:
            return office.now

        fromtimestamp = staticmethod(library.datetime.fromtimestamp)

    monkeypatch.setattr(library, "datetime", Clock)


def test_a_webhook_that_fails_gets_the_same_document_again(hooked: tuple[Office, Hook]) -> None:
    office, hook = hooked
    hook.status = 503
    break_source(office)
    assert run(office).waiting == 1
    hook.status = 200
    office.wait(minutes=2)
    assert run(office).sent == 1
    (first, second) = hook.came
    assert (first[0]["webhook-id"], first[1]) == (second[0]["webhook-id"], second[1])


def test_a_webhook_that_is_gone_gets_nothing_more(hooked: tuple[Office, Hook]) -> None:
    office, hook = hooked
    hook.status = 410
    break_source(office)
    assert run(office).given_up == 1
    office.wait(hours=1)
    run(office)
    assert len(hook.came) == 1


@pytest.mark.parametrize("key", ["", "a"])
def test_a_key_that_is_none_sends_nothing_and_says_so(hooked: tuple[Office, Hook], key: str) -> None:
    office, hook = hooked
    (office.home / "var" / "secrets" / "hook-key").write_text(key, "utf-8")
    break_source(office)
    assert run(office).waiting == 1
    assert hook.came == []


def test_nobody_but_the_webhook_need_hear_of_an_alarm(hooked: tuple[Office, Hook]) -> None:
    office, hook = hooked
    rules_of(office, events={})
    break_source(office)
    run(office)
    assert (len(hook.came), models.Notice.objects.count()) == (1, 0)


def test_a_group_hears_of_what_its_events_or_the_alarm_say(watched: Office) -> None:
    rules_of(watched, desk="https://d", wecom=WeCom("http://127.0.0.1:9/", "robot", (Event.SOURCE,)))
    break_source(watched)
    notices.collect(watched.workspace)
    assert models.Letter.objects.filter(way="wecom").count() == 1


MOVES = st.lists(
    st.tuples(st.sampled_from(["break", "mend", "off", "on", "look", "look"]), st.integers(0, 90)), max_size=14
)


@given(MOVES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_nobody_is_told_twice_of_one_end(watched: Office, moves: list[tuple[str, int]]) -> None:
    for move, minutes in moves:
        watched.wait(minutes=minutes)
        broken = sources.open_incident(source(watched)) is not None
        if move == "break" and not broken:
            break_source(watched)
        elif move == "mend":
            mend_source(watched)
        elif move in ("off", "on"):
            only(watched, Watch.SOURCE, enabled=move == "on")
        notices.collect(watched.workspace)
        if move == "look":
            notices.collect(watched.workspace)
    told = list(models.Notice.objects.filter(user__username=PUBLISHER.name).values_list("incident", flat=True))
    assert len(told) == len(set(told))
    for number in models.Incident.objects.exclude(opened_at=None).values_list("id", flat=True):
        rows = [row.action for row in audit.of_subject(f"incident:{number}")]
        assert rows in (["incident.opened"], ["incident.opened", "incident.closed"])
    assert models.Incident.objects.filter(closed_at=None).count() <= 1
