"""The import as a person types it: an export, a site that is crawled, a look beforehand, and what must be attended to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.sandbox.folder_server import FolderServer
from tests.cli.terminal import Office
from tests.ingest.exports import TEXT, export, post


@pytest.fixture
def file(office: Office) -> str:
    path = office.home / "export.xml"
    path.write_bytes(export(post(1, "样例动态一"), post(2, "样例动态二")))
    return str(path)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[str]:
    """A former website with one list of three articles."""
    folder = tmp_path / "old"
    (folder / "xw").mkdir(parents=True)
    rows = "".join(
        f"<li><a href='/xw/{n}.html'>样例文章标题第{n}号</a><span>2019-05-0{n}</span></li>" for n in (3, 2, 1)
    )
    (folder / "xw" / "index.html").write_text(f"<html><ul class='list'>{rows}</ul></html>", "utf-8")
    for n in (1, 2, 3):
        page = f"<html><meta charset='utf-8'><title>样例文章标题第{n}号</title><div class='TRS_Editor'><p>{TEXT}</p></div></html>"
        (folder / "xw" / f"{n}.html").write_text(page, "utf-8")
    server = FolderServer(folder)
    try:
        yield server.start()
    finally:
        server.stop()


def test_an_export_is_imported_and_counted(office: Office, file: str) -> None:
    answer = office("site", "import", file, "--column", "news=news", user="样例终审")
    assert answer.code == 0, answer
    assert "共 2 篇：已导入 2 篇，早已导入或重复 0 篇，失败 0 篇，未导入 0 篇，存疑 0 处。" in answer.out
    assert "保留 2 个" in answer.out
    assert "[2/2] 样例动态二" in answer.err
    assert (office.home / "var" / "site" / "2016" / "05" / "sample-1" / "index.html").exists()


def test_a_site_is_crawled(office: Office, old: str) -> None:
    words = (
        "site",
        "import",
        old,
        "--column",
        "/xw/index.html=news",
        "--allow",
        old.removeprefix("http://"),
        "--gap",
        "0",
    )
    answer = office(*words, "--json", user="样例终审")
    assert (answer.document["imported"], answer.document["failed"]) == (3, [])
    assert (office.home / "var" / "site" / "xw" / "3.html").exists()


def test_a_look_beforehand_needs_nobody_and_stores_nothing(office: Office, file: str) -> None:
    answer = office("site", "import", file, "--column", "news=news", "--dry-run")
    assert answer.code == 0, answer
    assert "将导入 2 篇" in answer.out
    assert "2015-05-02 16:00 样例动态一" in answer.out
    assert office("queue", "--json").document == []
    assert not (office.home / "var" / "site").exists()


def test_what_is_left_out_is_told_with_its_reason_and_the_exit_code_is_1(office: Office, file: str) -> None:
    Path(file).write_bytes(export(post(1, "样例动态一"), post(2, "样例其他", category="other")))
    answer = office("site", "import", file, "--column", "news=news", user="样例终审")
    assert answer.code == 1
    assert "没有为分类“样例分类、other”指定栏目" in answer.out.replace("\n", "")
    found = office("site", "import", file, "--column", "news=news", "--json", user="样例终审").document
    assert (found["already"], [one["title"] for one in found["skipped"]]) == (1, ["样例其他"])


def test_without_a_person_nothing_is_imported(office: Office, file: str) -> None:
    answer = office("site", "import", file, "--column", "news=news")
    assert answer.code == 2
    assert "--dry-run" in answer.err


def test_an_editor_may_not_import(office: Office, file: str) -> None:
    answer = office("site", "import", file, "--column", "news=news", user="样例编辑")
    assert answer.code == 1
    assert "导入旧网站" in answer.err


def test_without_any_column_it_says_how_to_name_them(office: Office, file: str) -> None:
    answer = office("site", "import", file, user="样例终审")
    assert answer.code == 2
    assert "--column" in answer.err


def test_a_mapping_file_names_the_columns(office: Office, file: str, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("columns:\n- {from: news, column: policy}\n", "utf-8")
    words = ("site", "import", file, "--mapping", str(mapping), "--json")
    assert office(*words, user="样例终审").document["sections"][0]["column"] == "policy"


def test_a_mistake_in_the_mapping_file_is_shown_with_its_line(office: Office, file: str, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("columns:\n- {from: news, column: absent}\n", "utf-8")
    answer = office("site", "import", file, "--mapping", str(mapping), user="样例终审")
    assert answer.code == 2
    assert "mapping.yaml:2" in answer.err


def test_an_export_that_is_none_is_told_in_two_sentences(office: Office, file: str) -> None:
    Path(file).write_text("<html></html>", "utf-8")
    answer = office("site", "import", file, "--column", "news=news", "--dry-run")
    assert answer.code == 1
    assert "不是 WordPress 导出文件" in answer.err
    assert "Traceback" not in answer.err
