"""The website as a whole: a full build equals what single publications left, and every planted change is found."""

from __future__ import annotations

import os
import random
import shutil
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.errors import NotFound
from syndicate.flow import website
from syndicate.flow.decide import Vote, decide
from syndicate.flow.website import build_site, site_folder, verify_site
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.item import Attachment, FileRole
from syndicate.model.review import Verdict, WithdrawalKind
from syndicate.records import models
from tests.databases import on_both
from tests.flow.office import CONTENT, PUBLISHER, REVIEWER, Desk
from tests.flow.web import PNG

STEPS = 14


def _files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _site(desk: Desk) -> dict[str, bytes]:
    """Every file of the site and of its manifest."""
    var = desk.home / "var"
    return {f"{name}/{path}": data for name in ("site", "site.manifest") for path, data in _files(var / name).items()}


def _with_files(desk: Desk, title: str) -> object:
    sha256 = desk.workspace.files.put(PNG)
    picture = Attachment("图.png", sha256, "image/png", len(PNG), FileRole.IMAGE)
    sheet = desk.workspace.files.put(b"%PDF-1.4 " + title.encode())
    table = Attachment("附件.pdf", sheet, "application/pdf", 9, FileRole.ATTACHMENT)
    body = f'<p>{title}</p><p><img src="file:{sha256}" alt=""></p><p><a href="file:{sheet}">附件</a></p>'
    return replace(CONTENT, title=title, body=body, attachments=(picture, table))


def _new(desk: Desk, chance: random.Random, number: int) -> int:
    title = f"样例稿件第{number}号"
    content = _with_files(desk, title) if chance.random() < 0.3 else replace(CONTENT, title=title)
    item = desk.submitted("website", content=content)  # type: ignore[arg-type]
    if chance.random() < 0.4:
        models.Item.objects.filter(id=item).update(column="policy", levels=2)
        decide(desk.workspace, REVIEWER, item, Vote(Verdict.APPROVE, 1))
    desk.approve(item)
    return item


def _history(desk: Desk, seed: int) -> list[int]:
    """Publications, corrections and withdrawals in random order; returns what still stands."""
    chance = random.Random(seed)
    standing: list[int] = []
    for number in range(STEPS):
        desk.wait(timedelta(minutes=chance.randrange(1, 3000)))
        move = chance.random()
        if not standing or move < 0.6:
            standing.append(_new(desk, chance, number))
        elif move < 0.8:
            item = chance.choice(standing)
            if desk.item(item).column == "news":
                desk.corrected(item, f"样例稿件第{number}号（更正）")
        else:
            item = standing.pop(chance.randrange(len(standing)))
            withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
        desk.run()
    return standing


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_full_build_equals_byte_for_byte_what_single_publications_left(desk: Desk, seed: int) -> None:
    _history(desk, seed)
    before = _site(desk)
    build_site(desk.workspace)
    after = _site(desk)
    assert sorted(path for path in before | after if before.get(path) != after.get(path)) == []


@pytest.mark.parametrize("seed", [5, 6])
def test_a_lost_website_is_built_again_byte_for_byte(desk: Desk, seed: int) -> None:
    _history(desk, seed)
    before = _site(desk)
    shutil.rmtree(desk.home / "var" / "site")
    shutil.rmtree(desk.home / "var" / "site.manifest")
    build_site(desk.workspace)
    after = _site(desk)
    assert sorted(path for path in before | after if before.get(path) != after.get(path)) == []


def _built_and_lost(desk: Desk, seed: int) -> dict[str, bytes]:
    """What a whole build left, which is gone now."""
    _history(desk, seed)
    build_site(desk.workspace)
    built = _site(desk)
    shutil.rmtree(desk.home / "var" / "site")
    shutil.rmtree(desk.home / "var" / "site.manifest")
    return built


def _in_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a site of some thousand articles is built."""
    for name, value in (("_AT_ONCE", 2), ("_IN_PART", 3), ("_LISTS", 4)):
        monkeypatch.setattr(website, name, value)
    monkeypatch.setattr(website, "processes_for", lambda _: 2)


@on_both
def test_a_website_built_in_two_processes_is_the_same_byte_for_byte(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = _built_and_lost(desk, 3)
    _in_two_processes(monkeypatch)
    build_site(desk.workspace)
    assert _site(desk) == built


@pytest.mark.parametrize("nth", [1, 4, 7])
def test_a_process_that_is_killed_while_it_writes_changes_nothing_of_the_result(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    built = _built_and_lost(desk, 3)
    _in_two_processes(monkeypatch)
    here, replace_file, calls = os.getpid(), os.replace, 0

    def dying(source: str, target: str) -> None:
        nonlocal calls
        calls += os.getpid() != here
        if calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        replace_file(source, target)

    monkeypatch.setattr(os, "replace", dying)
    build_site(desk.workspace)
    assert _site(desk) == built


def test_a_website_after_a_random_history_is_whole(desk: Desk) -> None:
    _history(desk, 7)
    assert verify_site(desk.workspace).whole


def test_what_was_published_after_a_full_build_goes_on_from_it(desk: Desk) -> None:
    _history(desk, 8)
    build_site(desk.workspace)
    desk.approved("website")
    desk.run()
    before = _site(desk)
    build_site(desk.workspace)
    assert _site(desk) == before


def test_a_full_build_repairs_what_was_changed(desk: Desk) -> None:
    desk.approved("website")
    desk.run()
    before = _site(desk)
    (site_folder(desk.workspace) / "index.html").write_text("defaced", "utf-8")
    build_site(desk.workspace)
    assert _site(desk) == before


def test_a_full_build_leaves_planted_files_for_a_person_to_see(desk: Desk) -> None:
    desk.approved("website")
    desk.run()
    (site_folder(desk.workspace) / "casino.html").write_text("x", "utf-8")
    build_site(desk.workspace)
    assert verify_site(desk.workspace).foreign == ("casino.html",)


@pytest.mark.parametrize("seed", range(4))
def test_every_planted_change_is_found(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(5):
        _new(desk, chance, number)
    desk.run()
    root = site_folder(desk.workspace)
    paths = sorted(_files(root))
    changed, lost = chance.sample(paths, 2)
    data = bytearray((root / changed).read_bytes() or b"x")
    data[chance.randrange(len(data))] ^= 1
    (root / changed).write_bytes(bytes(data))
    (root / lost).unlink()
    (root / "news" / "planted.html").write_text("x", "utf-8")
    found = verify_site(desk.workspace)
    assert (found.changed, found.missing, found.foreign) == ((changed,), (lost,), ("news/planted.html",))


def test_a_page_replaced_by_a_link_is_found(desk: Desk) -> None:
    desk.approved("website")
    desk.run()
    index = site_folder(desk.workspace) / "index.html"
    copy = desk.home / "copy.html"
    index.rename(copy)
    index.symlink_to(copy)
    assert verify_site(desk.workspace).changed == ("index.html",)


def test_a_folder_planted_as_a_link_is_found(desk: Desk, tmp_path: Path) -> None:
    desk.approved("website")
    desk.run()
    (site_folder(desk.workspace) / "more").symlink_to(tmp_path)
    assert verify_site(desk.workspace).foreign == ("more",)


def test_a_build_while_a_worker_died_right_after_writing_keeps_its_page(desk: Desk) -> None:
    item = desk.approved("website")
    desk.run()
    before = _site(desk)
    sent = desk.delivery(item, "website", Action.PUBLISH)
    models.Delivery.objects.filter(id=sent.id).update(state=DeliveryState.SENDING)
    build_site(desk.workspace)
    assert _site(desk) == before


def test_what_waits_is_not_built(desk: Desk) -> None:
    desk.approved("website")
    desk.run()
    before = _site(desk)
    desk.submitted("website", content=replace(CONTENT, title="还在审核"))
    build_site(desk.workspace)
    assert _site(desk) == before


def test_a_website_with_nothing_published_can_be_built(desk: Desk) -> None:
    root = build_site(desk.workspace)
    assert ((root / "index.html").is_file(), verify_site(desk.workspace).whole) == (True, True)


def test_an_office_without_a_website_has_none_to_build(desk: Desk) -> None:
    desk.without("website", "weibo")
    with pytest.raises(NotFound):
        build_site(desk.workspace)


def test_an_office_without_a_website_has_none_to_verify(desk: Desk) -> None:
    desk.without("website", "weibo")
    with pytest.raises(NotFound):
        verify_site(desk.workspace)
