"""Findings of whole files."""

from __future__ import annotations

from syndicate.model.finding import Severity
from syndicate.monitor.compile import compile_monitor
from syndicate.monitor.files import check_file
from syndicate.text.files import read_file
from tests.monitor.rule_making import rule
from tests.text import office_files

MONITOR = compile_monitor([rule("existence", words=["甲"])], [])


def test_the_place_of_a_finding_is_that_in_the_file() -> None:
    file = read_file(office_files.ofd("乙", "甲"), "a.ofd")
    assert [finding.place for finding in check_file(MONITOR, file, day=None)] == ["第 2 页"]


def test_pages_without_text_are_a_finding() -> None:
    file = read_file(office_files.pdf("text", ""), "a.pdf")
    [finding] = check_file(MONITOR, file, day=None, part="attachment:a.pdf")
    assert (finding.rule, finding.severity, finding.place) == ("file.no_text_layer", Severity.CONFIRM, "第 2 页")
    assert finding.part == "attachment:a.pdf"


def test_many_pages_without_text_are_told_by_their_number() -> None:
    file = read_file(office_files.pdf(*[""] * 12), "a.pdf")
    assert check_file(MONITOR, file, day=None)[0].place.endswith("… (12)")


def test_characters_that_could_not_be_decoded_are_a_finding() -> None:
    file = read_file("会议部署了下一阶段的工作任务".encode() + b"\xff", "a.txt")
    assert "file.undecodable" in {finding.rule for finding in check_file(MONITOR, file, day=None)}
