"""Every verb of the desk for every role: the desk refuses exactly what the rules of review refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps

from syndicate.errors import Message, StorageError
from syndicate.flow import second_factor, silence, source_switches
from syndicate.flow.channel_accounts import hold
from syndicate.flow.checking import render_all
from syndicate.flow.exceptions import NoError, except_finding
from syndicate.flow.handling_feedback import set_aside
from syndicate.flow.require import require
from syndicate.flow.withdraw import withdraw
from syndicate.model.channel import ChannelKind
from syndicate.model.delivery import DeliveryState, NeedsPerson
from syndicate.model.noise import Scope
from syndicate.model.review import Actor, WithdrawalKind
from syndicate.records import audit, deliveries, items, reviews
from syndicate.records.models.audit import AuditEvent
from syndicate.review.approval import approval_hash
from tests.desk.conftest import LogIn
from tests.desk.feedback_letters import letter, on_site
from tests.desk.office import ADMIN, EDITOR, PUBLISHER, REVIEWER, SYNC, Office

ROLES = {"editor": EDITOR, "reviewer": REVIEWER, "publisher": PUBLISHER, "admin": ADMIN}
TICKS = {f"check:{name}": "1" for name in ("politics", "law", "policy", "secrecy", "wording")}
Target = tuple[str, dict[str, str]]
WRITERS = {"editor", "reviewer", "publisher"}
DECIDERS = {"reviewer", "publisher"}
KEEPERS = {"publisher", "admin"}
LOOKS = {"_authorise"}
"""What changes nothing by itself: Weibo's answer does."""


def _seen(office: Office, number: int) -> dict[str, str]:
    item, content = items.get(number), items.latest_revision(number).content
    rendered = render_all(office.workspace, item, content)
    seen = approval_hash(content, item.column, (one.rendition for one in rendered))
    return {"level": str(item.level), "seen": seen, **TICKS}


def _approve_first(office: Office) -> Target:
    number = office.submitted(actor=SYNC)
    return f"/items/{number}/approve", _seen(office, number)


def _approve_last(office: Office) -> Target:
    number = office.reprint("转载", "<p>文</p>", 5)
    return f"/items/{number}/approve", _seen(office, number)


def _return(office: Office) -> Target:
    return f"/items/{office.submitted(actor=SYNC)}/return", {"level": "1", "reason": "理由"}


def _undo(office: Office) -> Target:
    return f"/items/{office.approved(undo=10)}/undo", {}


def _submit(office: Office) -> Target:
    return f"/items/{office.draft()}/submit", {}


def _discard_draft(office: Office) -> Target:
    return f"/items/{office.draft()}/discard", {"reason": "理由"}


def _discard_submitted(office: Office) -> Target:
    return f"/items/{office.submitted(actor=SYNC)}/discard", {"reason": "理由"}


def _amend(office: Office) -> Target:
    return f"/items/{office.published()}/amend", {"reason": "理由"}


def _withdraw(office: Office) -> Target:
    return f"/items/{office.published()}/withdraw", {"kind": "error", "reason": "理由"}


def _new(office: Office) -> Target:
    return "/items/new", {"title": "标题", "column": "news", "body": "正文", "form": "plain", "source_name": "样例"}


def _edit(office: Office) -> Target:
    number = office.draft()
    form = {"title": "标题", "body": "正文", "form": "plain", "version": str(items.get(number).version)}
    return f"/items/{number}/edit", form


def _adapt(office: Office) -> Target:
    number = office.draft()
    form = {"version": str(items.get(number).version), "words:text": "安全检查进行中"}
    return f"/items/{number}/adapt/{office.channel_of(ChannelKind.LED)}", form


def _accept(office: Office) -> Target:
    number = office.draft("秸杆利用")
    return f"/items/{number}/accept", {"revision": items.latest_revision(number).id, "finding": "title:0:2:word.typo"}


def _stopped(office: Office) -> int:
    number = office.published(weibo=NeedsPerson(Message("ledger.never_arrives")))
    return next(row.id for row in deliveries.of_item(number) if row.state is DeliveryState.NEEDS_PERSON)


def _retry(office: Office) -> Target:
    return f"/deliveries/{_stopped(office)}/retry", {}


def _delivered(office: Office) -> Target:
    return f"/deliveries/{_stopped(office)}/delivered", {"url": "https://weibo.example/1"}


def _absent(office: Office) -> Target:
    return f"/deliveries/{_stopped(office)}/absent", {}


def _cancel(office: Office) -> Target:
    return f"/deliveries/{_stopped(office)}/cancel", {}


def _add_person(office: Office) -> Target:
    return "/people/add", {"name": "新人（样例）", "role": "editor"}


def _change_role(office: Office) -> Target:
    return "/people/change", {"name": EDITOR.name, "do": "role", "role": "reviewer"}


def _disable(office: Office) -> Target:
    return "/people/change", {"name": REVIEWER.name, "do": "disable"}


def _link(office: Office) -> Target:
    return "/people/change", {"name": EDITOR.name, "do": "link"}


def _hold_channel(office: Office) -> Target:
    return "/channels/weibo/hold", {"reason": "理由"}


def _release_channel(office: Office) -> Target:
    hold(office.workspace, PUBLISHER, "weibo", "理由")
    return "/channels/weibo/release", {"reason": "理由"}


def _confirm_hold(office: Office) -> Target:
    hold(office.workspace, replace(PUBLISHER, name="另一位（样例）"), "weibo", "理由")
    return "/channels/weibo/confirm", {}


def _authorise(office: Office) -> Target:
    return "/channels/weibo/authorise", {}


def _unlock(office: Office) -> Target:
    return "/people/change", {"name": EDITOR.name, "do": "unlock"}


def _reset_factor(office: Office) -> Target:
    second_factor.begin(office.workspace, EDITOR)
    return "/people/change", {"name": EDITOR.name, "do": "reset_factor"}


def _first_source(office: Office) -> str:
    return next(iter(office.workspace.snapshot.sources))


def _switch_source_off(office: Office) -> Target:
    return f"/sources/{_first_source(office)}/switch", {"reason": "理由"}


def _switch_source_on(office: Office) -> Target:
    source_switches.switch_off(office.workspace, ADMIN, _first_source(office), "理由")
    return f"/sources/{_first_source(office)}/switch", {"do": "on"}


def _begin_silence(office: Office) -> Target:
    return "/silence/begin", {"reason": "理由"}


def _end_silence(office: Office) -> Target:
    silence.begin(office.workspace, PUBLISHER, "理由", None)
    return "/silence/end", {"reason": "理由"}


def _urgent(office: Office) -> Target:
    return f"/items/{office.submitted(actor=SYNC)}/urgent", {"reason": "理由"}


def _silence_except(office: Office) -> Target:
    silence.begin(office.workspace, PUBLISHER, "理由", None)
    return f"/items/{office.submitted(actor=SYNC)}/silence-except", {"reason": "理由"}


def _language(office: Office) -> Target:
    return "/language", {"language": "en"}


def _begin_factor(office: Office) -> Target:
    return "/account/factor", {}


def _not_an_error(office: Office, scope: str) -> Target:
    number = office.submitted("县秸杆综合利用", actor=SYNC)
    return f"/items/{number}/findings", {"rule": "word.typo", "text": "秸杆", "scope": scope, "reason": "引用"}


def _no_error_here(office: Office) -> Target:
    return _not_an_error(office, "here")


def _no_error_in_the_column(office: Office) -> Target:
    return _not_an_error(office, "column")


def _no_error_anywhere(office: Office) -> Target:
    return _not_an_error(office, "anywhere")


def _an_error(office: Office) -> Target:
    address, form = _not_an_error(office, "here")
    return address, {**form, "verdict": "right"}


def _end_exception(office: Office) -> Target:
    number = office.submitted("县秸杆综合利用", actor=SYNC)
    made = except_finding(office.workspace, EDITOR, number, NoError("word.typo", "秸杆", Scope.HERE, "引用"))
    return f"/rules/exceptions/{made.id}/end", {}


def _assign_letter(office: Office) -> Target:
    return f"/feedback/{letter(office)}/assign", {"name": EDITOR.name}


def _draft_answer(office: Office) -> Target:
    return f"/feedback/{letter(office)}/answer", {"do": "draft", "verdict": "true", "text": "已更正。"}


def _answer_letter(office: Office) -> Target:
    return f"/feedback/{letter(office)}/answer", {"do": "answer", "verdict": "true", "text": "已更正。"}


def _amend_by_letter(office: Office) -> Target:
    _, address = on_site(office)
    return f"/feedback/{letter(office, page=address)}/amend", {}


def _see_contact(office: Office) -> Target:
    return f"/feedback/{letter(office, contact='000-1')}/contact", {}


def _letter_is_spam(office: Office) -> Target:
    return "/feedback/spam", {"number": str(letter(office))}


def _letter_is_none(office: Office) -> Target:
    number = letter(office)
    set_aside(office.workspace, REVIEWER, [number])
    return f"/feedback/{number}/restore", {}


def _excuse_duty(office: Office) -> Target:
    deadline = office.workspace.now() + timedelta(hours=5)
    require(office.workspace, EDITOR, f"标题,时限\n样例,{deadline:%Y-%m-%d %H:%M}\n".encode(), "a.csv")
    return "/reprints/1/excuse", {"reason": "理由"}


MATRIX: dict[Callable[[Office], Target], set[str]] = {
    _approve_first: DECIDERS,
    _approve_last: {"publisher"},
    _return: DECIDERS,
    _undo: {"publisher"},
    _submit: WRITERS,
    _discard_draft: WRITERS,
    _discard_submitted: DECIDERS,
    _amend: WRITERS,
    _withdraw: {"publisher"},
    _new: WRITERS,
    _edit: WRITERS,
    _adapt: WRITERS,
    _accept: WRITERS,
    _retry: DECIDERS,
    _delivered: DECIDERS,
    _absent: DECIDERS,
    _cancel: DECIDERS,
    _no_error_here: WRITERS,
    _no_error_in_the_column: DECIDERS,
    _no_error_anywhere: {"publisher"},
    _an_error: WRITERS,
    _end_exception: DECIDERS,
    _add_person: {"admin"},
    _change_role: {"admin"},
    _disable: {"admin"},
    _link: {"admin"},
    _hold_channel: {"publisher"},
    _release_channel: {"publisher"},
    _confirm_hold: {"publisher"},
    _authorise: {"admin"},
    _unlock: {"admin"},
    _reset_factor: {"admin"},
    _switch_source_off: KEEPERS,
    _switch_source_on: KEEPERS,
    _begin_silence: KEEPERS,
    _end_silence: KEEPERS,
    _urgent: DECIDERS,
    _silence_except: {"publisher"},
    _assign_letter: WRITERS,
    _draft_answer: WRITERS,
    _answer_letter: DECIDERS,
    _amend_by_letter: WRITERS,
    _see_contact: DECIDERS,
    _letter_is_spam: DECIDERS,
    _letter_is_none: DECIDERS,
    _excuse_duty: DECIDERS,
    _language: set(ROLES),
    _begin_factor: set(ROLES),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", MATRIX, ids=lambda verb: verb.__name__[1:])
def test_a_verb_is_for_the_roles_of_the_rules(
    office: Office, log_in: LogIn, verb: Callable[[Office], Target], role: str
) -> None:
    address, form = verb(office)
    before = AuditEvent.objects.count()
    status = log_in(ROLES[role]).post(address, form).status_code
    assert status in ((200, 302) if role in MATRIX[verb] else (403,))
    written = AuditEvent.objects.count() > before
    assert written is (role in MATRIX[verb] and verb.__name__ not in LOOKS)


def everything() -> dict[str, list[dict[str, object]]]:
    """All rows of all tables of the records."""
    tables = apps.get_app_config("records").get_models()
    return {
        table.__name__: sorted(table.objects.values(), key=lambda row: next(iter(row.values()))) for table in tables
    }


@pytest.mark.parametrize("verb", MATRIX, ids=lambda verb: verb.__name__[1:])
def test_without_its_audit_row_nothing_is_changed(
    office: Office, log_in: LogIn, verb: Callable[[Office], Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, form = verb(office)
    role = sorted(MATRIX[verb])[-1]
    client = log_in(ROLES[role])
    before = everything()

    def full(*_: object) -> None:
        raise StorageError("records.disk_full", why="sample")

    monkeypatch.setattr(audit, "append_all", full)
    status = client.post(address, form).status_code
    assert everything() == before
    assert status == 503 or verb.__name__ in LOOKS


PAGES = (
    "/",
    "/queue",
    "/queue/counts",
    "/deliveries",
    "/channels",
    "/reports",
    "/feedback",
    "/rules",
    "/items/{item}",
    "/items/{item}/text",
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_everybody_with_an_account_may_read(office: Office, log_in: LogIn, page: str, role: str) -> None:
    assert log_in(ROLES[role]).get(page.format(item=office.submitted())).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_accounts_are_for_administrators_only(office: Office, log_in: LogIn, role: str) -> None:
    assert log_in(ROLES[role]).get("/people").status_code == (200 if role == "admin" else 403)


BUTTONS = {
    "editor": {"edit"},
    "reviewer": {"approve", "return", "edit", "discard"},
    "publisher": {"approve", "return", "edit", "discard"},
    "admin": set(),
}


@pytest.mark.parametrize("role", ROLES)
def test_only_buttons_that_work_are_shown(office: Office, log_in: LogIn, role: str) -> None:
    number = office.submitted(actor=SYNC)
    text = log_in(ROLES[role]).get(f"/items/{number}").content.decode()
    verbs = ("approve", "return", "edit", "discard", "submit", "withdraw", "amend", "undo")
    assert {verb for verb in verbs if f'/items/{number}/{verb}"' in text} == BUTTONS[role]


@pytest.mark.parametrize("actor", [REVIEWER, PUBLISHER])
def test_nobody_approves_what_he_submitted(office: Office, log_in: LogIn, actor: Actor) -> None:
    number = office.submitted(actor=actor)
    response = log_in(actor).post(f"/items/{number}/approve", _seen(office, number))
    assert response.status_code == 403
    assert "不能审核自己的稿件" in response.content.decode()


def test_nobody_approves_two_levels(office: Office, log_in: LogIn) -> None:
    number = office.submitted(actor=SYNC)
    client = log_in(PUBLISHER)
    client.post(f"/items/{number}/approve", _seen(office, number))
    assert client.post(f"/items/{number}/approve", _seen(office, number)).status_code == 403


def test_a_withdrawal_is_confirmed_by_somebody_else(office: Office, log_in: LogIn) -> None:
    number = office.published()
    withdraw(office.workspace, PUBLISHER, number, WithdrawalKind.ERROR, "理由")
    (one,) = reviews.withdrawals(number)
    address = f"/items/{number}/withdrawals/{one.id}/confirm"
    assert log_in(PUBLISHER).post(address).status_code == 403
    assert log_in(REVIEWER).post(address).status_code == 302
