"""init, backup and the audit log as a person types them."""

from __future__ import annotations

import re
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.cli.opening import clock, os_user
from syndicate.records import seat
from syndicate.records.connection import open_records
from tests.cli.terminal import Office, script, type_in
from tests.databases import DATABASE, with_a_sqlite_file


def test_init_prints_a_one_time_link_and_the_office_works(tmp_path: Path) -> None:
    home = tmp_path / "新办公室"
    answer = type_in("init", str(home))
    assert answer.code == 0
    assert re.search(r"http://127\.0\.0\.1:8800/link/[\w-]{40,}", answer.out)
    assert type_in("queue", "--json", "--home", str(home)).document == []


def test_init_with_json_names_home_administrator_and_link(tmp_path: Path) -> None:
    document = type_in("init", str(tmp_path / "office"), "--json").document
    assert document["home"] == str(tmp_path / "office")
    assert document["administrator"] == "admin"
    assert "/link/" in document["link"]


def test_init_again_changes_nothing_and_gives_a_new_link(tmp_path: Path) -> None:
    home = tmp_path / "office"
    first = type_in("init", str(home), "--json").document
    files = {path: path.read_bytes() for path in home.rglob("*.yaml")}
    key = (home / "var" / "secrets" / "office-key").read_bytes()
    second = type_in("init", str(home), "--json").document
    assert second["link"] != first["link"]
    assert {path: path.read_bytes() for path in home.rglob("*.yaml")} == files
    assert (home / "var" / "secrets" / "office-key").read_bytes() == key
    assert [one["name"] for one in type_in("user", "list", "--json", "--home", str(home)).document] == ["admin"]


def test_init_into_a_folder_with_other_things_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "信.txt").write_text("mine")
    answer = type_in("init", str(tmp_path))
    assert answer.code == 1
    assert "信.txt" in answer.err
    assert {path.name for path in tmp_path.iterdir()} == {"信.txt", "here"}


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_init_where_a_file_stands_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    answer = type_in("init", str(tmp_path / name))
    assert answer.code == 1
    assert "Traceback" not in answer.err
    assert (tmp_path / "file").read_text() == "mine"


def test_a_second_link_for_the_administrator_is_in_the_audit(office: Office) -> None:
    assert type_in("init", str(office.home)).code == 0
    assert type_in("init", str(office.home)).code == 0
    assert [row["操作"] for row in office.audit() if row["对象"] == "user:admin"] == ["user.added", "user.link"]


def test_init_without_a_folder_takes_the_current_one(tmp_path: Path) -> None:
    assert script("init", cwd=tmp_path / "here").code == 0
    assert (tmp_path / "here" / "content" / "office.yaml").is_file()


def test_a_backup_holds_the_configuration_and_the_database_but_no_secret(office: Office) -> None:
    document = office("backup", "--json").document
    with tarfile.open(document["path"]) as archive:
        names = archive.getnames()
    assert any(name.endswith("content/office.yaml") for name in names)
    assert any(name.startswith("var/database.") for name in names)
    assert not [name for name in names if "secrets" in name]


def test_a_backup_tells_to_keep_the_key_apart(office: Office) -> None:
    answer = office("backup")
    assert answer.code == 0
    assert "office-key" in answer.out


def test_an_untouched_audit_log_is_whole(office: Office) -> None:
    office.write()
    answer = office("audit", "verify", "--json")
    assert answer.code == 0
    assert answer.document["broken"] is None
    assert answer.document["events"] == len(office.audit())


@with_a_sqlite_file
def test_a_changed_audit_log_is_found_and_makes_the_exit_1(office: Office) -> None:
    with closing(sqlite3.connect(office.home / "var" / "syndicate.sqlite3")) as database, database:
        for (guard,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {guard}")  # whoever has the file can do this too
        database.execute("UPDATE records_auditevent SET actor = '别人' WHERE number = 2")
    answer = office("audit", "verify")
    assert answer.code == 1
    assert "第 2 条" in answer.out


def test_the_audit_names_the_person_the_command_line_and_the_system_user(office: Office) -> None:
    item = office.write()
    (created,) = [row for row in office.audit() if row["操作"] == "item.created"]
    assert (created["人员"], created["途径"], created["系统用户"]) == ("样例编辑", "cli", os_user())
    assert created["对象"] == f"item:{item}"


def test_the_audit_of_a_verb_without_a_person_names_the_verb(office: Office) -> None:
    office("user", "disable", "样例初审")
    last = office.audit()[-1]
    assert (last["人员"], last["途径"], last["操作"]) == ("user disable", "cli", "user.disabled")


@pytest.mark.parametrize("name", ["=SUM(A1)", "+1", "-1", "@SUM(A1)", "＝1"])
def test_no_cell_of_the_exported_audit_is_a_formula(office: Office, name: str) -> None:
    home = f"--home={office.home}"
    assert type_in("user", "add", home, "--", name, "editor").code == 0
    token = type_in("user", "token", home, "--", name).out.strip()
    words = ("item", "new", "样例", "--column", "news", f"--as={name}", home)
    assert type_in(*words, stdin=b"<p>x</p>", environment={"SYNDICATE_TOKEN": token}).code == 0
    assert office.audit()[-1]["人员"] == f"'{name}"


def test_the_exported_audit_opens_as_utf_8_in_a_spreadsheet(office: Office) -> None:
    assert office("audit", "export").out.startswith("\ufeff序号,时间,人员")


@pytest.fixture
def empty(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What names the database of a new machine: nothing where it is a file of the office."""
    if DATABASE == "sqlite":
        yield {}
        return
    with request.getfixturevalue("cluster").database("template0") as url:
        yield {"DATABASE_URL": url}


def test_an_office_is_restored_as_it_is_typed(office: Office, tmp_path: Path, empty: dict[str, str]) -> None:
    made = office("backup", "--json").document
    target = tmp_path / "again"
    key = str(office.home / "var" / "secrets" / "office-key")
    answer = type_in("restore", str(made["path"]), str(target), "--key", key, environment=empty)
    assert (answer.code, "takeover --yes" in answer.out) == (0, True)
    assert type_in("audit", "verify", "--home", str(target), environment=empty).code == 0


def test_restoring_without_the_key_says_where_it_was(office: Office, tmp_path: Path) -> None:
    made = office("backup", "--json").document
    answer = type_in("restore", str(made["path"]), str(tmp_path / "again"))
    assert (answer.code, "--key" in answer.err, "var/secrets/office-key" in answer.err) == (2, True, True)


def test_taking_over_asks_first(office: Office) -> None:
    answer = office("takeover")
    assert (answer.code, "--yes" in answer.err) == (1, True)


def test_taking_over_what_runs_here_already_is_said(office: Office) -> None:
    assert office("takeover", "--yes", "--json").document == {"taken_over": False, "to_look_at": 0}


def test_a_takeover_says_what_must_be_looked_at_first(office: Office) -> None:
    assert office.approve(office.write()).code == 0
    open_records(office.home)
    seat.leave(clock())
    answer = office("takeover", "--yes")
    assert (answer.code, "3 条投递当时还没有结果" in answer.out, "--state needs_person" in answer.out) == (
        0,
        True,
        True,
    )


def test_a_takeover_without_open_deliveries_asks_for_nothing(office: Office) -> None:
    open_records(office.home)
    seat.leave(clock())
    assert "没有需要到渠道上查看的投递" in office("takeover", "--yes").out


def test_an_empty_passphrase_is_refused(office: Office, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("\n")
    answer = office("backup", "--passphrase-file", str(tmp_path / "passphrase"))
    assert (answer.code, str(tmp_path / "passphrase") in answer.err) == (1, True)


def test_a_new_office_has_nothing_to_tidy(office: Office) -> None:
    answer = office("tidy")
    assert (answer.code, "没有过期的记录" in answer.out) == (0, True)


def test_what_was_tidied_is_told_by_kind(office: Office) -> None:
    folder = office.home / "var" / "backups"
    folder.mkdir(exist_ok=True)
    for name in ("20200101T021500", "20200102T021500"):
        (folder / f"{name}.tar.gz").write_bytes(b"x")
    assert office("tidy", "--json").document["backups"] == 1
    assert office.audit()[-1]["操作"] == "office.tidied"
