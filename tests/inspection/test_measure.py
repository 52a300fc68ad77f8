from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from syndicate.inspection.measure import INSTRUMENTS, measure
from syndicate.model import facts as f
from syndicate.model.finding import Severity
from syndicate.model.inspection import Indicator, Measurement
from syndicate.model.source import SyncResult
from tests.inspection.sample_day import AS_OF, CHANNELS, DAY, HOUR, ago, column, facts, probes

OPTIONAL = [field.name for field in fields(f.DayFacts) if field.default is None]
BARE = facts(**dict.fromkeys(OPTIONAL), reasons={})


def take(name: str, day: f.DayFacts, index: tuple[Indicator, ...]) -> list[Measurement]:
    return list(measure(day, [next(i for i in index if i.measure == name)]))


def value(name: str, day: f.DayFacts, index: tuple[Indicator, ...]) -> float | None:
    (found,) = take(name, day, index)
    return found.value


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_facts_that_are_missing_are_not_measured_and_say_why(name: str, index: tuple[Indicator, ...]) -> None:
    (found,) = take(name, BARE, index)
    assert (found.value, bool(found.why)) == (None, True)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_parts_that_are_there_but_empty_are_not_measured_where_they_were_not_looked_at(
    name: str, index: tuple[Indicator, ...]
) -> None:
    day = replace(BARE, site=f.SiteFacts(), interaction=f.InteractionFacts())
    assert all(found.value is None for found in take(name, day, index))


def test_a_reason_given_for_the_field_is_the_one_reported(index: tuple[Indicator, ...]) -> None:
    day = replace(BARE, reasons={"site.search_works": "示例原因"})
    assert take("search_broken", day, index)[0].why == "示例原因"


def test_a_reason_given_for_the_part_serves_all_its_fields(index: tuple[Indicator, ...]) -> None:
    day = replace(BARE, reasons={"site": "未巡检"})
    assert take("search_broken", day, index)[0].why == "未巡检"


@pytest.mark.parametrize(("seconds", "failures"), [(14.999, 0.0), (15.0, 100.0), (None, 100.0)])
def test_a_page_that_takes_fifteen_seconds_counts_as_not_opened(
    seconds: float | None, failures: float, index: tuple[Indicator, ...]
) -> None:
    slow = tuple(replace(probe, seconds=seconds) for probe in probes(20, 0))
    assert value("unreachable_share", facts(probes=slow), index) == failures


def test_a_refused_page_counts_as_not_opened_however_fast(index: tuple[Indicator, ...]) -> None:
    refused = tuple(replace(probe, ok=False) for probe in probes(20, 0))
    assert value("unreachable_share", facts(probes=refused), index) == 100


def test_fewer_than_twenty_probes_are_no_sample(index: tuple[Indicator, ...]) -> None:
    (found,) = take("unreachable_share", facts(probes=probes(19, 19)), index)
    assert (found.value, "19" in found.why) == (None, True)


def test_the_running_share_is_not_measured_either_where_the_sample_is_too_small(index: tuple[Indicator, ...]) -> None:
    assert value("website_running_share", facts(probes=()), index) is None


def test_probes_older_than_the_window_do_not_count(index: tuple[Indicator, ...]) -> None:
    old = tuple(replace(probe, at=probe.at - 8 * DAY, ok=False) for probe in probes(40, 0))
    assert value("unreachable_share", facts(probes=(*probes(40, 0), *old)), index) == 0


def test_probes_after_the_moment_of_the_report_do_not_count(index: tuple[Indicator, ...]) -> None:
    later = tuple(replace(probe, at=AS_OF + HOUR, ok=False) for probe in probes(40, 0))
    assert value("unreachable_share", facts(probes=(*probes(40, 0), *later)), index) == 0


def test_one_measure_is_taken_once_for_every_window_that_is_asked_for(index: tuple[Indicator, ...]) -> None:
    indicator = next(i for i in index if i.id == "W2")
    taken = measure(facts(), [indicator, indicator, replace(indicator, window=DAY)])
    assert [found.window for found in taken] == [timedelta(days=7), DAY]


def test_a_measure_that_does_not_exist_gives_nothing(index: tuple[Indicator, ...]) -> None:
    assert measure(facts(), [replace(index[0], measure="no_such_measure")]) == ()


def test_evidence_names_the_first_ones_and_counts_the_rest(index: tuple[Indicator, ...]) -> None:
    day = facts(columns=tuple(column(f"栏目{n}", None, count=0) for n in range(8)))
    (found,) = take("blank_columns", day, index)
    assert (len(found.evidence), found.evidence[-1].text) == (6, "另有 3 项")


def test_an_entry_without_a_date_counts_as_no_update(index: tuple[Indicator, ...]) -> None:
    assert value("overdue_columns", facts(columns=(column("要闻", None, count=9),)), index) == 1


def test_a_column_with_a_longer_duty_than_half_a_year_is_left_to_the_other_indicator(
    index: tuple[Indicator, ...],
) -> None:
    day = facts(columns=(column("规划", 400, limit=365),))
    assert (value("overdue_columns", day, index), value("long_overdue_columns", day, index)) == (0, 1)


def test_the_home_page_is_as_old_as_the_newest_entry_of_its_own_columns(index: tuple[Indicator, ...]) -> None:
    hidden = replace(column("内部", 1), on_home=False)
    assert value("home_age_days", facts(columns=(column("要闻", 3), column("公告", 5), hidden)), index) == 3


def test_a_home_page_without_any_date_is_not_measured(index: tuple[Indicator, ...]) -> None:
    assert value("home_age_days", facts(columns=(column("要闻", None),)), index) is None


def test_a_finding_on_two_websites_counts_once(index: tuple[Indicator, ...]) -> None:
    sites = tuple(f.ChannelFact(name, name, "website") for name in ("a", "b"))
    finding = f.FindingFact("r", Severity.BLOCK, "示例", "示例", "示例", published_on=("a", "b"))
    assert value("published_block_findings_website", facts(channels=sites, findings=(finding,)), index) == 1


def test_a_finding_on_a_draft_does_not_count(index: tuple[Indicator, ...]) -> None:
    draft = f.FindingFact("r", Severity.BLOCK, "示例", "示例", "示例")
    assert value("published_block_findings_website", facts(findings=(draft,)), index) == 0


def test_findings_on_accounts_are_unmeasured_for_each_account_where_nothing_was_checked(
    index: tuple[Indicator, ...],
) -> None:
    taken = take("published_block_findings_account", facts(findings=None), index)
    assert [(found.value, found.subject) for found in taken] == [
        (None, "示例县发布（微博）"),
        (None, "示例县发布（微信）"),
        (None, "示例县移动客户端"),
    ]


def test_findings_without_channels_are_not_measured(index: tuple[Indicator, ...]) -> None:
    assert value("published_block_findings_website", facts(channels=None), index) is None


def test_an_led_screen_is_no_new_media_account(index: tuple[Indicator, ...]) -> None:
    assert value("account_age_days", facts(channels=(CHANNELS[-1],)), index) is None


def test_an_account_that_never_published_is_not_measured(index: tuple[Indicator, ...]) -> None:
    assert value("account_age_days", facts(channels=(f.ChannelFact("weibo", "示例", "weibo"),)), index) is None


def test_without_overdue_deliveries_the_longest_delay_is_zero(index: tuple[Indicator, ...]) -> None:
    assert value("oldest_overdue_hours", facts(channels=(CHANNELS[0],)), index) == 0


def test_a_screen_without_figures_is_not_measured(index: tuple[Indicator, ...]) -> None:
    assert value("led_running_share", facts(channels=(f.ChannelFact("led", "示例", "led"),)), index) is None


REPRINT = f.ReprintFact("示例通知", "示例省网", ago(1), AS_OF - HOUR, {})


def test_a_reprint_on_weibo_alone_does_not_fulfil_the_websites_duty(index: tuple[Indicator, ...]) -> None:
    day = facts(reprints=(replace(REPRINT, published={"weibo": ago(hours=3)}),))
    assert value("reprints_missing", day, index) == 1


def test_an_office_without_a_website_fulfils_the_duty_on_any_channel(index: tuple[Indicator, ...]) -> None:
    day = facts(reprints=(replace(REPRINT, published={"weibo": ago(hours=3)}),), channels=CHANNELS[1:])
    assert value("reprints_missing", day, index) == 0


def test_a_publication_after_the_moment_of_the_report_does_not_count(index: tuple[Indicator, ...]) -> None:
    day = facts(reprints=(replace(REPRINT, published={"website": AS_OF + HOUR}),))
    assert value("reprints_missing", day, index) == 1


def test_a_reprint_by_choice_is_no_duty(index: tuple[Indicator, ...]) -> None:
    assert value("reprints_missing", facts(reprints=(replace(REPRINT, required=False),)), index) == 0


def test_a_reprint_that_is_still_to_come_is_neither_late_nor_on_time(index: tuple[Indicator, ...]) -> None:
    assert value("reprints_on_time_share", facts(reprints=(replace(REPRINT, deadline=AS_OF + HOUR),)), index) is None


def test_reprints_whose_deadline_lies_before_the_window_do_not_count(index: tuple[Indicator, ...]) -> None:
    assert value("reprints_missing", facts(reprints=(replace(REPRINT, deadline=AS_OF - 8 * DAY),)), index) == 0


@pytest.mark.parametrize("result", [*SyncResult, None])
def test_a_source_is_never_just_quiet(result: SyncResult | None, index: tuple[Indicator, ...]) -> None:
    calm = result in (SyncResult.NEW, SyncResult.NOTHING_NEW)
    assert value("sources_in_alarm", facts(sources=(f.SourceFact("a", "示例", result),)), index) == (0 if calm else 1)


PROBLEM = f.ProblemFact("示例问题", ago(3), ago(1))


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (replace(PROBLEM, fixed_at=ago(2)), 100),
        (replace(PROBLEM, fixed_at=ago(0.5)), 0),
        (PROBLEM, 0),
        (replace(PROBLEM, deadline=None, fixed_at=ago(2)), 100),
        (replace(PROBLEM, deadline=None), None),
        (replace(PROBLEM, deadline=AS_OF + DAY), None),
        (replace(PROBLEM, deadline=AS_OF + DAY, fixed_at=AS_OF + HOUR), None),
        (replace(PROBLEM, opened_at=ago(60), deadline=ago(50)), None),
    ],
    ids=["in time", "late", "open and late", "no deadline, fixed", "no deadline, open", "open", "fixed later", "old"],
)
def test_repairs_in_time(problem: f.ProblemFact, expected: float | None, index: tuple[Indicator, ...]) -> None:
    assert value("repairs_in_time_share", facts(problems=(problem,)), index) == expected
