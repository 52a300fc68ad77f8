"""A seen-set and no watermark."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.novelty import row_hash, sort_out
from syndicate.model.source import Row
from tests.ingest.conftest import NOW


def row(n: int, days_old: int | None = None) -> Row:
    published = None if days_old is None else NOW - timedelta(days=days_old)
    return Row(f"url:{n}", f"https://a.example/{n}", f"第{n}条", published)


def seen(*rows: Row) -> dict[str, str]:
    return {one.key: row_hash(one) for one in rows}


def test_a_key_that_was_never_seen_is_new_however_old_its_date() -> None:
    old = row(2, days_old=4_000)

    assert sort_out([row(1), old], seen(row(1)), 10).new == (old,)


def test_a_row_that_says_something_else_is_changed() -> None:
    changed = replace(row(1), title="更正：第1条")

    assert sort_out([changed, row(2)], seen(row(1), row(2)), 10).changed == (changed,)


def test_a_summary_that_changes_is_no_change() -> None:
    assert sort_out([replace(row(1), summary="阅读 5 次")], seen(row(1)), 10).changed == ()


def test_a_row_whose_hash_is_unknown_counts_as_unchanged() -> None:
    assert sort_out([row(1)], {"url:1": ""}, 10).known == (row(1),)


def test_the_first_look_takes_the_newest_by_date_and_archives_the_rest() -> None:
    rows = [row(1, days_old=9), row(2, days_old=1), row(3, days_old=5)]

    novelty = sort_out(rows, {}, 2)

    assert (novelty.new, novelty.archive) == ((rows[1], rows[2]), (rows[0],))


def test_without_all_dates_the_first_of_the_list_are_the_newest() -> None:
    rows = [row(1), row(2, days_old=0), row(3)]

    assert sort_out(rows, {}, 2).new == tuple(rows[:2])


def test_a_first_look_may_take_nothing() -> None:
    assert sort_out([row(1)], {}, 0).archive == (row(1),)


NUMBERS = st.lists(st.integers(0, 20), unique=True)


@given(NUMBERS, NUMBERS, NUMBERS, st.integers(0, 10))
def test_every_row_stands_in_exactly_one_part(listed: list[int], known: list[int], other: list[int], keep: int) -> None:
    rows = [row(n) for n in listed]
    before = {**seen(*(row(n) for n in known)), **{f"url:{n}": "other" for n in other}}

    novelty = sort_out(rows, before, keep)

    parts = [*novelty.new, *novelty.changed, *novelty.known, *novelty.archive]
    assert sorted(one.key for one in parts) == sorted(one.key for one in rows)
    assert not novelty.archive or not before
