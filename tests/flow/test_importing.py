"""The former website becomes published items: each once, with its date, its address, its files, and no other channel."""

from __future__ import annotations

import hashlib
import re

import pytest

from syndicate.config.old_columns import OldColumn
from syndicate.errors import NotAllowed, NotFound, StorageError, UsageError
from syndicate.flow import room
from syndicate.flow.importing import preview
from syndicate.flow.old_site import crawl, named_columns
from syndicate.flow.website import verify_site
from syndicate.model.item import FileRole, ItemState
from syndicate.records import items, models
from tests.databases import on_both, on_one_unless_named
from tests.flow.office import EDITOR, PUBLISHER, Desk
from tests.flow.old_office import (
    FIRST,
    PLAIN_LIST,
    TRS_LIST,
    VSB_LIST,
    crawled,
    fetcher,
    imported,
    item_at,
    old_article,
    plain,
    site,
    titles,
    trs,
    vsb,
)
from tests.flow.web import PNG, Beat, Page


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_one_unless_named(metafunc)


def test_every_article_of_every_page_of_a_list_becomes_a_published_item(beat: Beat) -> None:
    trs(beat)
    result = imported(beat, f"{TRS_LIST}=news")
    assert (result.found, result.imported, result.already) == (12, 12, 0)
    assert not result.needs_attention
    assert items.counted([ItemState.PUBLISHED]) == 12


def test_a_list_whose_pages_are_numbered_downwards_is_read_to_its_oldest_page(beat: Beat) -> None:
    vsb(beat)
    result = imported(beat, f"{VSB_LIST}=news")
    assert (result.imported, result.stay, result.failed) == (9, 9, [])
    assert len(titles(site(beat.desk)["news/index.html"])) == 9


def test_a_list_of_no_known_family_is_followed_by_its_own_links(beat: Beat) -> None:
    plain(beat, pages=3)
    assert imported(beat, f"{PLAIN_LIST}=policy").imported == 9


def test_an_address_that_cannot_stay_is_led_on_by_nginx(beat: Beat) -> None:
    plain(beat, pages=1)
    result = imported(beat, f"{PLAIN_LIST}=policy")
    assert (result.stay, result.led_on) == (0, 3)
    item = item_at(beat, "/show.php?id=101")
    lines = (beat.desk.home / "var" / "site.nginx" / "old.map").read_text("utf-8").splitlines()
    assert f'"/show.php?id=101" /policy/202611/{item}.html;' in lines
    assert f'"{PLAIN_LIST}" /policy/;' in lines


def test_a_page_leads_on_from_an_old_list(beat: Beat) -> None:
    trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    assert "../../news/index.html" in site(beat.desk)["zwgk/tzgg/index.html"]


def test_pictures_and_attachments_come_along_and_their_old_addresses_lead_to_them(beat: Beat) -> None:
    trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    item = item_at(beat, FIRST)
    files = items.latest_revision(item).content.attachments
    assert {one.role for one in files} == {FileRole.IMAGE, FileRole.ATTACHMENT}
    lines = (beat.desk.home / "var" / "site.nginx" / "old.map").read_text("utf-8")
    for one in files:
        target = re.search(rf'"{TRS_LIST}{one.url.rpartition("/")[2]}" /(\S+);', lines)
        assert target
        assert hashlib.sha256((beat.desk.home / "var" / "site" / target[1]).read_bytes()).hexdigest() == one.sha256


def test_a_file_of_another_host_gets_no_redirect(beat: Beat) -> None:
    beat.web.pages["/x.png"] = Page(PNG, type="image/png")
    trs(beat, pages=1)
    foreign = f"<img src='http://localhost:{beat.web.host.rpartition(':')[2]}/x.png'>"
    beat.web.pages[FIRST] = Page(old_article("样例公告第1号", "2019-01-02 09:30", body=foreign))
    imported(beat, f"{TRS_LIST}=news")
    assert "x.png" not in (beat.desk.home / "var" / "site.nginx" / "old.map").read_text("utf-8")


@on_both
def test_an_import_again_doubles_nothing(beat: Beat) -> None:
    trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    before, asked = site(beat.desk), len(beat.web.asked)
    again = imported(beat, f"{TRS_LIST}=news")
    assert (again.imported, again.already) == (0, 12)
    assert not again.needs_attention
    assert items.counted([ItemState.PUBLISHED]) == 12
    assert site(beat.desk) == before
    assert not [path for path, _ in beat.web.asked[asked:] if "/t2019" in path]


def test_what_the_old_site_gained_since_is_imported_by_the_next_run(beat: Beat) -> None:
    trs(beat, pages=1, rows=4)
    imported(beat, f"{TRS_LIST}=news")
    wanted = trs(beat, pages=2, rows=4)
    assert imported(beat, f"{TRS_LIST}=news").imported == 4
    assert titles(site(beat.desk)["news/index.html"]) == wanted


def test_the_same_address_in_two_lists_is_one_item_and_is_told(beat: Beat) -> None:
    trs(beat, pages=1)
    result = imported(beat, f"{TRS_LIST}=news", f"{TRS_LIST}=policy")
    assert (result.imported, result.already) == (4, 4)
    assert {one.why.key for one in result.skipped} == {"import.other_column"}


def test_one_broken_article_stops_nothing_and_is_tried_again(beat: Beat) -> None:
    trs(beat, pages=1)
    whole = beat.web.pages[FIRST]
    beat.web.pages[FIRST] = Page(b"", 404)
    result = imported(beat, f"{TRS_LIST}=news")
    assert (result.imported, [one.url for one in result.failed]) == (3, [f"{beat.web.base}{FIRST}"])
    assert result.needs_attention
    beat.web.pages[FIRST] = whole
    again = imported(beat, f"{TRS_LIST}=news")
    assert (again.imported, again.already, again.failed) == (1, 3, [])


def test_an_article_without_a_date_is_not_imported_with_an_invented_one(beat: Beat) -> None:
    rows = "".join(f"<li><a href='/a{n}.html'>样例文章标题第{n}号</a></li>" for n in range(4))
    beat.web.pages["/list/"] = Page(f"<html><ul class='list'>{rows}</ul></html>".encode())
    for n in range(4):
        page = old_article(f"样例文章标题第{n}号", "2019-01-02 09:30" if n else "")
        beat.web.pages[f"/a{n}.html"] = Page(page)
    result = imported(beat, "/list/=news")
    assert result.imported == 3
    assert [one.why.key for one in result.failed] == ["import.no_date"]


def test_an_article_of_tomorrow_is_not_imported(beat: Beat) -> None:
    trs(beat, pages=1)
    beat.web.pages[FIRST] = Page(old_article("样例公告第1号", "2026-11-27 09:30"))
    assert [one.why.key for one in imported(beat, f"{TRS_LIST}=news").failed] == ["import.future"]


def test_a_row_that_leads_to_another_site_is_not_imported_and_told(beat: Beat) -> None:
    trs(beat, pages=1)
    listing = beat.web.pages[TRS_LIST].body
    assert isinstance(listing, bytes)
    row = "<li><a href='http://other.example/t20190101_9.html'>样例省转来的通知标题</a></li>".encode()
    beat.web.pages[TRS_LIST] = Page(listing.replace(b"<ul>", b"<ul>" + row))
    result = imported(beat, f"{TRS_LIST}=news")
    assert result.imported == 4
    assert [(one.url, one.why.key) for one in result.skipped] == [
        ("http://other.example/t20190101_9.html", "import.elsewhere")
    ]


def test_robots_txt_is_obeyed_unless_the_mapping_says_not_to(beat: Beat) -> None:
    trs(beat, pages=1)
    beat.web.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /\n", type="text/plain")
    (section,) = crawled(beat, f"{TRS_LIST}=news").sections
    assert section.why is not None
    assert section.why.key == "sync.robots"
    own = OldColumn(TRS_LIST, "news", robots=False)
    workspace = beat.desk.workspace
    assert crawl(workspace, fetcher(beat.desk), f"{beat.web.base}/", [own], (beat.web.host,)).total == 4


def test_the_same_site_with_and_without_www_is_one(beat: Beat) -> None:
    trs(beat, pages=1)
    listing = beat.web.pages[TRS_LIST].body
    assert isinstance(listing, bytes)
    rows = listing.replace(b"href='./", f"href='http://www.{beat.web.host}{TRS_LIST}".encode())
    beat.web.pages[TRS_LIST] = Page(rows)
    found = crawled(beat, f"{TRS_LIST}=news")
    assert (found.total, found.left) == (4, [])


def test_a_list_that_cannot_be_read_does_not_stop_the_others(beat: Beat) -> None:
    trs(beat, pages=1)
    result = imported(beat, "/absent/=policy", f"{TRS_LIST}=news")
    assert result.imported == 4
    assert result.sections[0].why is not None
    assert result.sections[1].why is None
    assert result.needs_attention


def test_when_the_old_site_goes_down_the_import_stops_and_goes_on_next_time(beat: Beat) -> None:
    trs(beat, pages=6, rows=5)
    down = {path: page for path, page in beat.web.pages.items() if "/t2019" in path}
    beat.web.pages |= {path: Page(b"", 503) for path in down}
    result = imported(beat, f"{TRS_LIST}=news")
    assert result.stopped is not None
    assert len(result.failed) == 20
    beat.web.pages |= down
    assert imported(beat, f"{TRS_LIST}=news").imported == 30


def test_a_disk_below_the_stop_stops_the_import_and_it_goes_on_next_time(
    beat: Beat, monkeypatch: pytest.MonkeyPatch
) -> None:
    trs(beat, pages=2, rows=3)
    with monkeypatch.context() as nearly_full:
        nearly_full.setitem(room.upkeep_limits(), "disk_stop", 10**9)
        with pytest.raises(StorageError) as error:
            imported(beat, f"{TRS_LIST}=news")
    assert (error.value.message.key, imported(beat, f"{TRS_LIST}=news").imported) == ("doctor.no_room", 6)


def test_articles_that_are_gone_for_good_stop_nothing_however_many(beat: Beat) -> None:
    trs(beat, pages=6, rows=5)
    for path in [path for path in beat.web.pages if "/t2019" in path and not path.endswith("_1.html")]:
        del beat.web.pages[path]
    result = imported(beat, f"{TRS_LIST}=news")
    assert (result.imported, len(result.failed), result.stopped) == (1, 29, None)


def test_only_a_publisher_imports(beat: Beat) -> None:
    trs(beat, pages=1)
    with pytest.raises(NotAllowed):
        imported(beat, f"{TRS_LIST}=news", actor=EDITOR)
    assert items.counted([ItemState.PUBLISHED]) == 0


def test_an_office_without_a_website_has_nowhere_to_import_to(beat: Beat) -> None:
    trs(beat, pages=1)
    beat.desk.without("website")
    with pytest.raises(NotFound):
        imported(beat, f"{TRS_LIST}=news")


@pytest.mark.parametrize("pair", ["/list/", "=news", "/list/=absent", " =news"])
def test_a_pair_that_names_no_column_is_refused(desk: Desk, pair: str) -> None:
    with pytest.raises(UsageError):
        named_columns([pair], desk.workspace.snapshot.columns)


def test_an_address_in_a_pair_may_hold_an_equals_sign(desk: Desk) -> None:
    (one,) = named_columns(["/list.php?cid=3=news"], desk.workspace.snapshot.columns)
    assert (one.old, one.column) == ("/list.php?cid=3", "news")


def test_a_preview_stores_nothing_and_says_what_would_come(beat: Beat) -> None:
    trs(beat)
    plain(beat, pages=1)
    old = crawled(beat, f"{TRS_LIST}=news", f"{PLAIN_LIST}=policy")
    found = preview(beat.desk.workspace, PUBLISHER, fetcher(beat.desk), old)
    assert (found.dry_run, found.imported, found.stay, found.led_on, found.already) == (True, 15, 12, 3, 0)
    assert [(one.count, len(one.first)) for one in found.sections] == [(12, 3), (3, 3)]
    assert items.counted(list(ItemState)) == 0
    assert models.ImportedPage.objects.count() == 0
    assert models.OldList.objects.count() == 0
    assert not (beat.desk.home / "var" / "site").exists()


def test_a_preview_shows_that_the_sample_of_a_column_has_no_date(beat: Beat) -> None:
    rows = "".join(f"<li><a href='/a{n}.html'>样例文章标题第{n}号</a></li>" for n in range(4))
    beat.web.pages["/list/"] = Page(f"<html><ul class='list'>{rows}</ul></html>".encode())
    beat.web.pages["/a0.html"] = Page(old_article("样例文章标题第0号", ""))
    found = preview(beat.desk.workspace, PUBLISHER, fetcher(beat.desk), crawled(beat, "/list/=news"))
    assert [one.why.key for one in found.failed] == ["import.no_date"]


def test_a_disk_that_takes_no_file_stops_the_import_and_the_next_goes_on(beat: Beat) -> None:
    trs(beat, pages=1)
    store = beat.desk.home / "var" / "files"
    if store.is_dir():
        store.rmdir()
    store.write_bytes(b"")
    with pytest.raises(StorageError):
        imported(beat, f"{TRS_LIST}=news")
    store.unlink()
    assert imported(beat, f"{TRS_LIST}=news").imported == 4


def test_a_site_that_cannot_be_written_loses_nothing_that_was_read(beat: Beat) -> None:
    trs(beat, pages=1)
    root = beat.desk.home / "var" / "site"
    root.write_bytes(b"")
    with pytest.raises(StorageError):
        imported(beat, f"{TRS_LIST}=news")
    assert models.SiteEntry.objects.count() == 0
    root.unlink()
    assert imported(beat, f"{TRS_LIST}=news").already == 4
    assert len(titles(site(beat.desk)["news/index.html"])) == 4
    assert verify_site(beat.desk.workspace).whole
