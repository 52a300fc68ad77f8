"""The public's reports on the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.cli.terminal import Office


def letter(office: Office, text: str, days_ago: int = 0, contact: str = "") -> None:
    """Something that the public sent in so long ago."""
    from syndicate.flow import feedback as flow
    from syndicate.flow.feedback import Sent, new_form
    from syndicate.flow.workspace import open_workspace

    workspace = open_workspace(office.home, lambda: datetime.now(UTC) - timedelta(days=days_ago))
    flow.receive(workspace, Sent("wording", "", text, contact, new_form(workspace)))
    workspace.close()


def test_open_reports_are_listed_with_personal_data_masked(office: Office) -> None:
    letter(office, "号码13800000000应删去（样例）")
    shown, told = office("feedback"), office("feedback", "--json")
    assert shown.code == 0
    assert "文字差错" in shown.out
    assert "13800000000" not in shown.out
    assert [one["state"] for one in told.document] == ["received"]
    assert office("feedback", "--state", "answered", "--json").document == []


def test_the_exit_says_that_one_is_late(office: Office) -> None:
    letter(office, "第二段有错别字（样例）", days_ago=60)
    assert office("feedback").code == 1


def test_tidying_erases_contacts_whose_time_is_over(office: Office) -> None:
    from syndicate.records import models

    letter(office, "第二段有错别字（样例）", days_ago=120, contact="000-12345678")
    models.Feedback.objects.update(state="answered", closed_at=datetime.now(UTC) - timedelta(days=100))
    assert office("tidy", "--json").document["contacts"] == 1
    assert models.Feedback.objects.get().contact is None
