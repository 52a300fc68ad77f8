"""The code tables and the one place where they become outcomes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.channels.calls import NotDone, PlatformError, QuotaSpent, Unanswered
from syndicate.channels.codes import CodeClass, account_event, code_message, codes, outcome_of, without_wait
from syndicate.errors import InputError, Message, NotFound, StorageError
from syndicate.model.account import AccountEvent
from syndicate.model.delivery import NeedsPerson, Refused, Step, TryLater, Unsure, WaitReason
from tests.channels.office import NOON

REPEATABLE, ONCE = Step("poll", True), Step("share", False)
ROWS = [(platform, code) for platform in ("wechat", "weibo", "wordpress") for code in codes(platform)]
EXPECTED = {
    CodeClass.RETRY: TryLater,
    CodeClass.RETRY_MINUTE: TryLater,
    CodeClass.QUOTA_HOUR: TryLater,
    CodeClass.QUOTA_DAY: TryLater,
    CodeClass.REFRESH: NeedsPerson,
    CodeClass.HUMAN: NeedsPerson,
    CodeClass.NOT_FOUND: NeedsPerson,
    CodeClass.EDIT: Refused,
    CodeClass.RECONCILE: Unsure,
    CodeClass.DONE: Unsure,
}


def failure(code: str) -> PlatformError:
    return PlatformError("channels.code_unknown", code=code, platform="p")


@pytest.mark.parametrize(("platform", "code"), ROWS)
def test_every_code_has_its_outcome(platform: str, code: str) -> None:
    outcome = outcome_of(failure(code), ONCE, platform, NOON)
    if account_event(platform, code):
        assert outcome == TryLater(code_message(platform, code), wait=WaitReason.HELD)
    else:
        assert isinstance(outcome, EXPECTED[codes(platform)[code].kind])


REFERENCE = {
    "wechat": {
        "retry": "-1 61450 9001002",
        "retry_minute": "45011 42010 45066 53501",
        "refresh": "40001 40014 42001",
        "quota_day": "45009 45028 48006",
        "human": "40013 40125 40243 40164 41002 41004 48001 48003 48004 48005 48008 50002 53500 53504 53505 89501 89503"
        " 89506 89507 89504 89505 200011 45062 42007 45103 45106 47001",
        "edit": "40004 40005 40006 40007 40008 40009 40010 40011 40012 40033 40035 40137 40155 40227 44002 44003 44004"
        " 45001 45002 45003 45004 45005 45006 45007 45008 45110 45166 41005 41006 53503 87014 44008 44009",
        "done": "45065",
        "reconcile": "40060",
        "not_found": "53502 53600 46001",
    },
    "weibo": {
        "retry": "10001 10002 10003 10009 10010 10011 21331",
        "quota_hour": "10022 10024 20016",
        "quota_day": "10023",
        "human": "10004 10005 10014 10006 10012 10013 20003 20031 20033 20045 21301 21302 21303 21304 21305 21306 21307"
        " 21308 21309 21310 21311 21312 21313 21321 21322 21323 21324 21325 21326 21328 21329 21330 21333 21334 21314"
        " 21315 21316 21317 21319 21327 21332 21501 20102 10020 10026",
        "edit": "10007 10008 10016 10017 10018 10021 20005 20006 20007 20008 20012 20013 20018 20020 20021",
        "reconcile": "20017 20019 20038 20111 20032",
        "not_found": "20101",
    },
}
"""The platforms' codes as the reference of channels classes them, written down a second time."""


@pytest.mark.parametrize("platform", ["wechat", "weibo"])
def test_every_code_of_the_reference_stands_in_the_table_under_its_class(platform: str) -> None:
    wanted = {code: kind for kind, listed in REFERENCE[platform].items() for code in listed.split()}
    assert {code: str(codes(platform)[code].kind) for code in wanted} == wanted


@pytest.mark.parametrize("code", ["21314", "21315", "21316", "21317", "21319", "21327", "21332", "21501"])
def test_a_weibo_code_that_asks_for_a_new_authorisation_says_so_of_the_account(code: str) -> None:
    assert account_event("weibo", code) is AccountEvent.REFUSED


def test_a_code_that_is_in_no_table_says_nothing_of_the_account() -> None:
    assert account_event("weibo", "987654") is None


def test_our_own_count_says_when_it_goes_on() -> None:
    until = NOON + timedelta(hours=1)
    outcome = outcome_of(QuotaSpent("weibo", "statuses/share", until), ONCE, "weibo", NOON)
    assert isinstance(outcome, TryLater)
    assert (outcome.not_before, outcome.wait) == (until, WaitReason.QUOTA)


def test_nobody_waits_for_an_account_to_take_something_down() -> None:
    why = Message("channels.busy", {"platform": "p", "status": 429})
    assert without_wait(TryLater(why, wait=WaitReason.HELD), NOON) == NeedsPerson(why)


@pytest.mark.parametrize(("platform", "code"), ROWS)
def test_every_code_says_what_happened_and_what_to_do_in_both_languages(platform: str, code: str) -> None:
    row = codes(platform)[code]
    assert all((row.zh, row.en, row.action_zh, row.action_en, row.basis))
    message = code_message(platform, code)
    assert code in message.zh
    assert message.action_zh == row.action_zh
    assert "{" not in str(message)


@pytest.mark.parametrize("platform", ["wechat", "weibo"])
def test_a_code_that_is_in_no_table_goes_to_a_person(platform: str) -> None:
    assert isinstance(outcome_of(failure("987654"), ONCE, platform, NOON), NeedsPerson)


def test_a_missing_answer_is_unsure_only_where_the_step_cannot_be_repeated() -> None:
    error = Unanswered("channels.no_answer", platform="p", reason="r")
    assert isinstance(outcome_of(error, ONCE, "weibo", NOON), Unsure)
    assert isinstance(outcome_of(error, REPEATABLE, "weibo", NOON), TryLater)


def test_a_repeatable_step_that_should_be_reconciled_is_repeated() -> None:
    assert isinstance(outcome_of(failure("40060"), REPEATABLE, "wechat", NOON), TryLater)


def test_retry_after_decides_when() -> None:
    error = NotDone("channels.busy", platform="p", status=429, retry_after="90")
    outcome = outcome_of(error, ONCE, "weibo", NOON)
    assert isinstance(outcome, TryLater)
    assert outcome.not_before == NOON + timedelta(seconds=90)


def test_too_fast_waits_a_minute() -> None:
    outcome = outcome_of(failure("45011"), ONCE, "wechat", NOON)
    assert isinstance(outcome, TryLater)
    assert outcome.not_before == NOON + timedelta(minutes=1)


@pytest.mark.parametrize(
    "error", [NotFound("channels.outside_home", path="x"), InputError("channels.led_broken", path="x")]
)
def test_what_is_missing_on_our_side_needs_a_person(error: NotFound | InputError) -> None:
    assert isinstance(outcome_of(error, ONCE, "led", NOON), NeedsPerson)


def test_a_full_disk_is_waited_for() -> None:
    error = StorageError("site.disk", path="p", reason="r")
    assert isinstance(outcome_of(error, ONCE, "led", NOON), TryLater)


def test_taking_down_does_not_wait_for_a_quota_but_for_a_busy_platform() -> None:
    why = Message("channels.busy", {"platform": "p", "status": 429})
    assert without_wait(TryLater(why, NOON + timedelta(hours=1)), NOON) == NeedsPerson(why)
    assert without_wait(TryLater(why), NOON) == TryLater(why)
