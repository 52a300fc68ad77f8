from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.inspection.page_reading import read_page
from syndicate.model.channel import FileReference
from syndicate.site.facts import Switches
from syndicate.site.pages import Pages
from syndicate.site.writer import rebuild
from tests.site.conftest import Town, column


def policy(page: str) -> dict[str, str]:
    """Directives of the page's Content-Security-Policy."""
    text = page.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    return {part.split()[0]: " ".join(part.split()[1:]) for part in text.split(";")}


def switched(town: Town, **changes: object) -> Town:
    facts = replace(town.pages.facts, switches=Switches(**changes))  # type: ignore[arg-type]  # the names are those of its fields
    return replace(town, pages=Pages(facts, town.files))


def test_by_default_a_page_loads_nothing_from_elsewhere(town: Town) -> None:
    town.publish(1)
    page = town.text("index.html")
    assert policy(page)["script-src"] == "'self'"
    assert policy(page)["form-action"] == "'none'"
    assert 'src="assets/find-error.svg"' in page
    assert 'src="assets/organ-mark.svg"' in page


def test_the_platforms_scripts_open_the_policy_for_exactly_their_hosts(town: Town) -> None:
    town = switched(
        town,
        find_error_script="https://zfwzgl.www.gov.cn/exposure/jiucuo.js",
        organ_mark_script="https://dcs.conac.cn/js/sample.js",
    )
    town.publish(1)
    page = town.text("index.html")
    assert policy(page)["script-src"] == "'self' https://zfwzgl.www.gov.cn https://dcs.conac.cn"
    assert policy(page)["style-src"] == "'self'"
    assert 'id="_jiucuo_" sitecode="9900000001" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"' in page


def test_a_search_box_stands_only_where_search_answers(town: Town) -> None:
    town.publish(1)
    assert 'role="search"' not in town.text("index.html")
    town = switched(town, search_url="https://www.yunchuan.example/search")
    town.publish(1)
    for path in ("index.html", "404.html", "news/202611/1.html"):
        assert 'action="https://www.yunchuan.example/search"' in town.text(path)
        assert policy(town.text(path))["form-action"] == "https://www.yunchuan.example"


def test_every_page_asks_for_ratings_and_reports_of_itself_only_where_they_are_taken_in(town: Town) -> None:
    town.publish(1)
    assert 'class="rating"' not in town.text("index.html")
    url = "https://www.yunchuan.example/feedback"
    town = switched(town, feedback_url=url)
    town.publish(1)
    for path in ("index.html", "news/index.html", "news/202611/1.html", "map.html"):
        assert f'<input type="hidden" name="page" value="{path}">' in town.text(path)
        assert f'formaction="{url}/report"' in town.text(path)
        assert policy(town.text(path))["form-action"] == "https://www.yunchuan.example"
    assert 'class="rating"' not in town.text("404.html")
    assert town.text("404.html").count(f'href="{url}/report?page="') == 2  # in the text and in the footer


def test_the_patrol_takes_the_form_for_no_page_of_the_site(town: Town) -> None:
    town = switched(town, feedback_url="https://www.yunchuan.example/feedback")
    town.publish(1)
    site = "https://www.yunchuan.example"
    found = read_page(town.text("index.html"), f"{site}/index.html", site)
    assert not any("feedback" in link for link in found.links)


def test_search_and_feedback_on_two_hosts_open_the_policy_for_both(town: Town) -> None:
    town = switched(town, search_url="https://search.example/search", feedback_url="https://back.example/feedback")
    town.publish(1)
    assert policy(town.text("index.html"))["form-action"] == "https://search.example https://back.example"


def test_pages_that_ask_for_ratings_are_the_same_whether_built_or_published(town: Town, tmp_path: Path) -> None:
    town = switched(town, feedback_url="https://www.yunchuan.example/feedback")
    for item in range(1, 4):
        town.publish(item)
    town.build(tmp_path / "built")
    assert town.contents(tmp_path / "built") == town.contents()


def test_mourning_changes_one_file_beside_its_place_in_the_manifest(town: Town) -> None:
    town.publish(1)
    before = town.contents()
    town = switched(town, memorial=True)
    town.publish(1)
    changed = {path for path, data in town.contents().items() if before.get(path) != data}
    assert changed == {"assets/mood.css"}
    assert "grayscale(1)" in town.text("assets/mood.css")


def test_columns_of_superior_organs_have_a_block_of_their_own_on_the_home_page(town: Town) -> None:
    facts = town.pages.facts
    columns = {**facts.columns, "superior": replace(column("superior", "上级要闻"), superior=True, home=False)}
    town = replace(town, pages=Pages(replace(facts, columns=columns)))
    town.publish(1)
    town.publish(2, column="superior")
    home = town.text("index.html")
    assert home.index('class="superior"') < home.index('class="sections"')
    assert "../superior" not in home
    assert home.count("superior/202611/2.html") == 2  # among the newest, and in its block


def renamed(town: Town) -> Town:
    facts = town.pages.facts
    columns = {
        "xinwen": replace(facts.columns["news"], name="xinwen", former=("news",)),
        "policy": facts.columns["policy"],
    }
    return replace(town, pages=Pages(replace(facts, columns=columns)))


def test_a_renamed_column_leads_on_from_its_former_address(town: Town) -> None:
    town.fill(range(1, 4))
    town = renamed(town)
    entries = [replace(entry, column="xinwen") for entry in town.ledger.entries("website")]
    rebuild(town.root, town.planned(entries), town.files)
    assert "../news/202611/1.html" in town.text("xinwen/index.html")
    assert "云川要闻" in town.text("news/202611/1.html")
    assert '<meta http-equiv="refresh" content="0; url=../xinwen/index.html">' in town.text("news/index.html")
    assert "/xinwen/$list" in (Path(f"{town.root}.nginx") / "redirects.map").read_text()
    assert not (town.root / "news/rss.xml").exists()


def test_nginx_is_told_what_is_gone_until_it_stands_again(town: Town) -> None:
    town.publish(1)
    gone = Path(f"{town.root}.nginx") / "gone-1.map"
    assert not gone.exists()
    town.retract(1)
    assert gone.read_text() == "/news/202611/1.html 1;\n"
    town.publish(1)
    assert not gone.exists()


def test_a_build_takes_away_maps_that_no_longer_hold(town: Town) -> None:
    town.publish(1)
    folder = Path(f"{town.root}.nginx")
    folder.mkdir(exist_ok=True)
    (folder / "gone-99.map").write_text("/x 1;\n")
    town.build(town.root)
    assert not (folder / "gone-99.map").exists()


def png(width: int, height: int) -> bytes:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (width, height), "white").save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(("data", "size"), [(png(30, 20), ' width="30" height="20"'), (b"no picture", "")])
def test_a_picture_has_its_size_where_it_is_one(town: Town, data: bytes, size: str) -> None:
    town = switched(town)
    picture = FileReference(town.files.add(data), "图.png", "image/png", "image")
    body = f'<p><img src="file:{picture.sha256}" alt="" loading="lazy"></p>'
    town.publish(1, town.rendition(1, body=body, files=(picture,)))
    assert f'src="../../files/1/{picture.sha256}.png"{size} alt=""' in town.text("news/202611/1.html")
    assert f'og:image" content="https://www.yunchuan.example/files/1/{picture.sha256}.png"' in town.text(
        "news/202611/1.html"
    )


def test_an_article_without_pictures_weighs_less_than_a_hundred_kilobytes(town: Town) -> None:
    town.publish(1, town.rendition(1, body="<p>演示样例</p>" * 500))
    loaded = ["news/202611/1.html", town.pages.style_path, "assets/mood.css", "assets/leaving.js", "favicon.svg"]
    loaded += ["assets/find-error.svg", "assets/organ-mark.svg"]
    assert sum(len(town.contents()[path]) for path in loaded) <= 100_000
