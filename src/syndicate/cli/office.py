"""The office itself: init, backup, restore, takeover, move, tidy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from syndicate.cli.opening import opened, operator
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import print_json, print_line


def register(app: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    for verb in (init, backup, restore, takeover, move, tidy):
        app.command()(verb)


def init(
    directory: Annotated[Path, typer.Argument(help="新办公室的目录，默认为当前目录。The new office's folder.")] = HERE,
    as_json: Json = False,
) -> None:
    """建立新办公室：默认配置、数据库、管理员一次性链接。Write a new office and print the administrator's link.

    例 example: syndicate init /srv/syndicate
    """
    from syndicate.cli.init import prepare_office
    from syndicate.config.secrets import office_key
    from syndicate.records.connection import close_connections, holds_an_office, open_records, prepare_schema

    open_records(directory)
    if holds_an_office(directory):
        office_key(directory)  # a new one in its place could never read what the lost one sealed
    told = prepare_office(directory)
    prepare_schema()
    from syndicate.cli.user import administrator_link

    link = administrator_link()
    close_connections()
    if as_json:
        print_json({"home": directory.resolve(), "administrator": "admin", "link": link})
        return
    print_line(f"{told}\n\n管理员 admin 的一次性链接（24 小时内有效），启动 syndicate desk 后打开：\n{link}")


Passphrase = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="口令文件，第一行为口令。A file whose first line is the passphrase."),
]


def backup(home: Home = HERE, passphrase_file: Passphrase = None, as_json: Json = False) -> None:
    """备份数据库、文件和配置（不含密钥），可加密。Back up database, files and configuration, without secrets.

    例 example: syndicate backup
    例 example: syndicate backup --passphrase-file backup-passphrase
    """
    passphrase = _passphrase(passphrase_file)
    with opened(home) as workspace:
        from syndicate.flow.backup import backup as make_backup

        made = make_backup(workspace, operator("backup"), passphrase)
    if as_json:
        print_json(made)
        return
    print_line(
        f"备份已写入并核对：{made.path}（{made.files} 个文件，SHA-256 {made.sha256[:16]}…）。"
        "\n请另行保管 var/secrets/office-key：恢复时必须有它，备份中没有。"
    )


def restore(
    archive: Annotated[Path, typer.Argument(help="备份文件。The backup.", exists=True, dir_okay=False)],
    directory: Annotated[Path, typer.Argument(help="恢复到的空目录。The empty folder to restore into.")],
    key: Annotated[
        Path | None,
        typer.Option("--key", help="另行保管的 office-key 文件。The office key, kept apart.", dir_okay=False),
    ] = None,
    passphrase_file: Passphrase = None,
    as_json: Json = False,
) -> None:
    """从备份恢复到空目录，并核对文件、行数和审计链。Restore a backup into an empty folder and prove it.

    例 example: syndicate restore 20261126T021500.tar.gz /srv/syndicate/office --key /media/usb/office-key
    """
    from syndicate.errors import UsageError
    from syndicate.records.connection import close_connections, open_records

    if key is None:
        raise UsageError("restore.no_key")
    open_records(directory)
    from syndicate.flow.restore import restore as put_back

    found = put_back(archive, directory.resolve(), key.read_bytes(), _passphrase(passphrase_file))
    close_connections()
    if as_json:
        print_json(found)
        return
    print_line(
        f"已恢复到 {found.home}：{found.files} 个文件、{found.rows} 行记录、{found.audit_events} 条审计，与备份清单逐一相符。"
        "\n接下来：① 把其余密钥放回 var/secrets；② 确认原机构已停用后运行 syndicate takeover --yes，此前这里什么都不会发送；"
        "③ 运行 syndicate site build。"
    )


def takeover(
    home: Home = HERE,
    yes: Annotated[bool, typer.Option("--yes", help="原处已停用。The other one is stopped for good.")] = False,
    as_json: Json = False,
) -> None:
    """让这份恢复或复制来的机构成为正在运行的那一份。Make a restored or copied office the living one.

    例 example: syndicate takeover --yes
    """
    with opened(home) as workspace:
        from syndicate.errors import NotAllowed
        from syndicate.flow.taking_over import take_over

        if not yes:
            raise NotAllowed("restore.take_over_asks")
        found = take_over(workspace.home, operator("takeover"), workspace.now())
    if as_json:
        print_json(found)
    elif not found.taken_over:
        print_line("本来就在这里运行，无需接管。")
    elif found.to_look_at:
        print_line(
            f"已接管：今后由这里投递。有 {found.to_look_at} 条投递当时还没有结果，原处可能已经发出，已转人工，"
            "请先到渠道上查看再决定：syndicate deliveries --state needs_person"
        )
    else:
        print_line("已接管：今后由这里投递。没有需要到渠道上查看的投递。")


def move(
    to: Annotated[
        str, typer.Option("--to", help="空的 PostgreSQL 库的地址。The address of an empty PostgreSQL database.")
    ],
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """从 SQLite 搬到 PostgreSQL：复制、逐表核对、切换。Copy everything to PostgreSQL, prove it equal, and switch.

    先停止投递和审核台。地址写入 var/secrets/database-url。Stop worker and desk first.

    例 example: syndicate move --to postgresql://office:secret@127.0.0.1/office
    """
    from rich.progress import Progress

    from syndicate.cli.opening import clock
    from syndicate.records.connection import database_refusals, open_records

    home = home.resolve()
    open_records(home)
    from syndicate.flow.moving import move as move_office

    with Progress(transient=True, disable=as_json) as bar, database_refusals():
        task = bar.add_task("", total=None)

        def copied(table: str, rows: int) -> None:
            bar.update(task, description=table, advance=rows)

        moved = move_office(home, to, operator("move"), clock, copied)
    if as_json:
        print_json(moved)
        return
    rows = sum(table.rows for table in moved.tables)
    print_line(
        f"已搬到 PostgreSQL：{len(moved.tables)} 张表、{rows} 行，逐表核对一致；地址在 var/secrets/database-url。"
        f"\n原来的数据库留在 {moved.former}。现在可以重新启动投递和审核台。"
        f"\nMoved: {len(moved.tables)} tables, {rows} rows, proved equal. The former database is {moved.former}."
    )


def tidy(home: Home = HERE, as_json: Json = False) -> None:
    """清理过期的过程记录：尝试、探测、旧备份等；回执和审计永久保存。Remove old records; receipts and audit never.

    保存期限见程序的 flow/retention.tsv。The days stand in flow/retention.tsv.

    例 example: syndicate tidy
    """
    with opened(home) as workspace:
        from syndicate.flow.handling_feedback import erase_old
        from syndicate.flow.retention import tidy as tidy_up

        actor = operator("tidy")
        erased = erase_old(workspace, actor)
        removed = {**tidy_up(workspace, actor), "contacts": erased.contacts, "spam_texts": erased.texts}
    if as_json:
        print_json(removed)
        return
    told = "，".join(f"{kind} {count}" for kind, count in removed.items() if count)
    print_line(f"已清理：{told}。" if told else "没有过期的记录。Nothing to remove.")


def _passphrase(file: Path | None) -> str:
    """The first line of the file; empty without a file. Raises InputError where it holds none."""
    if file is None:
        return ""
    lines = file.read_text("utf-8").splitlines()
    if not lines or not lines[0].strip():
        from syndicate.errors import InputError

        raise InputError("restore.empty_passphrase", path=str(file))
    return lines[0].strip()
