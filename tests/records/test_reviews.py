from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syndicate.errors import NotFound
from syndicate.model.channel import FileReference, Rendition
from syndicate.model.finding import Finding, Severity
from syndicate.model.review import Actor, Decision, Role, Verdict, WithdrawalKind
from syndicate.records import findings, reviews
from tests.records.samples import new_item

PUBLISHER = Actor("样例发布", Role.PUBLISHER, "desk")

WEIBO = Rendition("weibo", {"text": "样例短文"}, "", (FileReference("a" * 64, "图.png", "image/png", "image"),))
SHORTER = Rendition("weibo", {"text": "短文"}, "")


def test_a_rendition_comes_back_with_the_hash_it_had(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    reviews.store_renditions(revision, [WEIBO], now)
    (row,) = reviews.renditions(revision)
    assert (row.rendition, row.rendition.hash) == (WEIBO, WEIBO.hash)


def test_an_unchanged_rendition_keeps_its_row(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    reviews.store_renditions(revision, [WEIBO], now)
    before = reviews.renditions(revision)
    reviews.store_renditions(revision, [WEIBO], now + timedelta(hours=1))
    assert reviews.renditions(revision) == before


def test_a_changed_rendition_takes_the_place_of_the_old_one(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    reviews.store_renditions(revision, [WEIBO], now)
    reviews.store_renditions(revision, [SHORTER], now)
    assert [row.rendition for row in reviews.renditions(revision)] == [SHORTER]


def test_a_rendition_that_is_no_longer_current_can_still_be_read(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    reviews.store_renditions(revision, [WEIBO], now)
    (row,) = reviews.renditions(revision)
    reviews.store_renditions(revision, [SHORTER], now)
    assert reviews.rendition(row.id) == WEIBO


def test_a_rendition_that_comes_back_gets_its_old_row(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    reviews.store_renditions(revision, [WEIBO], now)
    (first,) = reviews.renditions(revision)
    reviews.store_renditions(revision, [SHORTER], now)
    reviews.store_renditions(revision, [WEIBO], now)
    assert reviews.renditions(revision) == (first,)


def test_a_notice_is_no_rendition_to_publish(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    reviews.store_notice(revision, WEIBO, now)
    assert reviews.renditions(revision) == ()


def test_a_decision_comes_back_as_it_was_made(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    reviews.add_decision(
        revision, Decision(1, Verdict.APPROVE, "样例审核", "同意", "h", now, {"word.title": "引用"}), "s"
    )
    (decision,) = reviews.decisions(revision)
    assert (decision.actor, decision.overrides, decision.void) == ("样例审核", {"word.title": "引用"}, False)


def test_a_void_decision_stays_in_sight(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    reviews.add_decision(revision, Decision(1, Verdict.APPROVE, "样例审核", "", "h", now), "s")
    reviews.void_decisions(revision)
    assert [decision.void for decision in reviews.decisions(revision)] == [True]


def test_a_withdrawal_is_open_until_it_is_confirmed(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    number = reviews.add_withdrawal(item, WithdrawalKind.ERROR, "写错", PUBLISHER, now)
    later = now + timedelta(hours=1)
    before = [one.id for one in reviews.withdrawals_as_of(later, later)]
    reviews.confirm_withdrawal(number, "样例同事", now)
    assert (before, reviews.withdrawals_as_of(later, later)) == ([number], ())


def test_withdrawals_are_found_by_item_and_by_day(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    reviews.add_withdrawal(item, WithdrawalKind.EXPIRED, "到期", PUBLISHER, now)
    by_day = reviews.withdrawals_between(now, now + timedelta(days=1))
    assert reviews.withdrawals(item) == by_day


def test_an_unknown_withdrawal_is_not_found(records: Path) -> None:
    with pytest.raises(NotFound):
        reviews.withdrawal(404)


def _finding(rule: str, severity: Severity, start: int = 0) -> Finding:
    return Finding(rule, severity, start, start + 1, "字", "说明", "建议", "依据", "第1行", "body", "message")


def test_findings_are_replaced_as_a_whole(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    findings.replace(revision, [_finding("a", Severity.BLOCK)], "s1", now)
    findings.replace(revision, [_finding("b", Severity.HINT)], "s2", now)
    assert findings.of_revision(revision) == (_finding("b", Severity.HINT),)


def test_findings_come_worst_first_then_by_place(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    wanted = [_finding("c", Severity.BLOCK, 9), _finding("a", Severity.CONFIRM, 1), _finding("b", Severity.CONFIRM, 5)]
    findings.replace(revision, reversed(wanted), "s", now)
    assert list(findings.of_revision(revision)) == wanted


def test_an_attachment_with_a_very_long_name_does_not_stop_its_findings(records: Path, now: datetime) -> None:
    _, revision = new_item(now)
    long = Finding("r" * 300, Severity.HINT, 0, 1, "字", "说明", place="页" * 300, part="attachment:" + "长" * 300)
    findings.replace(revision, [long], "s", now)
    assert len(findings.of_revision(revision)) == 1


def test_a_revision_without_findings_has_none(records: Path, now: datetime) -> None:
    assert findings.of_revision(new_item(now)[1]) == ()
