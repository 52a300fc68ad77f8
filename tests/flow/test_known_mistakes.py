"""判页: a mistake on a live page is told unless the check of what stands online there has said it already."""

from __future__ import annotations

from dataclasses import replace

from syndicate.flow.recheck import recheck
from syndicate.flow.withdraw import withdraw
from syndicate.model.item import Attachment, FileRole
from syndicate.model.review import WithdrawalKind
from tests.flow.office import CONTENT, EDITOR, PUBLISHER
from tests.flow.public_web import PublicSite
from tests.flow.web import Page
from tests.text.office_files import docx

SEEDED = "限时优惠"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLED = replace(CONTENT, title=f"关于{SEEDED}的通告")


def online(site: PublicSite) -> int:
    """An article on the website whose title a later rule blocks; its own check has said so."""
    item = site.desk.approved("website", content=TITLED)
    site.desk.settle()
    site.desk.add_rule("word.sample", SEEDED)
    recheck(site.desk.workspace, EDITOR)
    return item


def planted(site: PublicSite, path: str) -> None:
    site.change(path, lambda page: page.replace("</main>", f"<p>{SEEDED}</p></main>"))


def told(site: PublicSite) -> list[str]:
    site.round()
    return [page for page, _ in site.problems("text")]


def test_what_an_article_is_known_for_is_no_news_where_it_stands_and_is_listed(site: PublicSite) -> None:
    item = online(site)
    path = next(site.folder.rglob(f"{item}.html")).relative_to(site.folder).as_posix()
    site.change(path, lambda page: page.replace("恢复通行", "正在施工"))
    assert told(site) == []


def test_what_an_article_is_known_for_is_news_on_a_page_that_does_not_name_it(site: PublicSite) -> None:
    online(site)
    planted(site, "map.html")
    assert told(site) == ["map.html"]


def test_what_only_a_draft_is_known_for_is_news_on_a_page(site: PublicSite) -> None:
    site.desk.approved("website")
    site.desk.settle()
    site.desk.add_rule("word.sample", SEEDED)
    site.desk.submitted("website", content=TITLED)
    planted(site, "index.html")
    assert told(site) == ["index.html"]


def test_what_was_corrected_is_news_when_it_comes_back(site: PublicSite) -> None:
    item = online(site)
    site.desk.corrected(item, CONTENT.title)
    site.desk.settle()
    planted(site, "index.html")
    assert told(site) == ["index.html"]


def test_what_was_withdrawn_is_news_where_its_list_still_shows_it(site: PublicSite) -> None:
    item = online(site)
    listed = (site.folder / "news/index.html").read_text("utf-8")
    withdraw(site.desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例有误")
    site.desk.settle()
    site.change("news/index.html", lambda _page: listed)
    assert told(site) == ["news/index.html"]


def test_an_attachment_that_somebody_put_in_the_place_of_ours_is_read(site: PublicSite) -> None:
    site.desk.add_rule("word.sample", SEEDED)
    ours = docx("<w:p><w:r><w:t>样例附件。</w:t></w:r></w:p>")
    sha256 = site.desk.workspace.files.put(ours)
    attachment = Attachment("附件.docx", sha256, WORD, len(ours), FileRole.ATTACHMENT)
    site.desk.approved("website", content=replace(CONTENT, attachments=(attachment,)))
    site.desk.settle()
    assert told(site) == []
    path = next(site.folder.rglob(f"{sha256}.docx")).relative_to(site.folder).as_posix()
    theirs = docx(f"<w:p><w:r><w:t>{SEEDED}，机不可失。</w:t></w:r></w:p>")
    site.web.pages[site.asked(path)] = Page(theirs, type=WORD)
    site.later(days=7)
    assert told(site) == [path]
