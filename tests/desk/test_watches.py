"""Each thing that can be watched: seen when it is there, gone when it is gone, silent when it cannot be told."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib.resources import files

import pytest

from syndicate.flow.channel_accounts import hold, release
from syndicate.flow.gone import STILL_THERE
from syndicate.flow.probes import CERTIFICATE
from syndicate.flow.watches import Eyes
from syndicate.inspection.page_checks import ProblemKind
from syndicate.model.incident import Sighting, Watch
from syndicate.records import crawling, models, site_problems
from syndicate.records import office as office_records
from syndicate.records.connection import one_transaction
from syndicate.records.crawling import RoundRecord
from syndicate.records.office import ProbeRecord
from syndicate.records.site_problems import ProblemRecord
from tests.desk.office import PUBLISHER, Office

LINK = "https://old.example.cn/zt/"


def seen(office: Office, what: Watch, *living: str) -> list[Sighting] | None:
    """What one watch sees a moment later: what happens this very moment was not known before it."""
    office.wait(seconds=1)
    found = Eyes(office.workspace).see(what, living)
    return None if found is None else list(found)


def walked(office: Office, *problems: ProblemRecord) -> None:
    """A round of the patrol over the site that found these problems."""
    with one_transaction():
        site_problems.set_problems([ProblemKind.LINK, ProblemKind.OFF], None, problems, office.now)
    crawling.add_round(RoundRecord(office.now, 10, 10, 20, 0))


def look(office: Office, kind: str, target: str, *, ok: bool) -> None:
    office_records.add_probe(ProbeRecord(office.now, kind, target, ok, 0, 0, "" if ok else "样例原因"))


def link(number: int, *, on_home: bool) -> ProblemRecord:
    return ProblemRecord(ProblemKind.LINK, "/a.html", f"{LINK}{number}", "404", on_home)


@pytest.mark.parametrize(
    "what", [Watch.SITE_DOWN, Watch.UNREACHABLE_SHARE, Watch.CERTIFICATE, Watch.TAMPERED_PAGE, Watch.DEAD_LINK_HOME]
)
def test_what_nobody_looked_at_cannot_be_told(office: Office, what: Watch) -> None:
    assert seen(office, what) is None


def test_dead_links_of_the_home_page_are_one_each_and_those_of_others_are_counted(office: Office) -> None:
    walked(office, link(1, on_home=True), link(2, on_home=True), link(3, on_home=False))
    home, inner = seen(office, Watch.DEAD_LINK_HOME), seen(office, Watch.DEAD_LINKS_INNER)
    assert {one.subject for one in home or ()} == {f"{LINK}1", f"{LINK}2"}
    assert [(one.subject, one.value) for one in inner or ()] == [("", 1)]


def test_links_that_were_mended_are_seen_no_more(office: Office) -> None:
    walked(office, link(1, on_home=True))
    office.wait(hours=1)
    walked(office)
    assert seen(office, Watch.DEAD_LINK_HOME) == []


def test_files_that_are_not_as_written_are_one_incident_with_their_number(office: Office) -> None:
    look(office, "verify", "a.html", ok=False)
    look(office, "verify", "b.html", ok=False)
    (found,) = seen(office, Watch.TAMPERED_PAGE) or ()
    assert (found.subject, found.value, "a.html" in found.message.zh) == ("", 2, True)


def test_a_share_needs_a_sample(office: Office) -> None:
    for number in range(19):
        look(office, "site", "https://x/", ok=number > 0)
    assert seen(office, Watch.UNREACHABLE_SHARE) is None
    look(office, "site", "https://x/", ok=True)
    (found,) = seen(office, Watch.UNREACHABLE_SHARE) or ()
    assert found.value == 5


def test_no_incident_repeats_a_limit_of_the_indicators_or_a_number_of_the_reports_sections() -> None:
    texts = (files("syndicate") / "messages" / "incident.tsv").read_text("utf-8")
    assert re.findall(r"\d+ ?%|第.部分|section \d", texts) == []


def test_what_was_withdrawn_and_is_still_seen(office: Office) -> None:
    look(office, STILL_THERE, "weibo https://weibo.example/1", ok=False)
    assert [one.subject for one in seen(office, Watch.STILL_VISIBLE) or ()] == ["weibo https://weibo.example/1"]
    look(office, STILL_THERE, "weibo https://weibo.example/1", ok=True)
    assert seen(office, Watch.STILL_VISIBLE) == []


def test_an_account_that_does_not_work_until_it_does(office: Office) -> None:
    hold(office.workspace, PUBLISHER, "weibo", "检修")
    assert [one.subject for one in seen(office, Watch.ACCOUNT) or ()] == ["weibo held"]
    release(office.workspace, PUBLISHER, "weibo", "修好了")
    assert seen(office, Watch.ACCOUNT) == []


def test_overdue_deliveries_are_one_for_each_channel_with_the_hours_of_the_longest(office: Office) -> None:
    office.approved("第一篇")
    office.wait(hours=2)
    office.approved("第二篇")
    office.wait(hours=1)
    found = {one.subject: one.value for one in seen(office, Watch.OVERDUE_DELIVERY) or ()}
    assert found["website"] == pytest.approx(3, abs=0.01)


def drifted(office: Office) -> str:
    """A post that no longer is what was approved; the address it is known under."""
    office.published("样例微博")
    receipt = models.Receipt.objects.filter(channel="weibo").get()
    target = f"weibo {receipt.url}"
    look(office, "drift", target, ok=False)
    return target


def test_a_post_that_drifted_is_known_by_its_address(office: Office) -> None:
    target = drifted(office)
    assert [one.subject for one in seen(office, Watch.DRIFT) or ()] == [target]


def test_a_post_that_is_right_again_is_seen_no_more(office: Office) -> None:
    target = drifted(office)
    office.wait(hours=1)
    look(office, "drift", target, ok=True)
    assert seen(office, Watch.DRIFT) == []


def test_a_post_that_no_channel_holds_any_more_has_not_drifted(office: Office) -> None:
    drifted(office)
    models.Receipt.objects.filter(channel="weibo").update(removed_at=office.now)
    assert seen(office, Watch.DRIFT) == []


def test_a_post_that_drifted_long_ago_stays_an_incident_until_it_is_seen_to_be_right(office: Office) -> None:
    target = drifted(office)
    office.wait(days=10)
    assert seen(office, Watch.DRIFT) == []
    assert [one.subject for one in seen(office, Watch.DRIFT, target) or ()] == [target]


@pytest.mark.parametrize(("days", "over"), [(13, False), (15, True)])
def test_a_column_past_its_duty(office: Office, days: int, over: bool) -> None:
    entry = {"channel": "website", "item_id": office.published(), "column": "news", "settled": True, "sequence": 1}
    models.SiteEntry.objects.create(**entry, published_at=office.now, title="样例", address="/news/1.html")
    office.wait(days=days)
    (found,) = [one for one in seen(office, Watch.COLUMN) or () if one.subject == "news"]
    assert (found.value > 0) is over


def test_a_certificate_is_seen_with_the_days_that_are_left(office: Office) -> None:
    ends = (office.now + timedelta(days=9)).isoformat()
    office_records.add_probe(ProbeRecord(office.now, CERTIFICATE, "www.example.gov.cn", True, 0, 0, f"{ends} "))
    (found,) = seen(office, Watch.CERTIFICATE) or ()
    assert found.value == pytest.approx(9, abs=0.01)


@pytest.mark.parametrize("what", list(Watch))
def test_a_new_office_raises_no_alarm(office: Office, what: Watch) -> None:
    assert not seen(office, what)
