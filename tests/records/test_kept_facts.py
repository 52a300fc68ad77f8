"""What a report of a past moment needs and no other record dates, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.model.finding import Finding, Severity
from syndicate.records import findings, kept_facts, models, past
from tests.databases import on_one
from tests.records.samples import new_item

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)
FOUND = Finding("sample.rule", Severity.BLOCK, 0, 2, "词语", "不得使用")


def test_the_migration_of_reporting_goes_back_and_forth(records: Path) -> None:
    loader = MigrationExecutor(connection).loader
    migration = loader.get_migration("records", "0022_reporting")
    for step, exists in ((migration.unapply, False), (migration.apply, True)):
        with connection.schema_editor(atomic=migration.atomic) as editor:
            step(loader.project_state(("records", "0021_crawling")), editor)
        assert ("records_keptfact" in connection.introspection.table_names()) is exists


def test_before_anybody_looked_nothing_is_known(records: Path) -> None:
    kept_facts.keep("task", {"a": {"text": "甲"}}, NOON)
    assert kept_facts.as_of("task", NOON - MINUTE) is None


def test_what_stands_is_what_was_kept_last(records: Path) -> None:
    kept_facts.keep("task", {"a": {"text": "甲"}}, NOON)
    kept_facts.keep("task", {"a": {"text": "乙"}}, NOON + MINUTE)
    assert kept_facts.as_of("task", NOON) == {"a": {"text": "甲"}}
    assert kept_facts.as_of("task", NOON + MINUTE) == {"a": {"text": "乙"}}


def test_what_is_over_no_longer_stands_and_stood_before(records: Path) -> None:
    kept_facts.keep("task", {"a": {"text": "甲"}}, NOON)
    kept_facts.keep("task", {}, NOON + MINUTE)
    assert kept_facts.as_of("task", NOON) == {"a": {"text": "甲"}}
    assert kept_facts.as_of("task", NOON + MINUTE) == {}


def test_that_nothing_stands_is_known_too(records: Path) -> None:
    kept_facts.keep("task", {}, NOON)
    assert kept_facts.as_of("task", NOON) == {}


def test_what_did_not_change_makes_no_row(records: Path) -> None:
    for number in range(5):
        kept_facts.keep("task", {"a": {"text": "甲"}}, NOON + number * MINUTE)
    assert models.KeptFact.objects.count() == 1


def test_kinds_do_not_mix(records: Path) -> None:
    kept_facts.keep("task", {"a": {"text": "甲"}}, NOON)
    kept_facts.keep("rule", {}, NOON)
    assert kept_facts.as_of("task", NOON) == {"a": {"text": "甲"}}


_SERIES = st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), max_size=3), min_size=1, max_size=6)


@on_one
def test_any_series_of_standings_can_be_told_again(records: Path) -> None:
    @settings(max_examples=30, deadline=None)
    @given(_SERIES)
    def told_again(series: list[dict[str, int]]) -> None:
        models.KeptFact.objects.all().delete()
        standings = [{key: {"count": count} for key, count in one.items()} for one in series]
        for number, standing in enumerate(standings):
            kept_facts.keep("task", standing, NOON + number * MINUTE)
        told = [kept_facts.as_of("task", NOON + number * MINUTE) for number in range(len(series))]
        assert told == standings

    told_again()


def test_a_finding_that_is_gone_stood_until_then(records: Path) -> None:
    _, revision = new_item(NOON)
    findings.replace(revision, [FOUND], "one", NOON)
    findings.replace(revision, [], "two", NOON + 2 * MINUTE)
    stood = [[one.finding.rule for one in past.findings(NOON + number * MINUTE)] for number in (0, 1, 2, 3)]
    assert stood == [[], ["sample.rule"], ["sample.rule"], []]


def test_a_finding_that_became_a_hint_was_none_before(records: Path) -> None:
    _, revision = new_item(NOON)
    findings.replace(revision, [FOUND], "one", NOON)
    findings.replace(revision, [FOUND._replace(severity=Severity.HINT)], "two", NOON + 2 * MINUTE)
    stood = [[one.finding.severity for one in past.findings(NOON + number * MINUTE)] for number in (1, 3)]
    assert stood == [[Severity.BLOCK], []]


def test_a_finding_that_stays_keeps_its_first_day(records: Path) -> None:
    _, revision = new_item(NOON)
    for number in range(3):
        findings.replace(revision, [FOUND], str(number), NOON + number * MINUTE)
    assert [one.found_at for one in past.findings(NOON + 9 * MINUTE)] == [NOON]
    assert models.FormerFinding.objects.count() == 0
