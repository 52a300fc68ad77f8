"""Every enforced indicator that ships, once just breached and once just not, from facts to judgement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.config.indicators import read_indicators
from syndicate.config.places import ConfigFile, Problems
from syndicate.inspection.judge import judge
from syndicate.inspection.measure import INSTRUMENTS, measure
from syndicate.inspection.wording import measures
from syndicate.model import facts as f
from syndicate.model.finding import Severity
from syndicate.model.inspection import Indicator, Level, Measurement, Standing
from syndicate.model.source import SyncResult
from tests.inspection.conftest import CONTENT, shipped_index
from tests.inspection.sample_day import AS_OF, DAY, HOUR, ago, column, facts, probes

SECOND = timedelta(seconds=1)
WEBSITE = f.ChannelFact("website", "县政府网站", "website")
WEIBO = f.ChannelFact("weibo", "示例微博", "weibo", last_success=ago(1), interactive=True, drift=0)
APP = f.ChannelFact("app", "示例客户端", "app", last_success=ago(1), usable=True, interactive=True)
LED = f.ChannelFact("led", "示例屏", "led", running_share=100)
BLOCK = f.FindingFact("typo", Severity.BLOCK, "示例稿件", "布署", "错字", published_on=("website", "weibo"))
CONFIRM = replace(BLOCK, severity=Severity.CONFIRM)
DEAD = f.LinkFact("https://a.example/", "https://b.example/", "404", on_home=True)
PAGE = f.PageFact("https://a.example/1.html", ("示例问题",))
REPRINT = f.ReprintFact("示例通知", "示例省网", ago(1), AS_OF, {})
CHECK = f.SecondCheckFact("撤回", "示例稿件", "值班员甲", ago(hours=1))
PROBLEM = f.ProblemFact("示例问题", ago(3), AS_OF - DAY)


def site(**found: object) -> f.DayFacts:
    return facts(site=f.SiteFacts(**found))  # type: ignore[arg-type]


def media(**changes: object) -> f.DayFacts:
    return facts(channels=(replace(WEIBO, **changes),))  # type: ignore[arg-type]


def columns(count: int, age: float | None, limit: int = 14, held: int = 5) -> f.DayFacts:
    late = [column(f"栏目{n}", age, limit, held) for n in range(count)]
    return facts(columns=(*late, *(column(f"好{n}", 1) for n in range(20))))


def audience(**kept: object) -> f.DayFacts:
    return facts(interaction=f.InteractionFacts(**kept))  # type: ignore[arg-type]


def reprint(published: timedelta | None, deadline: timedelta = timedelta(0)) -> f.DayFacts:
    """One required reprint, its deadline and its publication on the website counted from `AS_OF`."""
    times = {} if published is None else {"website": AS_OF + published}
    return facts(reprints=(replace(REPRINT, deadline=AS_OF + deadline, published=times),), channels=(WEBSITE,))


TWO_WEEKS = timedelta(days=14)
FILE = replace(DEAD, url="https://a.example/fj.docx")
LIKE = replace(REPRINT, published={"website": ago(hours=1)}, mismatches=())


def lag(length: timedelta) -> f.DayFacts:
    """One required reprint that took so long."""
    fact = replace(LIKE, source_time=ago(2), published={"website": ago(2) + length})
    return facts(reprints=(fact,), channels=(WEBSITE,))


def like(*mismatches: str) -> f.DayFacts:
    return facts(reprints=(replace(LIKE, mismatches=mismatches),), channels=(WEBSITE,))


CASES = {
    # id: (facts that just breach it, facts that just do not)
    "W1-1": (facts(findings=(BLOCK,), channels=(WEBSITE,)), facts(findings=(CONFIRM,), channels=(WEBSITE,))),
    "W1-3": (site(broken_links=(replace(DEAD, leads_off=True),)), site(broken_links=(DEAD,))),
    "W1-4": (site(tampered=(PAGE,)), site(tampered=())),
    "W1-5": (site(backdated=(PAGE,)), site(backdated=())),
    "W2": (facts(probes=probes(140, 7)), facts(probes=probes(141, 7))),
    "W3": (facts(columns=(column("要闻", 14),)), facts(columns=(column("要闻", 14 - 1e-6),))),
    "W4-1": (columns(5, 14), columns(4, 14)),
    "W4-2": (columns(10, 400, 365), columns(9, 400, 365)),
    "W4-3": (columns(5, None, held=0), columns(4, None, held=0)),
    "W5-1": (site(consultation=False), site(consultation=True)),
    "W5-2": (audience(open_since=(ago(92),)), audience(open_since=(ago(92) + SECOND,))),
    "W6-1": (site(services=False), site(services=True)),
    "W6-2": (site(guides_incomplete=5), site(guides_incomplete=4)),
    "D1": (site(broken_links=(DEAD,)), site(broken_links=(replace(DEAD, on_home=False),))),
    "D2": (site(broken_links=(replace(DEAD, on_home=False),)), site(broken_links=(DEAD,))),
    "D3": (site(tag_gaps=(PAGE,)), site(tag_gaps=())),
    "D4": (site(footer_missing=("党政机关标识",)), site(footer_missing=())),
    "D5": (site(government_domain=False), site(government_domain=True)),
    "D6": (site(search_works=False), site(search_works=True)),
    "D7": (site(ipv6_works=False), site(ipv6_works=True)),
    "D8": (audience(surveys_in_year=5), audience(surveys_in_year=6)),
    "D9": (columns(1, 14), columns(1, 14 - 1e-6)),
    "D10": (columns(1, 183, 183), columns(1, 183 - 1e-6, 183)),
    "D11": (columns(1, None, held=0), columns(1, 1, held=1)),
    "D12": (columns(1, 400, 365), columns(1, 364, 365)),
    "D13": (site(broken_links=(FILE,)), site(broken_links=(replace(FILE, url="https://a.example/fj.html"),))),
    "D14": (audience(open_since=(ago(7),)), audience(open_since=(ago(7) + SECOND,))),
    "D15": (site(load_seconds=15.01), site(load_seconds=15)),
    "B1": (like("正文"), like()),
    "L1": (lag(8 * HOUR + SECOND), lag(8 * HOUR)),
    "L2": (lag(12 * HOUR + SECOND), lag(12 * HOUR)),
    "L3": (lag(24 * HOUR + SECOND), lag(24 * HOUR)),
    "L4": (facts(columns=(column("要闻", 10),)), facts(columns=(column("要闻", 10 - 1e-6),))),
    "L5": (like("附件"), like()),
    "M1": (facts(findings=(BLOCK,), channels=(WEIBO,)), facts(findings=(CONFIRM,), channels=(WEIBO,))),
    "T17": (site(load_seconds=3.01), site(load_seconds=3)),
    "M1-N": (facts(findings=(BLOCK,), channels=(WEIBO,)), facts(findings=(CONFIRM,), channels=(WEIBO,))),
    "M2-1": (media(last_success=AS_OF - TWO_WEEKS), media(last_success=AS_OF - TWO_WEEKS + SECOND)),
    "M2-1-10": (media(last_success=ago(10)), media(last_success=ago(10) + SECOND)),
    "M2-1-13": (media(last_success=ago(13)), media(last_success=ago(13) + SECOND)),
    "M2-2": (facts(channels=(replace(APP, usable=False),)), facts(channels=(APP,))),
    "M3": (media(interactive=False), media(interactive=True)),
    "T1": (facts(probes=probes(288, 1, DAY)), facts(probes=probes(288, 0, DAY))),
    "T2": (facts(channels=(replace(LED, running_share=97.99),)), facts(channels=(replace(LED, running_share=98),))),
    "T3": (
        facts(problems=(replace(PROBLEM, fixed_at=AS_OF - DAY + SECOND),)),
        facts(problems=(replace(PROBLEM, fixed_at=AS_OF - DAY),)),
    ),
    "T4": (audience(satisfaction=94.99), audience(satisfaction=95)),
    "T5": (reprint(None, -SECOND), reprint(None)),
    "T6": (reprint(-HOUR + SECOND, -HOUR), reprint(-HOUR, -HOUR)),
    "T7": (
        facts(sources=(f.SourceFact("a", "示例源", SyncResult.SILENT),)),
        facts(sources=(f.SourceFact("a", "示例源", SyncResult.NOTHING_NEW),)),
    ),
    "T8": (media(needs_person=1), media(needs_person=0)),
    "T9": (media(oldest_overdue=ago(hours=4)), media(oldest_overdue=ago(hours=4) + SECOND)),
    "T10": (facts(second_checks=(CHECK,)), facts(second_checks=(replace(CHECK, checked_by="值班员乙"),))),
    "T11": (site(footer_missing=("ICP备案号",)), site(footer_missing=())),
    "T12": (site(tag_gaps=(PAGE,)), site(tag_gaps=())),
    "T13": (site(broken_links=(DEAD,)), site(broken_links=(replace(DEAD, on_home=False),))),
    "T14": (
        site(broken_links=(replace(DEAD, on_home=False),) * 10),
        site(broken_links=(replace(DEAD, on_home=False),) * 9),
    ),
    "T15": (audience(error_reports_late=1), audience(error_reports_late=0)),
    "T16": (media(drift=1), media(drift=0)),
}


def standing(day: f.DayFacts, indicator: Indicator) -> Standing:
    (judgement,) = judge(measure(day, [indicator]), [indicator])
    return judgement.standing


INDEX = shipped_index()
BY_ID = {one.id: one for one in INDEX}


def enforced(name: str) -> Indicator:
    """The indicator as it is once its original was read and somebody has switched it on."""
    return replace(BY_ID[name], enforced=True, confidence="C")


def test_every_indicator_that_ships_has_its_two_cases() -> None:
    assert set(BY_ID) == set(CASES)


@pytest.mark.parametrize("name", BY_ID)
def test_the_value_on_the_line_breaches(name: str) -> None:
    assert standing(CASES[name][0], enforced(name)) is Standing.BREACHED


@pytest.mark.parametrize("name", BY_ID)
def test_the_value_just_short_of_the_line_does_not_breach(name: str) -> None:
    assert standing(CASES[name][1], enforced(name)) in (Standing.FULFILLED, Standing.WARNING)


@pytest.mark.parametrize("name", [one.id for one in INDEX if not one.enforced])
def test_what_is_switched_off_is_not_judged_whatever_was_measured(name: str) -> None:
    assert standing(CASES[name][0], BY_ID[name]) is Standing.NOT_ENFORCED


@pytest.mark.parametrize("name", [one.id for one in INDEX if one.warn is not None])
def test_a_warning_comes_before_the_breach(name: str) -> None:
    indicator = enforced(name)
    assert indicator.warn is not None
    before = min(indicator.warn, indicator.threshold) if indicator.operator.startswith(">") else indicator.warn
    found = Measurement(indicator.measure, before + (indicator.operator == ">"), "")
    (judgement,) = judge([found], [indicator])
    assert judgement.standing is Standing.WARNING


def test_unconfirmed_indicators_ship_switched_off() -> None:
    assert not [one.id for one in INDEX if one.enforced and one.confidence != "C"]


@pytest.mark.parametrize("name", ["L1", "L2", "L3", "L4"])
def test_an_office_switches_a_stricter_local_rule_on_in_its_own_file(name: str) -> None:
    text = (CONTENT / "inspection" / "local.yaml").read_text("utf-8")
    start = text.index(f"  - id: {name}\n")
    switched = text[:start] + text[start:].replace("enforced: false", "enforced: true", 1)
    problems = Problems()
    found = read_indicators([ConfigFile("content/inspection/local.yaml", switched)], problems)
    problems.raise_if_any()
    assert standing(CASES[name][0], next(one for one in found if one.id == name)) is Standing.BREACHED


def test_a_veto_that_is_breached_carries_address_time_rule_and_remedy() -> None:
    page = replace(PAGE, seen_at=ago(hours=2), sha256="a" * 64)
    indicator = BY_ID["W1-4"]
    (judgement,) = judge(measure(site(tampered=(page,)), [indicator]), [indicator])
    (evidence,) = judgement.measurement.evidence
    assert (evidence.url, evidence.at, evidence.sha256) == (page.url, page.seen_at, page.sha256)
    assert judgement.indicator.basis
    assert judgement.indicator.fix


def test_every_indicator_names_a_measure_that_exists(index: tuple[Indicator, ...]) -> None:
    assert {i.measure for i in index} <= set(INSTRUMENTS)


def test_every_measure_is_described() -> None:
    assert set(measures()) == set(INSTRUMENTS)


def test_every_measure_is_judged_by_some_indicator(index: tuple[Indicator, ...]) -> None:
    assert set(INSTRUMENTS) == {i.measure for i in index}


def test_no_deduction_is_enforced_before_its_points_were_read(index: tuple[Indicator, ...]) -> None:
    assert not [i.id for i in index if i.level is Level.DEDUCT and i.enforced]


def test_only_national_rules_are_vetoes(index: tuple[Indicator, ...]) -> None:
    assert all("〔2019〕19号" in i.basis for i in index if i.level is Level.VETO)


@pytest.mark.parametrize(
    ("age", "expected"), [(6.99, "fulfilled"), (7, "warning"), (13.99, "warning"), (14, "breached")]
)
def test_an_account_warns_at_seven_days_and_breaches_at_fourteen(
    age: float, expected: str, index: tuple[Indicator, ...]
) -> None:
    indicator = next(i for i in index if i.id == "M2-1")
    assert standing(media(last_success=ago(age)), indicator) == expected


@pytest.mark.parametrize(("failed", "expected"), [(2, "fulfilled"), (3, "warning"), (4, "warning"), (5, "breached")])
def test_reachability_warns_at_three_percent(failed: int, expected: str, index: tuple[Indicator, ...]) -> None:
    indicator = next(i for i in index if i.id == "W2")
    assert standing(facts(probes=probes(100, failed)), indicator) == expected
