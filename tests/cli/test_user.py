"""People: added, listed, given another role, links and tokens, disabled."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from tests.cli.terminal import Office, type_in
from tests.databases import with_a_sqlite_file


def person(office: Office, name: str) -> dict[str, object]:
    (found,) = [one for one in office("user", "list", "--json").document if one["name"] == name]
    row: dict[str, object] = found
    return row


def test_a_new_person_gets_a_link_and_has_no_password(office: Office) -> None:
    answer = office("user", "add", "样例新人", "reviewer")
    assert answer.code == 0
    assert "http://127.0.0.1:8800/link/" in answer.out
    assert person(office, "样例新人") == {
        "name": "样例新人",
        "role": "reviewer",
        "active": True,
        "has_password": False,
        "successor": "",
    }


def test_the_list_for_people_shows_names_and_roles_in_chinese(office: Office) -> None:
    answer = office("user", "list")
    assert answer.code == 0
    assert "样例终审" in answer.out
    assert "编辑" in answer.out


def test_a_name_that_is_taken_is_wrong_use(office: Office) -> None:
    answer = office("user", "add", "样例编辑", "editor")
    assert answer.code == 2
    assert "已存在" in answer.err


@pytest.mark.parametrize("name", ["", " ", "甲\n乙", "甲" * 300, "../x", "<b>", "\x1b[1m", "\udcff"])
def test_a_name_that_cannot_be_shown_safely_is_refused(office: Office, name: str) -> None:
    before = office("user", "list", "--json").document
    assert office("user", "add", name, "editor").code == 2
    assert office("user", "list", "--json").document == before


def test_a_role_can_be_changed(office: Office) -> None:
    assert office("user", "role", "样例编辑", "publisher", "--json").document["role"] == "publisher"
    assert person(office, "样例编辑")["role"] == "publisher"


def test_the_last_administrator_stays(office: Office) -> None:
    assert office("user", "role", "样例管理", "editor").code == 1
    answer = office("user", "disable", "样例管理")
    assert answer.code == 1
    assert "最后一名管理员" in answer.err
    assert person(office, "样例管理")["active"] is True


def test_a_password_link_is_new_each_time(office: Office) -> None:
    links = {office("user", "password", "样例编辑", "--json").document["link"] for _ in range(2)}
    assert len(links) == 2


def test_a_token_is_printed_alone_so_that_a_script_can_take_it(office: Office) -> None:
    token = office("user", "token", "样例编辑").out.strip()
    office.tokens["样例编辑"] = token
    assert office.write() == 1


def test_a_new_token_ends_the_old_one(office: Office) -> None:
    assert office("user", "token", "样例编辑").code == 0
    answer = office("item", "new", "样例", "--column", "news", stdin=b"x", user="样例编辑")
    assert answer.code == 1
    assert "令牌不正确" in answer.err


def test_a_disabled_person_gets_no_token(office: Office) -> None:
    assert office("user", "disable", "样例编辑", "--json").document["active"] is False
    answer = office("user", "token", "样例编辑")
    assert (answer.code, answer.out) == (1, "")
    assert "已停用" in answer.err


def test_a_link_leads_to_the_desk_that_the_office_names(office: Office) -> None:
    with (office.home / "content" / "notices.yaml").open("a", encoding="utf-8") as file:
        file.write("\ndesk: https://desk.yunchuan.example\n")
    link = office("user", "password", "样例编辑", "--json").document["link"]
    assert link.startswith("https://desk.yunchuan.example/link/")


@with_a_sqlite_file
def test_neither_token_nor_link_stands_in_the_database_or_the_audit(office: Office) -> None:
    token = office("user", "token", "样例编辑").out.strip()
    link = office("user", "password", "样例编辑", "--json").document["link"].rsplit("/", 1)[1]
    stored = b"".join(path.read_bytes() for path in (office.home / "var").glob("syndicate.sqlite3*"))
    assert token.encode() not in stored
    assert link.encode() not in stored


def test_every_change_is_in_the_audit(office: Office) -> None:
    office("user", "add", "样例新人", "editor")
    office("user", "role", "样例新人", "reviewer")
    office("user", "password", "样例新人")
    office("user", "token", "样例新人")
    office("user", "disable", "样例新人")
    done = [row["操作"] for row in office.audit() if row["对象"] == "user:样例新人"]
    assert done == ["user.added", "user.role", "user.link", "user.token", "user.disabled"]


def test_people_of_an_office_are_named_by_its_folder_in_the_environment(office: Office, tmp_path: Path) -> None:
    answer = type_in("user", "list", "--json", environment={"SYNDICATE_HOME": str(office.home)})
    assert {one["name"] for one in answer.document} == {"样例编辑", "样例初审", "样例终审", "样例管理"}


def test_a_lost_second_factor_can_only_be_reset_where_there_is_one(office: Office) -> None:
    answer = office("user", "reset-factor", "样例编辑")
    assert answer.code == 1
    assert "没有启用动态验证码" in answer.err


def test_a_name_can_be_tried_again_at_once(office: Office) -> None:
    assert office("user", "unlock", "样例编辑", "--json").document == {"name": "样例编辑", "locked": False}
    assert office.audit()[-1]["操作"] == "login.unlocked"


def test_nobody_unlocks_a_stranger(office: Office) -> None:
    assert office("user", "unlock", "无此人").code == 2


def test_a_leaver_hands_over_in_one_command(office: Office) -> None:
    office.write()
    answer = office("user", "disable", "样例编辑", "--hand-over-to", "样例初审", "--json")
    wanted = {"name": "样例编辑", "active": False, "items": 1, "successor": "样例初审"}
    assert (answer.code, answer.document) == (0, wanted)


def test_work_that_nobody_took_over_needs_attention(office: Office) -> None:
    office.write()
    answer = office("user", "disable", "样例编辑")
    assert answer.code == 1
    assert "--hand-over-to" in answer.out


def test_the_list_says_who_took_over(office: Office) -> None:
    office("user", "disable", "样例编辑", "--hand-over-to", "样例初审")
    assert "工作由 样例初审 接手" in office("user", "list").out


def test_a_recovered_account_gets_a_link_and_its_token_ends(office: Office) -> None:
    answer = office("user", "recover", "样例编辑")
    assert answer.code == 0
    assert "http://127.0.0.1:8800/link/" in answer.out
    assert office("item", "new", "样例", "--column", "news", stdin=b"x", user="样例编辑").code == 1


def test_a_recovery_names_the_user_of_the_system_in_the_audit(office: Office) -> None:
    office("user", "recover", "样例编辑")
    (row,) = [row for row in office.audit() if row["操作"] == "user.recovered"]
    assert row["系统用户"] == getpass.getuser()
