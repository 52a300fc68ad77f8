from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.model.site import SiteEntry
from syndicate.records import search
from syndicate.records.site_ledger import SiteEntries
from syndicate.text.bigrams import runs
from tests.records.samples import CONTENT, new_item

SITE = "website"
TEXTS = ("县政府召开经济工作会议，部署营商环境。", "武汉记者报道：经济运行平稳。", "قاراماي شەھىرى ABC abc 2026年")


def publish(now: datetime, number: int, text: str, column: str = "news", title: str = "样例") -> SiteEntry:
    item, _ = new_item(now, replace(CONTENT, title=f"{title}{number}"))
    at = now + timedelta(minutes=number)
    entry = SiteEntry(item, column, f"{column}/{item}.html", f"{title}{number}", "", "样例县政府办", at)
    ledger = SiteEntries()
    entry = ledger.view(SITE, entry).entry
    ledger.settle(SITE, entry, text)
    return entry


@pytest.fixture
def entries(records: Path, now: datetime) -> list[SiteEntry]:
    return [publish(now, number, text) for number, text in enumerate(TEXTS)]


def items(query: str, **filters: object) -> list[int]:
    return [hit.item for hit in search.find(SITE, query, **filters).hits]  # type: ignore[arg-type]  # the filters' own types


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("经济", [1, 0]),
        ("营商环境", [0]),
        ("济", [1, 0]),
        ("境", [0]),
        ("样例", [2, 1, 0]),
        ("经济 武汉", [1]),
        ("ＡＢＣ", [2]),
        ("bc", [2]),
        ("قاراماي", [2]),
        ("环商", []),
        ("议部", []),
        ("", []),
        ("，。！", []),
        ('" OR terms : "经济', []),
        ("经济*", [1, 0]),
        ("'); DROP TABLE x --", []),
    ],
)
def test_what_is_found_is_what_the_text_holds_newest_first(
    entries: list[SiteEntry], query: str, found: list[int]
) -> None:
    assert items(query) == [entries[number].item for number in found]


def test_an_amendment_is_found_by_its_new_words_only(entries: list[SiteEntry]) -> None:
    SiteEntries().settle(SITE, entries[0], "改为文化工作会议。")
    assert items("文化") == [entries[0].item]
    assert items("营商") == []


def test_a_withdrawn_article_is_not_found(entries: list[SiteEntry]) -> None:
    SiteEntries().settle(SITE, replace(entries[0], withdrawn=True))
    assert items("经济") == [entries[1].item]
    search.remove(SITE, entries[0].item)


def test_filters_by_column_and_year(entries: list[SiteEntry], now: datetime) -> None:
    local = publish(now, 9, "经济", "news-local")
    old = publish(now - timedelta(days=700), 10, "经济", "policy")
    assert items("经济", column="news-local") == [local.item]
    assert items("经济", column="news") == [entries[1].item, entries[0].item]
    assert items("经济", year=2024) == [old.item]
    assert search.years(SITE) == range(2024, 2027)
    assert items("经济", column="policy", year=2026) == []


def test_pages_follow_each_other_and_the_total_is_that_of_all(records: Path, now: datetime) -> None:
    published = [publish(now, number, "经济") for number in range(5)]
    page = search.find(SITE, "经济", start=2, count=2)
    assert page.total == 5
    assert [hit.item for hit in page.hits] == [published[2].item, published[1].item]


def test_more_than_people_read_is_not_counted(entries: list[SiteEntry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_COUNTED", 2)
    assert search.find(SITE, "样例").uncounted
    assert not search.find(SITE, "经济").uncounted
    assert search.find(SITE, "经济").total == 2


def test_two_articles_of_the_same_second_are_both_found(records: Path, now: datetime) -> None:
    first, second = publish(now, 1, "经济"), publish(now, 1, "经济")
    other = SiteEntries()
    entry = replace(first, published_at=now)
    other.settle("second", other.view("second", entry).entry, "经济")
    assert set(items("经济")) == {first.item, second.item}
    assert [hit.item for hit in search.find("second", "经济").hits] == [first.item]


def test_nothing_published_has_no_years(records: Path) -> None:
    assert list(search.years(SITE)) == []


def test_what_was_published_before_there_was_a_search_is_named(entries: list[SiteEntry]) -> None:
    assert search.missing(SITE) == ()
    search.remove(SITE, entries[1].item)
    assert search.missing(SITE) == (entries[1].item,)


words = st.text(st.sampled_from("经济武汉营商ab1 ，"), min_size=1, max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(words, min_size=1, max_size=4),
    query=st.text(st.sampled_from("经济武汉营商ab1"), min_size=1, max_size=3),
)
def test_counts_equal_exact_search(records: Path, now: datetime, texts: list[str], query: str) -> None:
    published = [publish(now, number, text, title="题") for number, text in enumerate(texts)]
    ours = set(items(query, count=1000)) & {entry.item for entry in published}
    exact = {
        entry.item
        for entry, text in zip(published, texts, strict=True)
        if any(query in run for run in runs(f"{entry.title}\n{text}"))
    }
    assert ours == exact
