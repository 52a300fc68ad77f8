"""The office itself: init, backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from syndicate.cli.opening import opened, operator
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import print_json, print_line


def register(app: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    for verb in (init, backup):
        app.command()(verb)


def init(
    directory: Annotated[Path, typer.Argument(help="新办公室的目录，默认为当前目录。The new office's folder.")] = HERE,
    as_json: Json = False,
) -> None:
    """建立新办公室：默认配置、数据库、管理员一次性链接。Write a new office and print the administrator's link.

    例 example: syndicate init /srv/syndicate
    """
    from syndicate.cli.init import prepare_office
    from syndicate.records.connection import close_connections, open_records, prepare_schema

    told = prepare_office(directory)
    open_records(directory)
    prepare_schema()
    from syndicate.cli.user import administrator_link

    link = administrator_link()
    close_connections()
    if as_json:
        print_json({"home": directory.resolve(), "administrator": "admin", "link": link})
        return
    print_line(f"{told}\n\n管理员 admin 的一次性链接（24 小时内有效），启动 syndicate desk 后打开：\n{link}")


def backup(home: Home = HERE, as_json: Json = False) -> None:
    """备份数据库、文件和配置（不含密钥）。Back up database, files and configuration, without secrets.

    例 example: syndicate backup
    """
    with opened(home) as workspace:
        from syndicate.flow.backup import backup as make_backup

        made = make_backup(workspace, operator("backup"))
    if as_json:
        print_json(made)
        return
    print_line(
        f"备份已写入并核对：{made.path}（{made.files} 个文件，SHA-256 {made.sha256[:16]}…）。"
        "\n请另行保管 var/secrets：没有其中的 office-key，备份中的平台令牌无法解密。"
    )
