"""当日事实: every figure of a scripted day follows from the records, and what is not kept says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.flow.day_facts import day_facts, period_facts
from syndicate.model.facts import ChannelFact, DayFacts, FindingFact, ReprintFact
from syndicate.model.finding import Severity
from syndicate.model.period import Span, period_of
from syndicate.model.source import SyncResult
from tests.flow.scripted_day import OVERRIDE, Day, scripted_day

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def day(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with scripted_day(sqlite_template, tmp_path_factory.mktemp("day") / "office") as played:
        yield played


@pytest.fixture(scope="module")
def facts(day: Day) -> DayFacts:
    return day_facts(day.desk.workspace, day.date)


def _channel(facts: DayFacts, name: str) -> ChannelFact:
    return next(one for one in facts.channels or () if one.id == name)


def _reprints(facts: DayFacts) -> dict[str, ReprintFact]:
    return {one.title: one for one in facts.reprints or ()}


def _findings(facts: DayFacts, title: str) -> list[FindingFact]:
    return [one for one in facts.findings or () if one.title == title]


def test_the_facts_name_office_day_and_configuration(day: Day, facts: DayFacts) -> None:
    named = (facts.office, facts.day, facts.snapshot, facts.sample)
    assert named == ("样例县人民政府办公室", day.date, day.desk.workspace.snapshot.hash, True)


def test_a_running_day_holds_as_of_now(day: Day, facts: DayFacts) -> None:
    assert facts.as_of == day.desk.now


def test_a_past_day_holds_as_of_its_end(day: Day) -> None:
    past = day_facts(day.desk.workspace, day.date - timedelta(days=1))
    assert past.as_of == day.at(0)


# Reprints


def test_what_was_set_aside_is_no_duty_to_reprint(facts: DayFacts) -> None:
    assert sorted(_reprints(facts)) == sorted(
        ["放假安排的通知", "自媒体的文章", "含有禁用词甲的通知", "只有日期的通知"]
    )


def test_a_reprint_has_its_sources_time_and_deadline(day: Day, facts: DayFacts) -> None:
    one = _reprints(facts)["放假安排的通知"]
    assert (one.source_time, one.deadline, one.by_first_seen) == (day.at(10, 30), day.at(10, 30) + 24 * HOUR, False)


def test_a_reprint_that_names_only_a_day_counts_from_our_first_sight(day: Day, facts: DayFacts) -> None:
    one = _reprints(facts)["只有日期的通知"]
    assert (one.source_time, one.deadline, one.by_first_seen) == (day.at(12), day.at(12) + 24 * HOUR, True)


def test_a_reprint_names_the_source_it_came_from(facts: DayFacts) -> None:
    assert _reprints(facts)["放假安排的通知"].source_title == "样例信源city"


def test_a_published_reprint_has_its_channels(facts: DayFacts) -> None:
    assert sorted(_reprints(facts)["放假安排的通知"].published) == ["app", "led", "website", "wechat", "weibo"]


def test_a_reprint_that_waits_is_published_nowhere(facts: DayFacts) -> None:
    assert _reprints(facts)["含有禁用词甲的通知"].published == {}


def test_reprints_that_came_after_the_moment_asked_for_are_not_known(day: Day) -> None:
    assert day_facts(day.desk.workspace, day.date, day.at(11)).reprints == ()


# Findings


def test_a_finding_on_what_waits_is_published_nowhere(facts: DayFacts) -> None:
    found = {(one.rule, one.severity, one.published_on) for one in _findings(facts, "含有禁用词甲的通知")}
    assert ("sample.block", Severity.BLOCK, ()) in found


def test_a_finding_on_a_published_reprint_names_its_channels(facts: DayFacts) -> None:
    (one,) = [f for f in _findings(facts, "自媒体的文章") if f.rule == "check.not_listed"]
    assert (one.published_on, one.reprint) == (("app", "led", "website", "wechat", "weibo"), True)


def test_a_finding_on_a_draft_of_a_published_item_is_not_published(facts: DayFacts) -> None:
    assert {one.published_on for one in _findings(facts, "更正稿含禁用词甲")} == {()}


def test_an_overridden_finding_is_decided_and_not_listed(facts: DayFacts) -> None:
    assert [one for one in _findings(facts, "引用禁用词乙的答复") if one.rule == "sample.block"] == []


def test_the_excerpt_shows_the_words_around_the_text_found(facts: DayFacts) -> None:
    excerpts = {one.excerpt for one in _findings(facts, "含有禁用词甲的通知") if one.rule == "sample.block"}
    assert any("含有禁用词甲的通知" in one for one in excerpts)


def test_findings_on_what_was_set_aside_are_not_listed(facts: DayFacts) -> None:
    assert _findings(facts, "外地的通知") == []


# Review


def test_decisions_are_counted(facts: DayFacts) -> None:
    assert facts.decisions is not None
    # Five reprints and four of our own were submitted; two reprints and three of our own were approved.
    assert (facts.decisions.submitted, facts.decisions.approved, facts.decisions.returned) == (9, 5, 1)


def test_an_override_is_listed_with_its_reason(facts: DayFacts) -> None:
    assert facts.decisions is not None
    assert facts.decisions.overridden == (("引用禁用词乙的答复", "sample.block", OVERRIDE),)


def test_decisions_of_another_day_do_not_count(day: Day) -> None:
    before = day_facts(day.desk.workspace, day.date - timedelta(days=1)).decisions
    assert before is not None
    assert (before.submitted, before.approved) == (0, 0)


def test_a_withdrawal_waits_for_a_second_check(day: Day, facts: DayFacts) -> None:
    (one,) = facts.second_checks or ()
    assert (one.what, one.actor, one.checked_by) == ("撤回", "样例终审", "")


def test_a_withdrawal_says_how_far_it_got(facts: DayFacts) -> None:
    (one,) = facts.takedowns or ()
    assert (one.reason, one.done, one.total) == ("附件放错", 2, 2)


# Channels and columns


def test_a_channel_counts_what_it_received(facts: DayFacts) -> None:
    counts = {one.id: one.sent for one in facts.channels or ()}
    assert counts == {"website": 4, "weibo": 2, "wechat": 2, "app": 4, "led": 2, "hall": 0}


def test_a_channel_without_an_interface_needs_a_person(facts: DayFacts) -> None:
    assert _channel(facts, "hall").needs_person == 2


def test_a_channel_that_nothing_is_overdue_on_says_so(facts: DayFacts) -> None:
    assert _channel(facts, "weibo").oldest_overdue is None


def test_every_open_task_names_its_item_and_channel(facts: DayFacts) -> None:
    assert sorted(one.text.split("：")[0] for one in facts.tasks or ()) == [
        "《放假安排的通知》→ 样例大厅告示栏",
        "《自媒体的文章》→ 样例大厅告示栏",
    ]


def test_a_column_counts_what_stands_in_it(facts: DayFacts) -> None:
    counts = {one.name: (one.count, one.new_today) for one in facts.columns or ()}
    assert counts == {"news": (3, 3), "policy": (0, 0)}


def test_drift_is_counted_where_the_patrol_looked(facts: DayFacts) -> None:
    assert (_channel(facts, "website").drift, _channel(facts, "hall").drift) == (0, None)


# Sources and patrol


def test_a_source_has_the_result_of_its_last_look(facts: DayFacts) -> None:
    results = {one.name: (one.result, one.new_today) for one in facts.sources or ()}
    assert results == {"city": (SyncResult.NEW, 5), "gone": (SyncResult.FAILED, 0)}


def test_a_source_in_trouble_says_why(facts: DayFacts) -> None:
    (note,) = [one.note for one in facts.sources or () if one.name == "gone"]
    assert "HTTP 404" in note


def test_a_home_page_that_did_not_open_has_no_time(facts: DayFacts) -> None:
    assert [(one.ok, one.seconds) for one in facts.probes or ()] == [(False, None)]


def test_a_website_as_it_was_written_has_no_foreign_pages(facts: DayFacts) -> None:
    assert facts.site is not None
    assert facts.site.tampered == ()


def test_before_any_patrol_nothing_is_said_of_the_website(day: Day) -> None:
    before = day_facts(day.desk.workspace, day.date, day.at(12))
    assert (before.probes, before.site and before.site.tampered) == (None, None)


def test_what_is_not_kept_says_why(facts: DayFacts) -> None:
    empty = [name for name in ("problems", "interaction") if getattr(facts, name) is None]
    assert all(facts.reasons.get(name) for name in empty)


def test_an_office_without_a_website_has_no_columns(day: Day) -> None:
    workspace = day.desk.workspace
    whole = workspace.snapshot
    kept = {name: channel for name, channel in whole.channels.items() if name != "website"}
    workspace.snapshot = replace(whole, channels=kept)
    found = day_facts(workspace, day.date).columns
    workspace.snapshot = whole
    assert found is None


# Trends, departments, people, longer periods


def test_the_trend_of_a_day_has_thirty_days_and_ends_with_it(day: Day, facts: DayFacts) -> None:
    points = facts.trends or ()
    assert (len(points), points[-1].period) == (30, period_of(Span.DAY, day.date))


def test_the_last_point_of_the_trend_counts_what_the_day_counts(facts: DayFacts) -> None:
    assert facts.decisions is not None
    last = (facts.trends or ())[-1]
    assert (last.submitted, last.returned) == (facts.decisions.submitted, facts.decisions.returned)


def test_the_trend_counts_what_was_first_published(facts: DayFacts) -> None:
    # Two reprints and three of our own; a correction is no second publication.
    assert (facts.trends or ())[-1].published == 5


def test_the_trend_counts_the_findings_that_are_open(facts: DayFacts) -> None:
    assert (facts.trends or ())[-1].findings_open == len(facts.findings or ())


def test_the_trend_counts_the_reprints_that_are_a_duty(day: Day) -> None:
    snapshot = day.desk.workspace.snapshot
    due = {}
    for duty in (True, False):
        sources = {name: replace(one, must_reprint=duty) for name, one in snapshot.sources.items()}
        day.desk.workspace.snapshot = replace(snapshot, sources=sources)
        facts = day_facts(day.desk.workspace, day.desk.now.date(), day.desk.now + timedelta(days=2))
        due[duty] = sum(point.reprints_due for point in facts.trends or ())
    assert (due[True] > 0, due[False]) == (True, 0)


def test_a_day_before_the_office_began_has_empty_points(facts: DayFacts) -> None:
    first = (facts.trends or ())[0]
    assert (first.published, first.submitted, first.probes, first.findings_open) == (0, 0, 0, 0)


def test_what_waits_for_review_waits_since_it_was_submitted(facts: DayFacts) -> None:
    hours = (facts.trends or ())[-1].oldest_waiting_hours
    assert hours is not None
    assert 10 < hours < 24


def test_the_work_of_people_is_counted_by_who_submitted_first(facts: DayFacts) -> None:
    counts = {one.name: (one.submitted, one.approved, one.published) for one in facts.people or ()}
    assert counts == {"系统自动采集": (5, 2, 2), "样例编辑": (4, 3, 3)}


def test_departments_are_the_owners_of_the_columns(day: Day, facts: DayFacts) -> None:
    owners = {column.owner for column in day.desk.workspace.snapshot.columns.values()}
    assert {one.name for one in facts.departments or ()} <= owners
    assert sum(one.submitted for one in facts.departments or ()) == 9


def test_a_finding_counts_for_whoever_submitted_it(facts: DayFacts) -> None:
    found = {one.name: one.findings for one in facts.people or ()}
    # The office's own text with a forbidden word; of the reprints the list of sources, the forbidden word, the strange source.
    assert found["样例编辑"] >= 1
    assert found["系统自动采集"] >= 2


@pytest.mark.parametrize("span", [Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR])
def test_a_longer_period_counts_all_its_days(day: Day, facts: DayFacts, span: Span) -> None:
    longer = period_facts(day.desk.workspace, period_of(span, day.date))
    assert (longer.decisions, longer.takedowns) == (facts.decisions, facts.takedowns)
    assert sum(one.published for one in longer.trends or () if one.period.first >= longer.day) == 5


def test_only_a_year_has_the_lines_of_the_yearly_statement(day: Day, facts: DayFacts) -> None:
    year = period_facts(day.desk.workspace, period_of(Span.YEAR, day.date))
    assert facts.yearly is None
    assert list(dict.fromkeys(line.heading for line in year.yearly or ())) == [
        "信息发布", "专栏专题", "解读回应", "办事服务", "互动交流", "安全防护", "移动新媒体", "创新发展",
    ]  # fmt: skip


def test_a_line_of_the_yearly_statement_without_a_record_says_so(day: Day) -> None:
    lines = period_facts(day.desk.workspace, period_of(Span.YEAR, day.date)).yearly or ()
    assert all(line.value or line.note for line in lines)
    assert [line.note for line in lines if line.name == "专题数量（维护、新开设）"] == ["本系统没有这项记录"]


def test_the_yearly_statement_counts_what_each_account_published(day: Day) -> None:
    lines = period_facts(day.desk.workspace, period_of(Span.YEAR, day.date)).yearly or ()
    counts = [line.value for line in lines if line.heading == "移动新媒体" and line.value]
    assert sorted(counts) == ["2 条", "2 条", "4 条"]
