"""The website in a real Chromium: every kind of page by axe, a phone, keys, paper, no JavaScript, links that leave."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from syndicate.model.channel import FileReference
from syndicate.site.facts import Switches
from syndicate.site.pages import Pages
from tests.conftest import lack
from tests.site.conftest import Town
from tests.site.test_disclosure import OFFICIAL
from tests.site.test_switches import png

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
KINDS = {
    "home": "index.html",
    "column": "news/index.html",
    "archive": "news/p0.html",
    "empty column": "notices/index.html",
    "article": "news/202611/1.html",
    "document": "policy/202611/50.html",
    "notice": "news/202611/3.html",
    "directory": "disclosure/index.html",
    "listing": "disclosure/year-2026/index.html",
    "map": "map.html",
    "not found": "404.html",
    "moved": "old-news/index.html",
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[str]:
    """A site with every kind of page, and where it is served."""
    facts = pages.facts
    news = replace(facts.columns["news"], former=("old-news",))
    superior = replace(news, name="superior", title="上级要闻", superior=True, former=())
    notices = replace(news, name="notices", title="通知公告", former=())
    columns = {"news": news, "superior": superior, "policy": facts.columns["policy"], "notices": notices}
    host = "https://www.yunchuan.example"
    switches = Switches(search_url=f"{host}/search", feedback_url=f"{host}/feedback")
    town = Town(tmp_path_factory.mktemp("browser") / "site", pages)
    site = replace(facts, columns=columns, switches=switches, office=replace(facts.office, site_url="http://x.example"))
    town = replace(town, pages=Pages(site, town.files))
    fill(town)
    handler = functools.partial(_Quiet, directory=str(town.root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def fill(town: Town) -> None:
    picture = FileReference(town.files.add(png(640, 360)), "图.png", "image/png", "image")
    file = FileReference(town.files.add(b"%PDF-1.4"), "方案.pdf", "application/pdf", "attachment")
    body = (
        "<h2>一、总体要求</h2><p>文字 <a class='external' rel='noopener noreferrer' href='http://other.example/a'>外站</a>"
        f'</p><p><img src="file:{picture.sha256}" alt="会场" loading="lazy"></p><p dir="rtl" lang="ug">قاراماي</p>'
        '<div class="table" role="region" tabindex="0" aria-label="表格"><table><tbody><tr><th scope="row">甲</th>'
        "<td>1</td></tr></tbody></table></div>"
    )
    town.fill(range(4, 46))
    for item in (1, 2, 3):
        town.publish(item, town.rendition(item, body=body, files=(picture, file)))
    town.publish(60, column="superior")
    town.publish(50, town.rendition(50, "policy", **{**OFFICIAL, "field:有效性": "已废止"}), "policy")
    town.publish(51, town.rendition(51, **{"field:解读文件": "云政发〔2026〕1号"}))
    town.retract(3)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        lack("Chromium is not installed: apt-get install chromium")
        return
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_on_any_kind_of_page(base: str, page: Page, kind: str) -> None:
    page.route("**/xinwen/**", lambda route: route.abort())
    if kind == "moved":
        html = page.request.get(f"{base}/{KINDS[kind]}").text().replace('http-equiv="refresh"', "")
        page.goto(f"{base}/index.html")
        page.set_content(html.replace('href="../', f'href="{base}/'))
    elif kind == "not found":
        html = page.request.get(f"{base}/404.html").text()
        page.set_content(html.replace('href="/', f'href="{base}/'))
    else:
        page.goto(f"{base}/{KINDS[kind]}")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert found.response["violations"] == []


@pytest.mark.parametrize("kind", ["home", "article", "document", "listing"])
def test_a_page_fits_a_phone(base: str, browser: Browser, kind: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{base}/{KINDS[kind]}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_the_first_key_reaches_the_skip_link_and_it_leads_to_the_text(base: str, page: Page) -> None:
    page.goto(f"{base}/{KINDS['article']}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_a_link_to_another_site_asks_and_stays_when_told_to(base: str, page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.goto(f"{base}/{KINDS['article']}")
    page.once("dialog", stay)
    page.get_by_role("link", name="外站").first.click()
    assert page.url == f"{base}/{KINDS['article']}"
    assert "other.example" in asked[0]
    assert "云川县人民政府" in asked[0]


def test_without_scripts_everything_is_there(base: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/index.html")
    page.get_by_role("link", name="云川要闻").first.click()
    page.locator("main .list a").first.click()
    expect(page.locator("article h1")).to_be_visible()
    context.close()


def test_nothing_is_asked_of_another_host_and_no_policy_is_broken(base: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    for kind in ("home", "article", "document"):
        page.goto(f"{base}/{KINDS[kind]}", wait_until="networkidle")
    assert [url for url in asked if not url.startswith(base)] == []
    assert complaints == []
    context.close()


def test_on_paper_there_is_the_article_without_the_frame(base: str, page: Page) -> None:
    page.goto(f"{base}/{KINDS['document']}")
    page.emulate_media(media="print")
    expect(page.locator(".site-nav")).to_be_hidden()
    expect(page.locator(".site-search")).to_be_hidden()
    expect(page.locator("article h1")).to_be_visible()
    page.emulate_media(media="screen")


def test_a_picture_keeps_its_room_before_it_is_loaded(base: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/*.png", lambda route: route.abort())
    page.goto(f"{base}/{KINDS['article']}")
    assert page.locator(".body img").bounding_box()["height"] > 300  # type: ignore[index]  # it is there
    context.close()


def test_the_page_is_there_within_a_second_on_a_slow_link(base: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 100, "downloadThroughput": 200_000, "uploadThroughput": 90_000},
    )
    page.goto(f"{base}/{KINDS['listing']}")
    timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    sizes = "performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0)"
    assert page.evaluate(sizes) <= 100_000
    assert page.evaluate(timing) <= 2_500  # 1 s alone on the machine; tests share it
    context.close()
