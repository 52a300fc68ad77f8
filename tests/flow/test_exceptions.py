"""例外: one click says what is no error, where and until when; rules that are wrong too often become hints."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from syndicate.errors import NotAllowed, NotFound, UsageError
from syndicate.flow.checking import check_revision
from syndicate.flow.day_facts import day_facts
from syndicate.flow.exceptions import (
    NoError,
    confirm_finding,
    demoted_rules,
    end_exception,
    except_finding,
    judged_rules,
    precision_by_rule,
)
from syndicate.model.facts import DemotedRuleFact
from syndicate.model.finding import Finding, Severity
from syndicate.model.noise import Scope
from syndicate.records import audit, findings, items, noise
from tests.flow.office import EDITOR, PUBLISHER, REVIEWER, Desk

RULE, TEXT = "sample.new", "恢复通行"


def _found(desk: Desk, item: int) -> dict[str, Severity]:
    found = check_revision(desk.workspace, items.get(item), items.latest_revision(item))
    return {one.rule: one.severity for one in found}


def _click(
    scope: Scope = Scope.HERE, *, text: str = TEXT, reason: str = "引用原文", until: date | None = None
) -> NoError:
    return NoError(RULE, text, scope, reason, until)


@pytest.fixture
def two(desk: Desk) -> tuple[int, int]:
    desk.add_rule(RULE, TEXT)
    return desk.submitted("app"), desk.submitted("app")


def test_an_exception_here_holds_for_this_item_alone(desk: Desk, two: tuple[int, int]) -> None:
    except_finding(desk.workspace, EDITOR, two[0], _click())
    assert [RULE in _found(desk, item) for item in two] == [False, True]


def test_an_exception_in_the_column_holds_for_its_items(desk: Desk, two: tuple[int, int]) -> None:
    except_finding(desk.workspace, REVIEWER, two[0], _click(Scope.COLUMN))
    assert [RULE in _found(desk, item) for item in two] == [False, False]


def test_an_exception_anywhere_holds_everywhere(desk: Desk, two: tuple[int, int]) -> None:
    except_finding(desk.workspace, PUBLISHER, two[0], _click(Scope.ANYWHERE))
    assert RULE not in _found(desk, two[1])


def test_an_exception_ends_with_its_day(desk: Desk, two: tuple[int, int]) -> None:
    today = desk.workspace.now().date()
    made = except_finding(desk.workspace, EDITOR, two[0], _click(until=today))
    assert noise.exceptions(today) == (made,)
    assert noise.exceptions(today + timedelta(days=1)) == ()


def test_an_exception_that_is_ended_no_longer_holds(desk: Desk, two: tuple[int, int]) -> None:
    made = except_finding(desk.workspace, EDITOR, two[0], _click())
    end_exception(desk.workspace, REVIEWER, made.id)
    assert RULE in _found(desk, two[0])
    with pytest.raises(NotFound):
        end_exception(desk.workspace, REVIEWER, made.id)


@pytest.mark.parametrize(
    ("actor", "scope"), [(EDITOR, Scope.COLUMN), (EDITOR, Scope.ANYWHERE), (REVIEWER, Scope.ANYWHERE)]
)
def test_a_wider_exception_takes_a_higher_role(desk: Desk, two: tuple[int, int], actor: object, scope: Scope) -> None:
    with pytest.raises(NotAllowed):
        except_finding(desk.workspace, actor, two[0], _click(scope))  # type: ignore[arg-type]


def test_an_editor_ends_no_exception(desk: Desk, two: tuple[int, int]) -> None:
    made = except_finding(desk.workspace, EDITOR, two[0], _click())
    with pytest.raises(NotAllowed):
        end_exception(desk.workspace, EDITOR, made.id)


def test_a_reason_and_a_day_to_come_are_asked_for(desk: Desk, two: tuple[int, int]) -> None:
    for wrong in (_click(reason=" "), _click(until=date(2020, 1, 1))):
        with pytest.raises(UsageError):
            except_finding(desk.workspace, EDITOR, two[0], wrong)


def test_masked_data_is_excepted_in_one_item_only(desk: Desk, two: tuple[int, int]) -> None:
    with pytest.raises(NotAllowed):
        except_finding(desk.workspace, PUBLISHER, two[0], _click(Scope.ANYWHERE, text="138****0000"))
    _store(desk, two[0], Finding(RULE, Severity.BLOCK, 0, 1, "138****0000", ""))
    assert except_finding(desk.workspace, EDITOR, two[0], _click(text="138****0000")).id


def test_who_and_why_is_in_the_audit(desk: Desk, two: tuple[int, int]) -> None:
    except_finding(desk.workspace, EDITOR, two[0], _click())
    (row,) = [one for one in audit.of_subject(f"item:{two[0]}") if one.action == "finding.excepted"]
    assert (row.actor, row.data["reason"], row.data["scope"]) == (EDITOR.name, "引用原文", "here")


def _store(desk: Desk, item: int, finding: Finding) -> None:
    findings.replace(items.latest_revision(item).id, [finding], desk.workspace.snapshot.hash, desk.workspace.now())


def _stored(item: int) -> list[str]:
    return [one.text for one in findings.of_revision(items.latest_revision(item).id)]


def test_what_an_exception_covers_is_gone_at_once_and_nothing_else(desk: Desk, two: tuple[int, int]) -> None:
    except_finding(desk.workspace, EDITOR, two[0], _click())
    assert [TEXT in _stored(item) for item in two] == [False, True]
    except_finding(desk.workspace, PUBLISHER, two[1], _click(Scope.ANYWHERE))
    assert TEXT not in _stored(two[1])


@pytest.mark.parametrize(("rule", "text"), [(RULE, "别的文字"), ("another.rule", TEXT), (RULE, "")])
def test_only_a_finding_that_the_item_has_can_be_judged(desk: Desk, two: tuple[int, int], rule: str, text: str) -> None:
    _store(desk, two[0], Finding(RULE, Severity.BLOCK, 0, 0, "", ""))
    with pytest.raises(NotFound):
        except_finding(desk.workspace, EDITOR, two[0], NoError(rule, text, Scope.HERE, "理由"))
    with pytest.raises(NotFound):
        confirm_finding(desk.workspace, EDITOR, two[0], rule, text)
    assert precision_by_rule() == ()


def test_a_demoted_rule_is_in_the_facts_of_the_day(desk: Desk, two: tuple[int, int]) -> None:
    _judge(desk, two[0], wrong=13, right=17)
    day = desk.workspace.now().date()
    assert day_facts(desk.workspace, day).demoted_rules == (DemotedRuleFact(RULE, 30, 17),)


def test_rules_that_are_right_often_enough_are_not(desk: Desk, two: tuple[int, int]) -> None:
    _judge(desk, two[0], wrong=12, right=18)
    assert day_facts(desk.workspace, desk.workspace.now().date()).demoted_rules == ()
    [judged] = judged_rules(desk.workspace)
    assert (judged.percent, judged.demoted) == (60, False)


def _judge(desk: Desk, item: int, wrong: int, right: int) -> None:
    now = desk.workspace.now()
    for number in range(wrong + right):
        noise.add_verdict(RULE, item, f"词{number}", number >= wrong, "样例编辑", now + timedelta(minutes=number))


def test_precision_counts_what_editors_said(desk: Desk, two: tuple[int, int]) -> None:
    except_finding(desk.workspace, EDITOR, two[0], _click())
    confirm_finding(desk.workspace, EDITOR, two[1], RULE, TEXT)
    [precision] = precision_by_rule()
    assert (precision.rule, precision.decisions, precision.right, precision.share) == (RULE, 2, 1, 0.5)


def test_a_rule_that_is_wrong_too_often_becomes_a_hint(desk: Desk, two: tuple[int, int]) -> None:
    _judge(desk, two[0], wrong=13, right=17)
    assert demoted_rules() == {RULE}
    assert _found(desk, two[1])[RULE] is Severity.HINT


def test_fewer_than_thirty_decisions_demote_nothing(desk: Desk, two: tuple[int, int]) -> None:
    _judge(desk, two[0], wrong=29, right=0)
    assert demoted_rules() == frozenset()


def test_only_the_newest_thirty_decisions_count(desk: Desk, two: tuple[int, int]) -> None:
    _judge(desk, two[0], wrong=30, right=30)
    assert demoted_rules() == frozenset()
