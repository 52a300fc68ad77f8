"""A WordPress export becomes published items; what is in it and not for the public stays out."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.errors import InputError, UsageError
from syndicate.flow.importing import Imported
from syndicate.flow.old_site import named_columns, open_export
from syndicate.flow.website import verify_site
from syndicate.model.item import FileRole, ItemState
from syndicate.records import audit, imports, items, models
from syndicate.records.connection import close_connections
from tests.databases import on_both, on_one_unless_named
from tests.flow.office import Desk
from tests.flow.old_office import (
    opened,
    site,
    taken,
)
from tests.flow.web import PNG, Beat, Page
from tests.ingest.exports import export, post


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_one_unless_named(metafunc)


def test_posts_of_an_export_become_items_at_their_old_addresses(desk: Desk) -> None:
    data = export(post(1, "样例动态一"), post(2, "样例动态二"))
    result = taken(desk, opened(desk, data))
    assert (result.imported, result.stay, result.needs_attention) == (2, 2, False)
    page = site(desk)["2016/05/sample-1/index.html"]
    assert "样例动态一" in page
    assert 'content="2015-05-02 16:00"' in page


def test_an_export_again_doubles_nothing(desk: Desk) -> None:
    data = export(post(1, "样例动态一"), post(2, "样例动态二"))
    taken(desk, opened(desk, data))
    again = taken(desk, opened(desk, export(post(1, "样例动态一"), post(2, "样例动态二"), post(3, "样例动态三"))))
    assert (again.imported, again.already) == (1, 2)


def test_drafts_and_unmapped_categories_are_told_and_not_imported(desk: Desk) -> None:
    data = export(post(1, "草稿", status="draft"), post(2, "别的", category="other"), post(3, "页面", post_type="page"))
    result = taken(desk, opened(desk, data, ["news=news"]))
    assert result.imported == 0
    assert [one.why.key for one in result.skipped] == ["import.not_public", "import.no_column", "import.no_column"]
    assert result.needs_attention


def test_a_star_takes_all_other_categories_but_no_pages(desk: Desk) -> None:
    data = export(
        post(1, "一"), post(2, "二", category="other"), post(3, "三", category=""), post(4, "四", post_type="page")
    )
    result = taken(desk, opened(desk, data, ["news=news", "*=policy"]))
    columns = dict(models.ImportedPage.objects.values_list("title", "column"))
    assert columns == {"一": "news", "二": "policy", "三": "policy"}
    assert [one.title for one in result.skipped] == ["四"]


def test_pages_are_taken_where_they_are_named(desk: Desk) -> None:
    assert taken(desk, opened(desk, export(post(4, "机构简介", post_type="page")), ["page=policy"])).imported == 1


def test_a_category_is_known_by_its_name_too(desk: Desk) -> None:
    assert taken(desk, opened(desk, export(post(1, "一")), ["样例分类=news"])).imported == 1


def test_files_of_an_export_are_fetched_from_the_old_site(beat: Beat) -> None:
    beat.web.pages["/up/1.png"] = Page(PNG, type="image/png")
    data = export(
        post(1, "样例动态一", content=f"文字说明\n\n<img src='{beat.web.base}/up/1.png'>"), base=beat.web.base
    )
    result = taken(beat.desk, opened(beat.desk, data, allow=(beat.web.host,)))
    assert result.imported == 1
    (row,) = models.ImportedPage.objects.all()
    assert row.item is not None
    assert [one.role for one in items.latest_revision(row.item.id).content.attachments] == [FileRole.IMAGE]


def test_hostile_markup_of_an_export_is_sanitised(desk: Desk) -> None:
    content = (
        "正文样例文字\n\n<script>alert(1)</script><img src=x onerror=alert(1)><iframe src='http://x.example'></iframe>"
    )
    taken(desk, opened(desk, export(post(1, "样例<b>动态</b>", content=content))))
    page = site(desk)["2016/05/sample-1/index.html"]
    assert "alert(1)" not in page
    assert "iframe" not in page
    assert "<h1" in page


def test_an_export_that_breaks_off_imports_nothing(desk: Desk) -> None:
    with pytest.raises(InputError):
        opened(desk, export(post(1, "样例"), post(2, "样例"))[:-60])
    assert items.counted(list(ItemState)) == 0


def test_a_file_that_is_not_there_is_a_mistake_in_the_call(desk: Desk) -> None:
    wanted = named_columns(["news=news"], desk.workspace.snapshot.columns)
    with pytest.raises(UsageError):
        open_export(desk.workspace, Path("absent.xml"), wanted)


def test_a_post_without_an_address_is_told(desk: Desk) -> None:
    result = taken(desk, opened(desk, export(post(1, "样例", link="javascript:x"))))
    assert [one.why.key for one in result.skipped] == ["import.no_address"]


def test_progress_hears_every_title(desk: Desk) -> None:
    heard: list[str] = []
    taken(desk, opened(desk, export(post(1, "样例一"), post(2, "样例二"))), heard.append)
    assert heard == ["样例一", "样例二"]


def test_two_posts_whose_paths_meet_keep_both_articles(desk: Desk) -> None:
    """`/a` and `/a/` would be one file."""
    data = export(post(1, "样例一", link="http://old.example/a"), post(2, "样例二", link="http://old.example/a/"))
    result = taken(desk, opened(desk, data))
    assert (result.imported, result.stay, len(result.lost)) == (2, 1, 1)
    assert verify_site(desk.workspace).whole


def test_a_mistake_of_ours_with_one_article_stops_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = imports.hold

    def fails(new: imports.Held, now: object) -> None:
        if desk.item(new.item).old_address.startswith("2016"):
            raise RuntimeError
        real(new, now)  # type: ignore[arg-type]

    monkeypatch.setattr(imports, "hold", fails)
    result: Imported = taken(desk, opened(desk, export(post(1, "样例一"), post(2, "样例二"))))
    assert (result.imported, [one.why.key for one in result.failed]) == (1, ["sync.mistake"])
    assert items.counted([ItemState.PUBLISHED]) == 1


def test_an_import_of_a_day_later_takes_the_clock_of_its_own(desk: Desk) -> None:
    taken(desk, opened(desk, export(post(1, "样例一"))))
    desk.wait(timedelta(days=1))
    taken(desk, opened(desk, export(post(1, "样例一"), post(2, "样例二"))))
    times = [event.at for event in audit.between(desk.now - timedelta(days=2), desk.now + timedelta(days=1))]
    assert times == [desk.now - timedelta(days=1), desk.now]


@on_both
def test_two_imports_at_once_double_nothing(desk: Desk) -> None:
    data = export(*(post(number, f"样例动态第{number}号") for number in range(8)))
    results: list[Imported] = []
    workspace = desk.workspace
    sites = [opened(desk, data) for _ in range(2)]

    def run() -> None:
        try:
            results.append(taken(desk, sites.pop()))
        finally:
            close_connections()

    assert workspace.website() is not None
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.imported for one in results) == 8
    assert [one.failed for one in results] == [[], []]
    assert items.counted([ItemState.PUBLISHED]) == 8
    assert sorted(models.SiteEntry.objects.values_list("sequence", flat=True)) == list(range(8))
    assert verify_site(workspace).whole
