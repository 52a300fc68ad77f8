"""The manual's pictures: the script makes every one, and the pages that it goes to still are what they show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser
from tools.make_screenshots import FOLDER, NOBODY, SHOTS, Shot, resolved

from syndicate.model.review import Actor
from syndicate.records import models
from tests.desk.conftest import client_of, logged_in
from tests.desk.demo import fill
from tests.desk.office import EVERYBODY, Office

ROOT = Path(__file__).parents[2]
MANUAL = sorted((ROOT / "docs" / "manual").glob("*.md"))
NAMED = re.compile(r"images/(desk-[a-z-]+)\.png")
PEOPLE: dict[str, Actor] = {actor.name: actor for actor in EVERYBODY}


def pictures_of(pages: list[Path]) -> set[str]:
    return {name for page in pages for name in NAMED.findall(page.read_text("utf-8"))}


def test_the_script_makes_every_picture_of_the_manual() -> None:
    assert pictures_of(MANUAL) <= {shot.name for shot in SHOTS}


def test_every_picture_that_the_script_makes_is_shown_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert {shot.name for shot in SHOTS} == {shot.name for shot in SHOTS} & pictures_of(pages)


def test_pictures_are_small() -> None:
    sizes = {shot.name: (FOLDER / f"{shot.name}.png").stat().st_size for shot in SHOTS}
    assert [name for name, size in sizes.items() if size > 120_000] == []
    assert sum(sizes.values()) < 2_500_000


@pytest.mark.parametrize("page", MANUAL, ids=lambda page: page.stem)
def test_a_chapter_stays_short(page: Path) -> None:
    assert len(page.read_text("utf-8").splitlines()) <= 80


def _page(office: Office, shot: Shot, items: dict[str, int]) -> LexborHTMLParser:
    client: Client = client_of(office) if shot.person == NOBODY else logged_in(office, PEOPLE[shot.person])
    report = max(path.name for path in (office.home / "var" / "reports").glob("*.html"))
    answer = client.get(resolved(shot.address, items, report))
    assert (shot.name, answer.status_code) == (shot.name, 200)
    return LexborHTMLParser(answer.content)


def test_every_page_that_the_script_goes_to_has_what_its_picture_shows(office: Office) -> None:
    fill(office)
    items = dict(models.Item.objects.values_list("title", "id"))
    missing = []
    for shot in SHOTS:
        page = _page(office, shot, items)
        missing += [
            (shot.name, selector)
            for selector in (shot.about, shot.opened)
            if selector and page.css_first(selector) is None
        ]
    assert missing == []
