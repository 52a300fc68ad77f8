"""Writing in a real Chromium: the editor, a paste from Word, what is kept and checked, and nothing foreign that runs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from syndicate.flow import items as flow
from syndicate.records import items
from tests.desk.office import EDITOR, PNG, PUBLISHER
from tests.desk.test_browser import Served, browser, log_in, served, violations, window
from tests.desk.test_hostile import PAYLOADS

__all__ = ["browser", "served"]

WORD = (
    "<html xmlns:o='urn:schemas-microsoft-com:office:office'><body><!--StartFragment-->"
    "<p class=MsoTitle align=center style='text-align:center'><b>样例通知<o:p></o:p></b></p>"
    "<p class=MsoNormal style='text-indent:32pt'>县秸杆办：请按时报送。</p>"
    "<table class=MsoTableGrid><tr><td style='width:9pt'><p>项目</p></td><td><p>数量</p></td></tr></table>"
    "<!--EndFragment--></body></html>"
)
PASTE = (
    "(markup) => { const data = new DataTransfer(); data.setData('text/html', markup); data.setData('text/plain', 'x');"
    " document.getElementById('editor').dispatchEvent("
    "new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }"
)


def paste(page: Page, markup: str) -> None:
    with page.expect_response(re.compile("/writing/clipboard$")):
        page.evaluate(PASTE, markup)


def test_an_item_is_written_pasted_checked_kept_and_saved(browser: Browser, served: Served) -> None:
    complaints: list[str] = []
    with window(browser) as context:
        page = log_in(context, served.base, EDITOR)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(f"{served.base}/items/new")
        page.get_by_label("标题", exact=True).fill("写稿的样例")
        page.get_by_label("栏目").select_option("policy")
        paste(page, WORD)
        expect(page.locator("#editor table")).to_be_visible()
        expect(page.locator("#typed")).to_contain_text("疑似错别字")
        expect(page.locator("#kept")).to_contain_text("上次自动保存")
        page.goto(f"{served.base}/items/new")
        expect(page.get_by_text("尚未保存为稿件的内容")).to_be_visible()
        expect(page.locator("#editor h2")).to_have_attribute("align", "center")
        page.get_by_role("button", name="图片", exact=True).click()
        dialog = page.get_by_role("dialog", name="图片")
        dialog.get_by_label("文件").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": PNG})
        dialog.get_by_label("图片说明").fill('现场 "样例"')
        dialog.get_by_role("button", name="插入图片").click()
        expect(page.locator("#editor img")).to_have_attribute("alt", '现场 "样例"')
        page.get_by_role("button", name="保存草稿").click()
        page.wait_for_url(re.compile(r"/items/\d+$"))
        number = int(page.url.rpartition("/")[2])
    content = items.latest_revision(number).content
    assert "县秸杆办：请按时报送。" in content.body
    assert '<h2 align="center"' in content.body
    assert "<table>" in content.body
    assert "Mso" not in content.body
    assert [(one.name, one.media_type) for one in content.attachments] == [("现场.png", "image/png")]
    assert f"file:{content.attachments[0].sha256}" in content.body
    assert complaints == []


def test_opening_an_item_in_the_editor_and_saving_it_changes_no_word(browser: Browser, served: Served) -> None:
    body = '<h2 style="text-align:center">标题</h2><p>第一段<b>粗</b>与<a href="https://a.example/">链接</a>。</p><ul><li>一</li></ul>'
    number = served.office.draft("改稿的样例", body)
    with window(browser) as context:
        page = log_in(context, served.base, EDITOR)
        page.goto(f"{served.base}/items/{number}/edit")
        expect(page.locator("#editor h2")).to_be_visible()
        page.get_by_role("button", name="保存草稿").click()
        page.wait_for_url(re.compile(r"/items/\d+$"))
    saved = items.latest_revision(number)
    assert saved.number == 2
    plain = re.compile("<[^>]+>")
    assert plain.sub("", saved.content.body) == plain.sub("", body)
    assert 'href="https://a.example/"' in saved.content.body
    assert re.search(r'<h2 (align="center"|style="text-align: ?center)', saved.content.body)


def test_nothing_foreign_runs_anywhere(browser: Browser, served: Served) -> None:
    words = "".join(payload.replace("\0", "").replace("alert(1)", "window.ran=1;parent.ran=1") for payload in PAYLOADS)
    number = served.office.draft("样例" + words, "<p>文</p>" + words)
    content = flow.original(served.office.workspace, words, words)
    flow.edit(served.office.workspace, EDITOR, items.get(number), content)
    ran: list[str] = []
    with window(browser) as context:
        page = log_in(context, served.base, EDITOR)
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        for address in ("", "/edit", "/compare", "/text", "/preview/website", "/preview/wechat", "/preview/app"):
            page.goto(f"{served.base}/items/{number}{address}", wait_until="load")
            assert page.evaluate("window.ran") is None
        page.goto(f"{served.base}/items/{number}/edit")
        paste(page, f"<p>前{words}</p>")
        expect(page.locator("#editor")).to_contain_text("前")
        assert page.evaluate("window.ran") is None
        assert page.locator("#editor script, #editor iframe, #editor svg, #editor form, #editor [onerror]").count() == 0
    assert ran == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_people_write_and_compare(browser: Browser, served: Served, scheme: str) -> None:
    number = served.office.draft("比较的样例", "<p>第一句。第二句。</p>")
    content = flow.original(
        served.office.workspace,
        "比较的样例（改）",
        "<p>第一句。改了的句子。</p><table><tr><td>单元格</td></tr></table>",
    )
    flow.edit(served.office.workspace, EDITOR, items.get(number), content)
    with window(browser, color_scheme=scheme) as context:
        page = log_in(context, served.base, PUBLISHER)
        for address in ("/items/new", f"/items/{number}/edit", f"/items/{number}/compare", f"/items/{number}"):
            page.goto(served.base + address)
            page.evaluate(
                "document.querySelectorAll('details').forEach((one) => { one.removeAttribute('name'); one.open = true; })"
            )
            assert (address, violations(page)) == (address, [])
        page.goto(f"{served.base}/items/new")
        page.get_by_role("button", name="图片", exact=True).click()
        assert violations(page) == []


def test_the_writing_page_is_light_and_fits_a_phone(browser: Browser, served: Served) -> None:
    with window(browser, viewport={"width": 390, "height": 844}) as context:
        page = log_in(context, served.base, EDITOR)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        weights: list[float] = []
        session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
        page.goto(f"{served.base}/items/new", wait_until="networkidle")
        assert sum(weights) <= 150_000
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_writing_works_without_javascript(browser: Browser, served: Served) -> None:
    with window(browser, java_script_enabled=False) as context:
        page = log_in(context, served.base, EDITOR)
        page.goto(f"{served.base}/items/new")
        page.get_by_label("标题", exact=True).fill("没有脚本的样例")
        page.get_by_label("栏目").select_option("news")
        page.locator("textarea[name=body]").fill("第一段\n第二段")
        page.locator("input[name=picture]").set_input_files({"name": "图.png", "mimeType": "image/png", "buffer": PNG})
        page.locator("input[name=picture_alt]").fill("现场")
        page.get_by_role("button", name="保存草稿").click()
        page.wait_for_url(re.compile(r"/items/\d+$"))
        number = int(page.url.rpartition("/")[2])
    assert items.latest_revision(number).content.body.startswith("<p>第一段</p><p>第二段</p><p><img ")


def test_the_length_of_a_post_is_counted_while_it_is_typed(browser: Browser, served: Served) -> None:
    number = served.office.draft("改写的样例")
    with window(browser) as context:
        page = log_in(context, served.base, EDITOR)
        page.goto(f"{served.base}/items/{number}")
        page.evaluate(
            "document.querySelectorAll('details').forEach((one) => { one.removeAttribute('name'); one.open = true; })"
        )
        post = page.locator("textarea[data-count=weibo]")
        post.fill("汉字ab https://www.example.gov.cn/x")
        expect(page.locator("label:has(textarea[data-count=weibo]) output")).to_have_text("18")
        post.fill("长" * 141)
        expect(page.locator("label:has(textarea[data-count=weibo]) .length")).to_have_class("length over")
