"""The code tables and the one place where they become outcomes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.channels.calls import NotDone, PlatformError, Unanswered
from syndicate.channels.codes import CodeClass, code_message, codes, outcome_of, without_quota_wait
from syndicate.errors import InputError, Message, NotFound, StorageError
from syndicate.model.delivery import NeedsPerson, Refused, Step, TryLater, Unsure
from tests.channels.office import NOON

REPEATABLE, ONCE = Step("poll", True), Step("share", False)
ROWS = [(platform, code) for platform in ("wechat", "weibo") for code in codes(platform)]
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
}


def failure(code: str) -> PlatformError:
    return PlatformError("channels.code_unknown", code=code, platform="p")


@pytest.mark.parametrize(("platform", "code"), ROWS)
def test_every_code_has_its_outcome(platform: str, code: str) -> None:
    outcome = outcome_of(failure(code), ONCE, platform, NOON)
    assert isinstance(outcome, EXPECTED[codes(platform)[code].kind])


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
    assert without_quota_wait(TryLater(why, NOON + timedelta(hours=1)), NOON) == NeedsPerson(why)
    assert without_quota_wait(TryLater(why), NOON) == TryLater(why)
