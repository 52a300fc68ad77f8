"""Which step follows at a website with targets, and what their failures mean together. Pure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syndicate.channels.calls import CallError, NotDone
from syndicate.channels.website_targets import WRITE, failed, mirrored, next_step, target_of, written
from syndicate.errors import NotFound, StorageError, SyndicateError
from syndicate.model.channel import Channel, ChannelKind, Rendition
from syndicate.model.delivery import Accepted, Action, Delivered, Job, NeedsPerson, Receipt, StepResult, TryLater
from syndicate.model.target import S3Target
from tests.channels.office import LADDER, NOON

NORTH, SOUTH = (S3Target(name, "https://s3.example", "site", "a", "b") for name in ("north", "south"))
BOTH = (NORTH, SOUTH)
RECEIPT = Receipt("news/202611/7.html", "https://www.example.com/news/202611/7.html", NOON, {"sha256": "0" * 64})
WORDS = {"zh": "连不上", "en": "away", "action_zh": "请检查", "action_en": "Check"}


def away(name: str) -> NotDone:
    return NotDone("targets.failed", code="unreachable", reply="refused", target=name, **WORDS)


def refused(name: str) -> CallError:
    return CallError("targets.failed", code="no_rights", target=name, **WORDS)


@pytest.fixture
def job() -> Job:
    channel = Channel("website", ChannelKind.WEBSITE, "门户网站", LADDER)
    return Job(1, "key", 7, 1, Action.PUBLISH, channel, Rendition("website", {}, ""), (), {}, 1, NOON)


def after(job: Job, result: StepResult) -> Job:
    return replace(job, notes=result.notes)


def wrote(job: Job) -> Job:
    return after(job, written(RECEIPT, job, BOTH))


def test_writing_comes_first_and_is_all_without_targets(job: Job) -> None:
    assert next_step(job, BOTH) == next_step(job, ()) == WRITE
    assert written(RECEIPT, job, ()).outcome == Delivered(RECEIPT)


def test_each_target_is_a_step_that_may_be_repeated(job: Job) -> None:
    step = next_step(wrote(job), BOTH)
    assert (target_of(step), step.repeatable, target_of(WRITE)) == ("north", True, "")


def test_the_receipt_is_that_of_the_writing_and_comes_with_the_last_target(job: Job) -> None:
    first = mirrored("north", True, wrote(job), BOTH)
    assert first.outcome == Accepted(NOON)
    assert mirrored("south", True, after(job, first), BOTH).outcome == Delivered(RECEIPT)


def test_a_part_is_not_yet_the_whole(job: Job) -> None:
    result = mirrored("north", False, wrote(job), BOTH)
    assert result == StepResult(Accepted(NOON), wrote(job).notes)


def test_after_a_failure_the_others_are_tried_at_once(job: Job) -> None:
    result = failed("north", away("north"), wrote(job), BOTH)
    assert result.outcome == Accepted(NOON)
    assert (result.code, result.reply) == ("unreachable", "refused")
    assert target_of(next_step(after(job, result), BOTH)) == "south"


def test_a_failure_ends_the_round_when_the_others_hold_it_and_the_next_round_tries_it_again(job: Job) -> None:
    broken = after(job, failed("north", away("north"), wrote(job), BOTH))
    result = mirrored("south", True, broken, BOTH)
    assert isinstance(result.outcome, TryLater)
    assert "north" in result.outcome.why.zh
    assert target_of(next_step(after(job, result), BOTH)) == "north"
    assert mirrored("north", True, after(job, result), BOTH).outcome == Delivered(RECEIPT)


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (away("north"), away("south"), TryLater),
        (away("north"), refused("south"), TryLater),
        (refused("north"), away("south"), TryLater),
        (refused("north"), refused("south"), NeedsPerson),
        (NotFound("config.secret_missing", name="x", variable="X", path="p"), refused("south"), NeedsPerson),
        (StorageError("site.busy"), refused("south"), TryLater),
    ],
)
def test_the_ladder_goes_on_as_long_as_it_may_help_one_of_them(
    job: Job, first: SyndicateError, second: SyndicateError, kind: type
) -> None:
    broken = after(job, failed("north", first, wrote(job), BOTH))
    result = failed("south", second, broken, BOTH)
    assert isinstance(result.outcome, kind)
    assert isinstance(result.outcome, TryLater | NeedsPerson)
    assert "south" in result.outcome.why.zh
    assert first.message.zh in result.outcome.why.zh
    assert first.message.action_en in result.outcome.why.en


def test_a_target_that_is_no_longer_configured_is_not_waited_for(job: Job) -> None:
    assert next_step(after(job, mirrored("north", True, wrote(job), BOTH)), (NORTH,)) == WRITE
