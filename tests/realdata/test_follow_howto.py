"""The how-to "follow a source", its commands as they are printed, on lists that were saved from real sites."""

from __future__ import annotations

from pathlib import Path

from tests.cli.howto import follow_literally, serving


def test_the_commands_of_the_page_follow_the_list_of_the_state_council(data: Path, tmp_path: Path) -> None:

    def answer(base: str, path: str) -> bytes:
        page = data / "pages" / "govcn" / path.rpartition("/")[2].replace(".htm", ".html")
        if path == "/list.json":
            text = (data / "pages" / "govcn_list.json").read_text("utf-8")
            return text.replace("http://www.gov.cn", base).encode()
        return page.read_bytes() if page.is_file() else b""

    with serving(answer) as base:
        done = follow_literally(base, f"{base}/list.json", tmp_path / "office", "国务院", "first_run: 1\n")
    assert ("preset: ucap" in done.proposed.out, "共 60 行" in done.proposed.out) == (True, True)
    assert "索引号" in done.tried.out
    assert [row["title"] for row in done.queue] == [
        "国务院关于在市场监管领域全面推行部门联合“双随机、一公开”监管的意见"
    ]


def test_the_commands_of_the_page_follow_a_saved_html_list(data: Path, tmp_path: Path) -> None:
    """A ministry's page with a list of 85 rows of a publishing system that no preset knows; each leads to an article."""
    folder = data / "pages" / "nfra"

    def answer(base: str, path: str) -> bytes:
        if path == "/news/":
            return (folder / "page_source_debug.html").read_bytes()
        return (folder / "merged_cells_page_source.html").read_bytes() if "ItemDetail.html?docId=" in path else b""

    with serving(answer) as base:
        done = follow_literally(base, f"{base}/news/", tmp_path / "office", "样例监管机构", "first_run: 1\n")
    assert ("kind: html" in done.file, "共 85 行" in done.proposed.out) == (True, True)
    assert "列表：85 行" in done.tried.out
    assert "发布时间：未知" not in done.tried.out
    assert len(done.queue) == 1
