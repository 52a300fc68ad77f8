"""The how-to "follow a source", its commands as they are printed, on invented sites of several publishing systems."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.howto import HOWTO, PRINTED, follow_literally, printed_commands, serving
from tests.flow.web import article

Link = Callable[[int], str]


def _list(link: Link, row: str = "<li><a href='{href}' title='{title}'>{title}</a><span>{day}</span></li>") -> str:
    return "".join(row.format(href=link(n), title=f"云川县样例通知第{n}号", day=f"2026-11-2{n}") for n in (3, 2, 1))


def _trs(number: int) -> str:
    return f"./202611/t2026112{number}_{number}.html"


def _jcms(number: int) -> str:
    return f"/art/2026/11/2{number}/art_735_{number}.html"


def _unknown(number: int) -> str:
    return f"/show.aspx?id={number}"


PAGE = "<html><head><title>要闻_云川县人民政府</title></head><body><div class='nav'><a href='/'>首页</a></div><ul class='list'>{rows}</ul></body></html>"
RECORDS = "<script type='text/xml'><datastore><nextgroup></nextgroup>{rows}</datastore></script>"
SITES: dict[str, tuple[Link, str, str]] = {
    "trs": (_trs, _list(_trs), "preset: trs"),
    "jcms": (_jcms, RECORDS.format(rows=_list(_jcms, "<record><![CDATA[<li><a href='{href}'>{title}</a><span>{day}</span></li>]]></record>")), "preset: jcms"),
    "unknown": (_unknown, _list(_unknown, "<li class='item'><b>{day}</b><a href='{href}'>{title}</a></li>"), "kind: html"),
}  # fmt: skip


@pytest.mark.parametrize("family", SITES)
def test_the_commands_of_the_page_follow_a_new_site(family: str, tmp_path: Path) -> None:
    link, rows, expected = SITES[family]
    paths = {link(n).replace("./2", "/news/2").replace("..", ""): n for n in (1, 2, 3)}

    def answer(base: str, path: str) -> bytes:
        if path == "/news/":
            return PAGE.format(rows=rows).encode()
        return article(f"云川县样例通知第{paths[path]}号") if path in paths else b""

    with serving(answer) as base:
        done = follow_literally(base, f"{base}/news/", tmp_path / "office", "样例市政府办", "first_run: 2\n")
    assert (expected in done.file, "共 3 行" in done.proposed.out) == (True, True)
    assert "列表：3 行，其中 0 行没有日期" in done.tried.out
    assert sorted(row["title"] for row in done.queue) == ["云川县样例通知第2号", "云川县样例通知第3号"]


def test_a_known_family_is_five_lines_as_the_page_says() -> None:
    text = HOWTO.read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]
    keys = [line.partition(":")[0] for line in text.splitlines() if not line.startswith("#")]
    assert keys == ["preset", "title", "url", "column", "organ"]


def test_the_page_prints_three_commands_for_one_address() -> None:
    commands = printed_commands()
    assert [command[:2] for command in commands] == [["source", "add"], ["source", "test"], ["sync", "county-news"]]
    assert PRINTED in commands[0]
