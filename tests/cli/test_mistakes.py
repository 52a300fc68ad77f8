"""Whatever goes wrong: two sentences in Chinese and English, the right exit code, nothing on stdout, never a traceback."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
from pathlib import Path

import pytest

from syndicate.cli.mistakes import tell
from tests.cli.terminal import Answer, Office, script, type_in
from tests.databases import with_a_sqlite_file

HAN = re.compile("[\u4e00-\u9fff]")
CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24


def told(answer: Answer, code: int, *texts: str) -> None:
    """The answer is a mistake told properly."""
    assert (answer.code, answer.out) == (code, "")
    assert "Traceback" not in answer.err
    chinese, english = answer.err.strip().splitlines()[-2:]
    assert HAN.search(chinese)
    assert re.search(r"[a-z]+ [a-z]+ [a-z]+", english)
    for text in texts:
        assert text in answer.err


def test_where_there_is_no_office_init_is_named(tmp_path: Path) -> None:
    told(type_in("queue"), 2, "content/office.yaml:1", "syndicate init", "Run inside an office")


@with_a_sqlite_file
def test_an_office_without_its_database_is_sent_to_init(office: Office) -> None:
    (office.home / "var" / "syndicate.sqlite3").unlink()
    told(office("queue"), 2, "还没有数据库", f"Run first: syndicate init {office.home}")


def test_every_mistake_of_the_configuration_is_listed_with_file_and_line_in_both_languages(office: Office) -> None:
    (office.home / "channels" / "app.yaml").write_text("title: [\n", "utf-8")
    columns = office.home / "content" / "columns.yaml"
    columns.unlink()
    columns.mkdir()
    with (office.home / "content" / "office.yaml").open("a", encoding="utf-8") as file:
        file.write("nonsense: 1\n")
    answer = office("queue", "--json")
    told(answer, 2, "配置有 3 处错误", "has 3 mistakes")
    places = re.findall(r"^(\S+\.yaml):\d+: ", answer.err, re.MULTILINE)
    assert places == ["channels/app.yaml", "content/columns.yaml", "content/office.yaml"]
    assert "    nonsense: 1\n" in answer.err
    assert "There is no key" in answer.err


@pytest.mark.parametrize(
    ("words", "who"),
    [
        (("show", "404"), ""),
        (("show", "99999999999999999999999"), ""),
        (("review", "404", "--approve", "--level", "1"), "样例终审"),
        (("amend", "404", "--reason", "样例"), "样例编辑"),
        (("amend", "404", "--reason", "样例", "--title", "样例"), "样例编辑"),
        (("withdraw", "404", "--kind", "error", "--reason", "样例"), "样例终审"),
    ],
)
def test_an_unknown_item_is_wrong_use(office: Office, words: tuple[str, ...], who: str) -> None:
    told(office(*words, user=who), 2, "没有编号为", "syndicate queue")


@pytest.mark.parametrize("words", [("retry", "404"), ("resolve", "404", "--absent")])
def test_an_unknown_delivery_is_wrong_use(office: Office, words: tuple[str, ...]) -> None:
    told(office(*words, user="样例终审"), 2, "没有编号为 404 的投递", "syndicate deliveries")


@pytest.mark.parametrize("words", [("sync", "nowhere"), ("source", "test", "nowhere")])
def test_an_unknown_source_is_wrong_use(office: Office, words: tuple[str, ...]) -> None:
    told(office(*words), 2, "没有名为 nowhere 的信源", "syndicate source list")


@pytest.mark.parametrize("verb", ["role", "password", "token", "disable"])
def test_an_unknown_user_is_wrong_use(office: Office, verb: str) -> None:
    more = ("editor",) if verb == "role" else ()
    told(office("user", verb, "无此人", *more), 2, "没有名为 无此人 的用户", "syndicate user list")


def test_an_unknown_column_is_named(office: Office) -> None:
    told(office("item", "new", "样例", "--column", "nowhere", stdin=b"x", user="样例编辑"), 2, "nowhere")


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("show",),
        ("show", "twelve"),
        ("show", "1", "2"),
        ("queue", "--state", "nonsense"),
        ("queue", "--limit", "-1"),
        ("queue", "--limit", "99999999999999999999"),
        ("deliveries", "--limit", "0"),
        ("review", "1", "--level", "1", "--as", "x"),
        ("review", "1", "--level", "0", "--approve", "--as", "x"),
        ("review", "1", "--level", "1", "--approve", "--return", "--as", "x"),
        ("review", "1", "--level", "1", "--approve"),
        ("withdraw", "1", "--kind", "whim", "--reason", "x", "--as", "x"),
        ("amend", "1", "--as", "x"),
        ("resolve", "1", "--as", "x"),
        ("resolve", "1", "--as", "x", "--absent", "--delivered", "http://a.example/"),
        ("work",),
        ("work", "--drain", "--forever"),
        ("user", "add", "x", "system"),
        ("report", "2026-13-01"),
        ("check",),
        ("check", "x.txt", "--date", "gestern"),
        ("check", "--explain", "no.such_rule"),
        ("desk", "--port", "99999"),
        ("desk", "--host", "0.0.0.0"),
        ("sandbox", "--port-base", "-1"),
        ("sandbox", "--faults", "nowhere.yaml"),
    ],
    ids=lambda words: " ".join(words),
)
def test_wrong_use_is_exit_2_and_two_sentences(office: Office, words: tuple[str, ...]) -> None:
    told(office(*words), 2)


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2999-01-01", "9999-12-31"])
def test_a_day_that_no_report_can_be_of_is_refused(office: Office, day: str) -> None:
    told(office("report", day), 2, day, "Choose another day")


def test_a_report_as_of_a_time_before_its_day_is_refused(office: Office) -> None:
    told(office("report", "2026-01-02", "--as-of", "2026-01-01T12:00"), 2, "--as-of")


def test_without_a_token_and_without_a_terminal_nothing_is_decided(office: Office) -> None:
    answer = office("retry", "1", "--as", "样例终审")
    told(answer, 2, "没有得到 样例终审 的个人令牌", "SYNDICATE_TOKEN")


@pytest.mark.parametrize("token", ["not-the-token", "令牌" * 40, "\udcff"])
def test_a_wrong_token_is_refused_and_not_repeated(office: Office, token: str) -> None:
    office.tokens["样例终审"] = token
    answer = office("retry", "1", user="样例终审")
    told(answer, 1, "令牌不正确", "syndicate user token")
    assert token not in answer.err


def test_somebody_elses_token_is_refused(office: Office) -> None:
    office.tokens["样例终审"] = office.tokens["样例编辑"]
    told(office("retry", "1", user="样例终审"), 1, "令牌不正确")


def test_the_token_of_a_disabled_user_is_refused(office: Office) -> None:
    assert office("user", "disable", "样例编辑").code == 0
    told(office("item", "new", "样例", "--column", "news", stdin=b"x", user="样例编辑"), 1, "令牌不正确")


@with_a_sqlite_file
def test_a_database_file_that_is_garbage_is_told_by_every_way_in(office: Office) -> None:
    (office.home / "var" / "syndicate.sqlite3").write_bytes(b"\x00garbage" * 1000)
    for words in (("queue",), ("user", "list"), ("audit", "verify"), ("work", "--drain"), ("backup",)):
        told(office(*words), 1, "file is not a database", "backup")
    told(type_in("init", str(office.home)), 1, "file is not a database", "backup")


@with_a_sqlite_file
def test_a_database_that_is_broken_in_the_middle_is_told(office: Office) -> None:
    path = office.home / "var" / "syndicate.sqlite3"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    told(office("queue"), 1, "数据库无法使用")


@with_a_sqlite_file
def test_a_folder_in_place_of_the_database_is_told(office: Office) -> None:
    path = office.home / "var" / "syndicate.sqlite3"
    path.unlink()
    path.mkdir()
    told(office("queue"), 1, "数据库无法使用", "unable to open database file")
    told(type_in("init", str(office.home)), 1, "数据库无法使用")


def test_an_office_whose_key_is_lost_is_not_opened(office: Office) -> None:
    (office.home / "var" / "secrets" / "office-key").unlink()
    told(office("queue"), 2, "office-key", "backup")


def test_an_office_with_another_key_neither_sends_nor_backs_up(office: Office) -> None:
    office("work", "--drain")
    (office.home / "var" / "secrets" / "office-key").write_bytes(b"x" * 32)
    for words in (("work", "--drain"), ("backup",), ("queue",)):
        told(office(*words), 1, "不是这个办公室原来的那一把", "is not the key of this office")


def test_init_makes_no_new_key_where_there_is_an_office(office: Office) -> None:
    key = office.home / "var" / "secrets" / "office-key"
    key.unlink()
    told(type_in("init", str(office.home)), 2, "不要新建", "do not make a new one")
    assert not key.exists()


def test_a_file_in_place_of_a_folder_is_told(office: Office) -> None:
    shutil.rmtree(office.home / "var" / "reports", ignore_errors=True)
    (office.home / "var" / "reports").write_text("in the way")
    told(office("report"), 1, "reports")


def test_a_read_only_office_says_what_could_not_be_written(office: Office) -> None:
    """Nobody may pass over permissions here, not even root."""
    folder = office.home / "var"
    folder.chmod(0o555)
    try:
        answer = script("report", "--home", str(office.home), preexec_fn=_without_the_right_to_override_permissions)
    finally:
        folder.chmod(0o755)
    told(answer, 1, "var")


def _without_the_right_to_override_permissions() -> None:
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def test_characters_that_are_no_text_are_wrong_use(office: Office) -> None:
    title = os.fsdecode(b"\xff\xfe")
    told(office("item", "new", title, "--column", "news", stdin=b"x", user="样例编辑"), 2, "UTF-8")


def test_a_defect_of_our_own_keeps_its_traceback_in_a_private_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert tell(KeyError("样例"), ()) == 1
    said = capsys.readouterr().err
    (kept,) = tmp_path.glob("syndicate-error-*.txt")
    assert str(kept) in said
    assert "Traceback" not in said
    assert "KeyError: '样例'" in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_what_a_mistake_repeats_cannot_drive_the_terminal(office: Office) -> None:
    answer = office("user", "role", "\x1b]0;x\x07\x1b[2J", "editor")
    assert answer.code == 2
    assert "\x1b" not in answer.err
