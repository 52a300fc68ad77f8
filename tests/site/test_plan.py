from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.model.channel import FileReference
from syndicate.site.pages import Pages
from syndicate.site.writer import verify
from tests.site.conftest import Town


def test_the_article_is_planned_before_every_list_that_names_it(town: Town) -> None:
    plan = town.publish(1)
    order = [page.path for page in plan.pages]
    article = order.index("news/202611/1.html")
    for path in ("news/index.html", "index.html", "news/feed.json", "news/rss.xml", "sitemap/news-0.xml"):
        assert order.index(path) > article


def test_the_first_publication_makes_a_whole_site(town: Town) -> None:
    town.publish(1)
    assert {
        "404.html",
        "map.html",
        "favicon.svg",
        "robots.txt",
        "policy/index.html",
        "sitemap.xml",
    } <= town.contents().keys()


def test_one_article_changes_nine_files_and_two_of_twenty_eleven(town: Town) -> None:
    town.fill(range(1, 60))
    changes = []
    for item in range(60, 82):
        before = {file: file.stat().st_ino for file in town.root.parent.rglob("*") if file.is_file()}
        town.publish(item)
        after = {file: file.stat().st_ino for file in town.root.parent.rglob("*") if file.is_file()}
        changes.append(sum(before.get(file) != inode for file, inode in after.items()))
    assert sorted(changes) == [9] * 18 + [11] * 4


def test_an_archive_page_never_changes_once_its_successor_stands(town: Town) -> None:
    town.fill(range(1, 81))
    before = (town.root / "news/p0.html").read_bytes()
    town.fill(range(81, 102))
    assert (town.root / "news/p0.html").read_bytes() == before


def test_every_entry_is_linked_from_exactly_one_list_page(town: Town) -> None:
    town.fill(range(1, 70))
    lists = [town.text(f"news/{name}.html") for name in ("index", "p0", "p1")]
    assert not (town.root / "news/p2.html").exists()
    for item in range(1, 70):
        assert sum(f'"../news/202611/{item}.html"' in page for page in lists) == 1


def test_an_amendment_keeps_place_and_first_publication_time(town: Town) -> None:
    town.publish(1)
    town.publish(2)
    town.publish(1, town.rendition(1, title="更正后的标题"))
    page = town.text("news/index.html")
    assert page.index("第2篇样稿") < page.index("更正后的标题")
    assert '发布时间：<time datetime="2026-11-25 09:31">' in town.text("news/202611/1.html")


def test_a_withdrawal_leaves_a_notice_at_the_address_and_no_line_in_any_list(town: Town) -> None:
    town.publish(1)
    town.publish(2)
    town.retract(1)
    assert "该信息已撤下" in town.text("news/202611/1.html")
    assert "第1篇样稿" not in "".join(data.decode() for data in town.contents().values())


def test_a_withdrawal_takes_the_files_away(town: Town) -> None:
    sha256 = town.files.add(b"secret")
    file = FileReference(sha256, "名单.pdf", "application/pdf", "attachment")
    town.publish(1, town.rendition(1, files=(file,)))
    assert (town.root / f"files/1/{sha256}.pdf").read_bytes() == b"secret"
    town.retract(1)
    assert not [path for path in town.contents() if path.startswith("files/")]
    assert verify(town.root).whole


def test_an_amendment_takes_replaced_files_away_and_leaves_those_of_other_items(town: Town) -> None:
    old = FileReference(town.files.add(b"old"), "旧.pdf", "application/pdf", "attachment")
    new = FileReference(town.files.add(b"new"), "新.pdf", "application/pdf", "attachment")
    town.publish(1, town.rendition(1, files=(old,)))
    town.publish(2, town.rendition(2, files=(old,)))
    town.publish(1, town.rendition(1, files=(new,)))
    files = sorted(path for path in town.contents() if path.startswith("files/"))
    assert files == sorted([f"files/1/{new.sha256}.pdf", f"files/2/{old.sha256}.pdf"])


def test_a_withdrawn_article_can_be_published_again_at_its_place(town: Town) -> None:
    town.publish(1)
    town.retract(1)
    town.publish(1)
    assert "第1篇样稿" in town.text("news/index.html")


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, int]]:
    """What happens to a site: publications, amendments and withdrawals in any order."""
    steps: list[tuple[str, int]] = []
    published: list[int] = []
    for _ in range(draw(st.integers(0, 12))):
        action = draw(st.sampled_from(["publish", "amend", "retract", "again"]))
        if action == "publish" or not published:
            published.append(len(published) + 1)
            steps.append(("publish", published[-1]))
        else:
            steps.append((action, draw(st.sampled_from(published))))
    return steps


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories())
def test_a_full_build_equals_what_single_changes_left_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, pages: Pages, history: list[tuple[str, int]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("history")
    town = Town(folder / "site", pages)
    file = FileReference(town.files.add(b"file"), "附件.pdf", "application/pdf", "attachment")
    town.publish(1_000)
    town.fill(range(1_001, 1_037))
    for action, item in history:
        column = "policy" if item % 5 == 0 else "news"
        if action == "retract":
            town.retract(item, column)
        else:
            title = f"更正{item}" if action == "amend" else ""
            files = (file,) if item % 3 == 0 else ()
            town.publish(item, town.rendition(item, column, title=title, files=files))
    town.build(folder / "built")
    assert town.contents(folder / "built") == town.contents()
    assert town.contents(folder / "built.manifest") == town.contents(folder / "site.manifest")
    assert verify(town.root).whole
