"""Checking files, standard input, addresses and batches, without Django."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from syndicate.cli import check_formats
from syndicate.errors import ConfigurationError, FetchRefused, NotFound
from syndicate.flow import check_files
from syndicate.flow.check_files import (
    Checked,
    CheckedRecord,
    Sources,
    changed_files,
    check_documents,
    check_records,
    explain,
    fails,
    open_monitor,
    shown_text,
)
from syndicate.model.finding import Severity
from syndicate.model.source import Document
from tests.text import office_files

ROOT = Path(__file__).parents[2]
MONITOR = open_monitor(ROOT)
DAY = date(2024, 6, 3)
ID = "11010519491231002X"


def fetch(url: str) -> Document:
    if "gone" in url:
        raise FetchRefused("core.configuration", count=0)
    return Document(
        url,
        "<p>会议布<b>署</b></p>".encode("gb18030"),
        datetime(2024, 6, 3, tzinfo=UTC),
        headers={"Content-Type": "text/html; charset=gbk"},
    )


def checked(*targets: str, stdin: bytes = b"") -> list[Checked]:
    return list(check_documents(MONITOR, targets, Sources(io.BytesIO(stdin), fetch), day=DAY))


def test_a_file_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("会议布署", "utf-8")
    [one] = checked(str(tmp_path / "a.txt"))
    assert [finding.text for finding in one.findings] == ["布署"]


def test_standard_input_is_checked() -> None:
    assert len(checked("-", stdin="会议布署".encode())[0].findings) == 1


def test_an_address_is_fetched_and_checked() -> None:
    [one] = checked("http://site.example/a")
    assert [finding.text for finding in one.findings] == ["布署"]


def test_an_address_that_brings_nothing_gives_its_reason() -> None:
    assert checked("https://site.example/gone")[0].error is not None


def test_a_pattern_stands_for_its_files_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text("好", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert [one.name for one in checked("*.txt")] == ["a.txt", "b.txt"]
    assert [Path(one.name).name for one in checked(f"{tmp_path}/?.txt")] == ["a.txt", "b.txt"]


def test_one_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("好", "utf-8")
    results = checked(str(tmp_path / "missing.txt"), str(tmp_path), "none*.txt", "a\0b", str(tmp_path / "a.txt"))
    assert [one.error is None for one in results] == [False, False, False, False, True]


def test_a_record_with_more_text_than_anybody_reads_is_told_and_the_next_one_is_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(check_files, "MOST_CHARACTERS", 3)
    long, short = check_records(MONITOR, ['{"id": 7, "text": "一二三四"}', '{"id": 8, "text": "布署"}'])
    assert (long.id, long.error.key if long.error else "") == (7, "text.too_long")
    assert (short.id, short.error, len(short.findings)) == (8, None, 1)


def test_a_batch_gives_one_answer_a_record() -> None:
    lines = [
        json.dumps({"id": 7, "text": "<p>布<b>署</b></p>", "kind": "html", "doc_date": None}),
        "",
        json.dumps({"id": "x", "text": "国土资源部印发通知", "doc_date": "2024-05-01"}),
        json.dumps({"id": "y", "text": "国土资源部印发通知", "doc_date": "2017-05-01", "kind": "text"}),
    ]
    records = list(check_records(MONITOR, lines))
    assert [(record.id, len(record.findings)) for record in records] == [(7, 1), ("x", 1), ("y", 0)]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "1",
        '{"text": 1}',
        '{"id": 1}',
        '{"text": "x", "kind": "pdf"}',
        '{"text": "x", "doc_date": "soon"}',
        "[" * 100_000,
    ],
)
def test_a_broken_record_is_told_with_its_line(line: str) -> None:
    [record] = check_records(MONITOR, [line])
    assert record.error is not None
    assert check_formats.record_as_json(record)["error"]


def test_a_rule_can_be_explained_and_an_unknown_one_not() -> None:
    assert "date.weekday" in "\n".join(check_formats.as_rule(explain(MONITOR, "date.weekday")))
    with pytest.raises(NotFound):
        explain(MONITOR, "no.rule")


def test_failing_counts_findings_as_grave_as_asked(tmp_path: Path) -> None:
    findings = checked("-", stdin="高度重视,认真落实".encode())[0].findings
    assert fails(findings, Severity.CONFIRM)
    assert not fails(findings, Severity.BLOCK)


def test_json_has_the_promised_keys_and_the_text_of_extracted_files(tmp_path: Path) -> None:
    (tmp_path / "a.ofd").write_bytes(office_files.ofd(f"会议布署\n身份证{ID}"))
    (tmp_path / "a.txt").write_text("会议布署", "utf-8")
    answer = check_formats.as_json(checked(str(tmp_path / "a.ofd"), str(tmp_path / "a.txt"), "missing"))
    extracted, plain, missing = answer["documents"]
    assert set(plain) == {"name", "findings"}
    assert list(plain["findings"][0]) == [
        "start",
        "end",
        "text",
        "rule",
        "severity",
        "message",
        "suggestion",
        "basis",
        "place",
    ]
    first = extracted["findings"][0]
    assert extracted["text"][first["start"] : first["end"]] == "布署"
    assert ID not in json.dumps(answer)
    assert missing["error"]["zh"]


@pytest.mark.parametrize(
    "render", [lambda one: "\n".join(check_formats.as_text(one)), lambda one: check_formats.as_html([one])]
)
@pytest.mark.parametrize("source", [f"身份证{ID}，会议布署", "<p>身份证110105<b>19491231</b>002X，会议布署</p>"])
def test_personal_data_stands_masked_in_every_output(render: Callable[[Checked], str], source: str) -> None:
    [one] = checked("-", stdin=source.encode())
    shown = render(one)
    assert "布署" in shown
    assert "19491231" not in shown
    assert len(shown_text(source, one.findings)) == len(source)


def test_the_caret_stands_under_the_words_with_chinese_counted_double() -> None:
    lines = list(check_formats.as_text(checked("-", stdin="会议布署了".encode())[0]))
    index = next(number for number, line in enumerate(lines) if line.strip() == "^^^^")
    assert lines[index] == " " * 6 + " " * 4 + "^^^^"
    assert lines[index - 1] == " " * 6 + "会议布署了"


def test_a_long_line_is_cut_around_the_words_and_control_characters_do_not_reach_the_terminal() -> None:
    source = "好" * 300 + "\x1b[2J布署" + "好" * 300
    lines = list(check_formats.as_text(checked("-", stdin=source.encode())[0]))
    shown = next(line for line in lines if "布署" in line and "好" in line)
    assert "\x1b" not in "".join(lines)
    assert len(shown) < 60


def test_a_text_without_findings_says_so() -> None:
    assert "没有发现问题" in "\n".join(check_formats.as_text(checked("-", stdin=b"x")[0]))


def test_the_page_marks_words_escapes_everything_and_tells_unreadable_files() -> None:
    documents = [
        *checked("-", stdin="<script>alert(1)</script> 布署，“会议布署".encode()),
        *checked("missing"),
        Checked("<x>", None),
    ]
    page = check_formats.as_html(documents)
    assert '<mark class="block"' in page
    assert "<script>" not in page
    assert "无法读取" in page


def test_a_file_is_known_by_page_where_lines_mean_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.ofd").write_bytes(office_files.ofd("好", "会议布署"))
    assert "第 2 页" in "\n".join(check_formats.as_text(checked(str(tmp_path / "a.ofd"))[0]))


def test_a_record_without_error_has_none_in_its_answer() -> None:
    assert check_formats.record_as_json(CheckedRecord("x")) == {"id": "x", "findings": []}


def test_checking_a_file_never_loads_django(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("会议布署", "utf-8")
    program = (
        "import io, sys\nfrom pathlib import Path\nfrom syndicate.flow.check_files import *\n"
        f"list(check_documents(open_monitor(Path({str(ROOT)!r})), [{str(tmp_path / 'a.txt')!r}], Sources(io.BytesIO(), None), day=None))\n"
        "import syndicate.cli.check\n"
        "heavy = {'django', 'requests', 'lxml', 'openpyxl', 'pypdfium2', 'docx', 'jinja2'} & set(sys.modules)\n"
        "print(','.join(sorted(heavy)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "\n", "")


def test_a_watched_file_is_told_once_and_again_when_it_changes(tmp_path: Path) -> None:
    file, seen = tmp_path / "a.txt", dict[str, int]()
    file.write_text("甲", "utf-8")
    pattern = [str(tmp_path / "*.txt"), str(tmp_path / "missing.docx")]
    assert changed_files(pattern, seen) == [str(file)]
    assert changed_files(pattern, seen) == []
    os.utime(file, ns=(1, 1))
    assert changed_files(pattern, seen) == [str(file)]


def test_a_new_file_of_a_watched_pattern_is_told(tmp_path: Path) -> None:
    seen: dict[str, int] = {}
    assert changed_files([str(tmp_path / "*.txt")], seen) == []
    (tmp_path / "b.txt").write_text("乙", "utf-8")
    assert changed_files([str(tmp_path / "*.txt")], seen) == [str(tmp_path / "b.txt")]


MISTAKES = """\
rules:
  - {id: own.kind, kind: regexx, severity: block, message: {zh: a, en: a}, basis: 样例, pattern: a}
  - {id: own.severity, kind: regex, severity: blok, message: {zh: a, en: a}, basis: 样例, pattern: a}
  - {id: own.pattern, kind: regex, severity: block, message: {zh: "{txt}", en: a}, basis: 样例, pattern: (a}
  - {id: own.slow, kind: regex, severity: block, message: {zh: a, en: a}, basis: 样例, pattern: "(?:x|xx|xxx)*[yz]",
     timeout: 0.02, good: ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]}
"""


def test_all_mistakes_of_the_rule_files_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    for folder in ("rules", "lexicon"):
        (tmp_path / "content" / folder).mkdir(parents=True)
    (tmp_path / "content" / "rules" / "own.yaml").write_text(MISTAKES, "utf-8")
    head = "wrong\tright\tcategory\tmode\tnot_after\tnot_before\tvalid_from\tvalid_to\tbasis\n"
    row = "加故\t加固\ttypo\toften\t\t\t\t\t样例\n"
    (tmp_path / "content" / "lexicon" / "own.tsv").write_text(head + row, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        open_monitor(tmp_path)
    told = [(one.file.rpartition("/")[2], one.line, one.message.key.partition(".")[2]) for one in caught.value.problems]
    assert told == [
        ("own.tsv", 2, "not_a_choice"), ("own.yaml", 2, "kind"), ("own.yaml", 3, "not_a_choice"), ("own.yaml", 4, "message_slot"), ("own.yaml", 4, "pattern"),
        ("own.yaml", 5, "example_timeout"),
    ]  # fmt: skip


def test_a_file_that_is_not_there_is_told_in_plain_words(tmp_path: Path) -> None:
    [one] = checked(str(tmp_path / "无.txt"))
    assert one.error is not None
    assert one.error.key == "monitor.no_file"
