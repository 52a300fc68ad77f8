from __future__ import annotations

from dataclasses import replace

from syndicate.site.facts import SiteFacts
from syndicate.site.pages import Pages
from syndicate.site.proof import fingerprint, is_notice
from tests.site.conftest import Town


def test_the_fingerprint_survives_a_new_frame(town: Town, site: SiteFacts) -> None:
    rendition = town.rendition(1)
    entry = town.entry(1, rendition)
    other = Pages(replace(site, office=replace(site.office, telephone="1111-1111111")))
    before, after = town.pages.article(entry, rendition), other.article(entry, rendition)
    assert before != after
    assert fingerprint(before) == fingerprint(after)


def test_the_fingerprint_changes_with_the_text(town: Town) -> None:
    one, two = town.rendition(1), town.rendition(1, body="<p>被篡改</p>")
    entry = town.entry(1, one)
    assert fingerprint(town.pages.article(entry, one)) != fingerprint(town.pages.article(entry, two))


def test_a_page_without_an_article_is_taken_whole() -> None:
    assert fingerprint(b"<p>1</p>") != fingerprint(b"<p>2</p>")


def test_a_notice_is_told_from_an_article_that_speaks_of_one(town: Town) -> None:
    notice, article = town.notice(1), town.rendition(1, body="<p>data-notice</p>")
    assert is_notice(town.pages.notice(town.entry(1, notice), notice))
    assert not is_notice(town.pages.article(town.entry(1, article), article))
    assert not is_notice(b"")
