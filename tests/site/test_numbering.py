from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from syndicate.site.numbering import PAGE, archive_pages, archive_pages_changed, newest_start, sitemap_shards


@given(st.integers(0, 100_000))
def test_every_number_stands_on_exactly_one_page(count: int) -> None:
    assert archive_pages(count) * PAGE == newest_start(count)
    assert 0 <= count - newest_start(count) < 2 * PAGE


@given(st.integers(40, 100_000))
def test_a_long_column_has_at_least_a_page_of_newest(count: int) -> None:
    assert count - newest_start(count) >= PAGE


@given(st.integers(1, 100_000), st.data())
def test_a_change_touches_at_most_two_archive_pages_that_exist(count: int, data: st.DataObject) -> None:
    sequence = data.draw(st.integers(0, count - 1))
    changed = archive_pages_changed(sequence, count, count - 1)
    assert len(changed) <= 2
    assert all(0 <= page < archive_pages(count) for page in changed)
    assert sequence >= newest_start(count) or sequence // PAGE in changed


def test_a_page_is_written_by_one_publication_and_led_to_by_the_next() -> None:
    assert archive_pages_changed(79, 80, 79) == (2,)
    assert archive_pages_changed(80, 81, 80) == (1,)


def test_a_column_that_is_written_already_keeps_its_archive() -> None:
    assert archive_pages_changed(81, 82, 81) == ()


def test_pages_that_a_dead_worker_left_out_are_written_by_the_next() -> None:
    assert archive_pages_changed(100, 101, 59) == (3, 2, 1, 0)


def test_a_sitemap_holds_a_hundred_entries() -> None:
    assert [sitemap_shards(count) for count in (0, 1, 100, 101)] == [0, 1, 1, 2]
