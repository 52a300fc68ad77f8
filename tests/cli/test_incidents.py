"""Incidents and required reprints as somebody at the shell sees them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.cli.terminal import Office


def test_without_an_incident_the_list_is_empty_and_all_is_well(office: Office) -> None:
    answer = office("incidents", "--json")
    assert (answer.code, answer.document) == (0, [])


def test_a_list_is_taken_in_once_and_what_is_ahead_is_shown(office: Office) -> None:
    ahead = datetime.now(UTC) + timedelta(days=2)
    path = office.home / "list.csv"
    path.write_text(f"标题,时限\n上级通知（样例）,{ahead:%Y-%m-%d} 18:00\n", "utf-8")
    first = office("source", "require", str(path), "--json")
    again = office("source", "require", str(path), "--json")
    assert (first.document["added"], again.document["known"]) == (1, 1)
    shown = office("source", "duties")
    assert (shown.code, "上级通知（样例）" in shown.out) == (0, True)


def test_a_list_with_a_wrong_row_is_refused_with_its_number(office: Office) -> None:
    path = office.home / "list.csv"
    path.write_text("标题,时限\n甲,尽快\n", "utf-8")
    answer = office("source", "require", str(path))
    assert answer.code == 1
    assert "第 2 行时限“尽快”看不懂" in answer.err


def test_a_reprint_that_is_missing_is_an_incident_until_it_is_excused(office: Office) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    path = office.home / "list.csv"
    path.write_text(f"标题,时限\n上级通知（样例）,{yesterday:%Y-%m-%d} 10:00\n", "utf-8")
    office("source", "require", str(path))
    office("notify")
    duties, shown = office("source", "duties", "--json"), office("incidents")
    assert (duties.code, duties.document[0]["missing"]) == (1, True)
    assert (shown.code, "应转载信息逾期未发" in shown.out) == (1, True)
