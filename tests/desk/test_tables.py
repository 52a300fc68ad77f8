"""Word tables edited in the desk: validated, compared, written whole, audited; nothing typed is lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE

import pytest
from django.test import Client

from syndicate.config.table_text import Changes, changed_text, read_table_text
from syndicate.errors import Conflict, StorageError
from syndicate.flow import tables
from syndicate.flow.tables import Edit
from syndicate.records import audit
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, PUBLISHER, Office

PATH = "content/lexicon/own.tsv"
HEADING = "wrong\tright\tcategory\tmode\tnot_after\tnot_before\tvalid_from\tvalid_to\tbasis"
NEW = ("样例错词", "样例对词", "typo", "substring", "", "", "", "", "样例依据")


@pytest.fixture
def own(own_configuration: Office) -> Office:
    """An office whose table is short, so that validating it is quick."""
    table = own_configuration.home / PATH
    table.write_bytes(
        f"# 说明\r\n{HEADING}\r\n样例甲错\t样例甲\ttypo\tsubstring\t\t\t\t\t样例\r\n# 中间的说明\r\n样例乙错\t样例乙\ttypo\tsubstring\t\t\t\t\t样例\r\n".encode()
    )
    (own_configuration.home / "content/lexicon/likely.tsv").write_text(
        f"# 由程序生成，请勿手改。\n{HEADING}\n", "utf-8"
    )
    return own_configuration


@pytest.fixture
def admin(log_in: LogIn) -> Client:
    return log_in(ADMIN)


def fields(page: str) -> dict[str, str]:
    """What the form on the page would send."""
    inputs = re.findall(r'<input (?:type="hidden" )?name="([cnr][^"]*|read)" value="([^"]*)"', page)
    return dict(inputs)


def filled(client: Client, **cells: str) -> dict[str, str]:
    form = fields(client.get(f"/tables/{PATH}").content.decode())
    return form | {name.replace("_", ":"): value for name, value in cells.items()}


def text(office: Office) -> str:
    return (office.home / PATH).read_bytes().decode()


def test_an_untouched_table_keeps_every_byte() -> None:
    whole = "\ufeff# 一\r\n" + HEADING + "\n\n甲\t乙\u2028丙\tx"
    assert changed_text(whole, Changes({}, frozenset(), ())) == whole


def test_rows_have_the_numbers_of_their_lines() -> None:
    table = read_table_text("# 说明\na\tb\n\n1\t2\n# 别的\n3\n")
    assert table.remark == "说明"
    assert [(row.number, row.cells) for row in table.rows] == [(4, ("1", "2")), (6, ("3", ""))]


def test_rows_come_at_the_end_with_the_files_own_line_ends() -> None:
    assert changed_text("a\tb\r\n1\t2", Changes({}, frozenset(), [("3", "4")])) == "a\tb\r\n1\t2\r\n3\t4\r\n"


def test_everybody_sees_the_tables_and_the_columns(own: Office, editor: Client) -> None:
    assert PATH in editor.get("/tables").content.decode()
    assert "负责人" in editor.get("/columns").content.decode()
    page = editor.get(f"/tables/{PATH}").content.decode()
    assert "样例甲错" in page
    assert 'value="save"' not in page


def test_an_administrator_changes_a_cell_and_remarks_and_order_stay(own: Office, admin: Client) -> None:
    before = text(own)
    response = admin.post(f"/tables/{PATH}", filled(admin, c_3_8="更好的依据", do="save"))
    assert response.status_code == 302
    assert text(own) == before.replace("substring\t\t\t\t\t样例\r\n#", "substring\t\t\t\t\t更好的依据\r\n#")


def test_a_row_is_added_and_another_taken_out(own: Office, admin: Client) -> None:
    new = {f"n_0_{place}": cell for place, cell in enumerate(NEW)}
    admin.post(f"/tables/{PATH}", filled(admin, **new, r_5="1", do="save"))
    assert text(own).endswith("# 中间的说明\r\n" + "\t".join(NEW) + "\r\n")


def test_the_audit_says_what_was_changed(own: Office, admin: Client) -> None:
    admin.post(f"/tables/{PATH}", filled(admin, c_3_8="更好的依据", do="save"))
    event = list(audit.everything())[-1]
    assert (event.action, event.actor, event.subject) == ("table.changed", ADMIN.name, f"table:{PATH}")
    assert event.data["changed_rows"] == 1
    assert "更好的依据" in event.data["changed"][0][1]
    assert audit.verify().broken is None


def test_the_desk_checks_with_the_new_table_after_its_reload(own: Office, admin: Client) -> None:
    from syndicate.config.load import load

    before = load(own.home).hash
    new = {f"n_0_{place}": cell for place, cell in enumerate(NEW)}
    admin.post(f"/tables/{PATH}", filled(admin, **new, do="save"))
    after = load(own.home)
    assert after.hash != before
    assert any(entry.wrong == "样例错词" for entry in after.monitored.lexicon)


def test_a_text_is_tried_with_what_is_not_saved_yet(own: Office, admin: Client) -> None:
    before = text(own)
    new = {f"n_0_{place}": cell for place, cell in enumerate(NEW)}
    page = admin.post(f"/tables/{PATH}", filled(admin, **new, trial="这里有样例错词。", do="try")).content.decode()
    assert "<q>样例错词</q>" in page
    assert text(own) == before


@pytest.mark.parametrize(
    ("place", "cell", "told"),
    [
        ("c_3_3", "nonsense", "第 3 行"),
        ("c_3_6", "2026-02-30", "第 3 行"),
        ("c_3_0", "样例乙错", "第 5 行"),
        ("c_3_8", "a\tb", "制表符"),
        ("c_3_8", "a\nb", "换行"),
        ("c_3_8", "a\u2028b", "不可见字符"),
        ("c_3_8", "=HYPERLINK(1)", "公式"),
        ("c_3_8", "@sum", "公式"),
        ("c_3_0", "#词", "说明"),
        ("c_3_8", "长" * 4001, "太长"),
        ("c_3_8", "\x00", "不可见字符"),
        ("c_2_0", "表头", "每行"),
        ("c_999_0", "没有的行", "每行"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_saved_or_lost(
    own: Office, admin: Client, place: str, cell: str, told: str
) -> None:
    before = text(own)
    response = admin.post(f"/tables/{PATH}", filled(admin, **{place: cell}, n_0_0="还没写完", do="save"))
    page = response.content.decode()
    assert response.status_code == 400
    assert told in page
    assert "还没写完" in page
    assert text(own) == before
    assert list(audit.everything()) == []


def test_the_page_is_told_at_once_while_somebody_types(own: Office, admin: Client) -> None:
    form = filled(admin, c_3_3="nonsense", do="try")
    response = admin.post(f"/tables/{PATH}", form, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert "第 3 行" in response.content.decode().split('id="verdict"')[1]


def test_a_megabyte_in_one_field_is_refused(own: Office, admin: Client) -> None:
    before = text(own)
    response = admin.post(f"/tables/{PATH}", filled(admin, c_3_8="长" * 350_000, do="save"))
    assert response.status_code == 400
    assert text(own) == before


def test_of_two_who_save_at_once_the_second_is_told_and_keeps_what_he_typed(
    own: Office, admin: Client, log_in: LogIn
) -> None:
    other = log_in(PUBLISHER)
    mine, theirs = filled(admin, c_3_8="先保存的", do="save"), filled(other, c_5_8="后保存的", do="save")
    assert admin.post(f"/tables/{PATH}", mine).status_code == 302
    response = other.post(f"/tables/{PATH}", theirs)
    assert response.status_code == 409
    assert "后保存的" in response.content.decode()
    assert "先保存的" in text(own)
    assert "后保存的" not in text(own)


@pytest.mark.parametrize(
    "path",
    [
        "../channels/weibo.yaml",
        "content/office.yaml",
        "/etc/passwd",
        "content/lexicon/../names/people.tsv",
        "content/lexicon/没有.tsv",
    ],
)
def test_no_path_leads_out_of_the_tables(own: Office, admin: Client, path: str) -> None:
    assert admin.get(f"/tables/{path}").status_code == 404


def test_an_editor_saves_nothing(own: Office, editor: Client) -> None:
    before = text(own)
    read = tables.table(own.workspace, PATH).hash
    assert editor.post(f"/tables/{PATH}", {"read": read, "c:3:0": "别的词", "do": "save"}).status_code == 403
    assert text(own) == before


def test_a_generated_table_is_not_edited(own: Office, admin: Client) -> None:
    path = "content/lexicon/likely.tsv"
    form = {"read": tables.table(own.workspace, path).hash, "do": "save"} | {
        f"n:0:{i}": cell for i, cell in enumerate(NEW)
    }
    assert 'value="save"' not in admin.get(f"/tables/{path}").content.decode()
    assert admin.post(f"/tables/{path}", form).status_code == 403


def test_what_cannot_be_written_leaves_neither_file_nor_audit(own: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = text(own)
    read = tables.table(own.workspace, PATH)
    changes = Changes({}, frozenset({5}), ())
    # The rows are there, the disk is not: as root no folder is read-only, so the folder goes away instead.
    folder = own.home / "content/lexicon"

    def gone(*_: object) -> None:
        shutil.move(folder, own.home / "content/away")

    monkeypatch.setattr(tables.audit, "append", gone)
    with pytest.raises(StorageError):
        tables.save_changes(own.workspace, ADMIN, PATH, Edit(read.hash, changes))
    assert (own.home / "content/away/own.tsv").read_bytes().decode() == before


def test_what_the_database_refuses_at_the_end_is_taken_back_from_the_disk(
    own: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = text(own)
    read = tables.table(own.workspace, PATH)

    @contextmanager
    def refuses() -> Iterator[None]:
        yield
        assert text(own) != before  # the file was there already
        raise StorageError("records.disk_full", why="sample")

    monkeypatch.setattr(tables, "one_transaction", refuses)
    monkeypatch.setattr(tables.audit, "append", lambda *_: None)
    with pytest.raises(StorageError):
        tables.save_changes(own.workspace, ADMIN, PATH, Edit(read.hash, Changes({}, frozenset({5}), ())))
    assert text(own) == before


def test_the_permissions_of_the_file_stay(own: Office, admin: Client) -> None:
    (own.home / PATH).chmod(0o600)
    admin.post(f"/tables/{PATH}", filled(admin, c_3_8="更好的依据", do="save"))
    assert S_IMODE((own.home / PATH).stat().st_mode) == 0o600


def test_a_failing_audit_row_leaves_the_file_as_it_was(own: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = text(own)
    read = tables.table(own.workspace, PATH)

    def fail(*_: object) -> None:
        raise Conflict("records.changed", item=1)

    monkeypatch.setattr(tables.audit, "append", fail)
    with pytest.raises(Conflict):
        tables.save_changes(own.workspace, ADMIN, PATH, Edit(read.hash, Changes({}, frozenset({5}), ())))
    assert text(own) == before


def test_a_rule_file_is_shown_with_its_mistakes(own: Office, admin: Client) -> None:
    file = own.home / "content/rules/form.yaml"
    assert "没有错误" in admin.get("/configuration/content/rules/form.yaml").content.decode()
    file.write_text("rules: 7\n", "utf-8")
    page = admin.get("/configuration/content/rules/form.yaml").content.decode()
    assert "content/rules/form.yaml 第 1 行" in page


@pytest.mark.parametrize(
    "path",
    ["var/secrets/office-key", "content/../var/secrets/office-key", "content/samples/x.yaml", "cron/syndicate.crontab"],
)
def test_no_other_file_is_shown(own: Office, admin: Client, path: str) -> None:
    assert admin.get(f"/configuration/{path}").status_code == 404


def test_an_editor_reads_no_configuration_files(own: Office, editor: Client) -> None:
    assert editor.get("/configuration/content/office.yaml").status_code == 403


def test_a_table_is_searched(own: Office, editor: Client) -> None:
    page = editor.get(f"/tables/{PATH}?q=乙错").content.decode()
    assert "样例乙错" in page
    assert "样例甲错" not in page


def test_a_table_that_is_no_text_is_told(own: Office, admin: Client) -> None:
    (own.home / PATH).write_bytes(b"\xff\xfe")
    assert admin.get(f"/tables/{PATH}").status_code == 400


def test_roles_that_may_not_are_named(own: Office, editor: Client) -> None:
    assert not tables.may_edit(EDITOR.role)
    assert tables.may_edit(ADMIN.role)


def test_nothing_stands_beside_the_table_after_saving(own: Office, admin: Client) -> None:
    admin.post(f"/tables/{PATH}", filled(admin, c_3_8="更好的依据", do="save"))
    assert {path.name for path in Path(own.home / "content/lexicon").iterdir() if path.name.startswith(".")} == set()
