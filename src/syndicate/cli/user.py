"""`syndicate user`: add, list, role, password, token, tokens, disable, recover, reset-factor, unlock."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from syndicate.cli.opening import clock, opened, operator
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import print_json, print_line, print_table
from syndicate.errors import Message
from syndicate.model.review import Role
from syndicate.model.token import Scope

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="用户名（姓名）。The person's user name.")]


def register(parent: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    parent.add_typer(app, name="user", help="人员、角色、密码和令牌。People, roles, passwords and tokens.")


def link_address(token: str, desk: str = "") -> str:
    """Where a one-time link leads: to the desk that the office names in its notices, else to the one of this machine."""
    return f"{desk or 'http://127.0.0.1:8800'}/link/{token}"


class PersonRole(StrEnum):
    """The roles a person can have."""

    EDITOR = Role.EDITOR
    REVIEWER = Role.REVIEWER
    PUBLISHER = Role.PUBLISHER
    ADMIN = Role.ADMIN


@app.command()
def add(name: Name, role: PersonRole, home: Home = HERE, as_json: Json = False) -> None:
    """添加人员并给出一次性链接。Add a person and print a one-time link.

    例 example: syndicate user add 张三 reviewer
    """
    with opened(home) as workspace:
        from syndicate.flow import accounts

        link = link_address(
            accounts.add(workspace, operator("user add"), name, Role(role)), workspace.snapshot.notices.desk
        )
    if as_json:
        print_json({"name": name, "role": role, "link": link})
        return
    print_line(f"已添加 {name}（{Message(f'word.role_{role}').zh}）。请把此链接交给本人，24 小时内设置密码：\n{link}")


@app.command("list")
def list_people(home: Home = HERE, as_json: Json = False) -> None:
    """列出人员。List everybody.

    例 example: syndicate user list
    """
    with opened(home):
        from syndicate.flow import accounts

        everyone = accounts.everyone(operator("user list"))
    if as_json:
        print_json(everyone)
        return
    rows = [
        (
            one.name,
            Message(f"word.role_{one.role}").zh,
            "在用" if one.active else f"停用，工作由 {one.successor} 接手" if one.successor else "停用",
            "是" if one.has_password else "否",
        )
        for one in everyone
    ]
    print_table("人员 people", ("姓名", "角色", "状态", "已设密码"), rows)


@app.command()
def role(name: Name, new_role: PersonRole, home: Home = HERE, as_json: Json = False) -> None:
    """修改角色。Change a role.

    例 example: syndicate user role 张三 publisher
    """
    with opened(home) as workspace:
        from syndicate.flow import accounts

        accounts.set_role(workspace, operator("user role"), name, Role(new_role))
    if as_json:
        print_json({"name": name, "role": new_role})
        return
    print_line(f"{name} 的角色已改为{Message(f'word.role_{new_role}').zh}。")


@app.command()
def password(name: Name, home: Home = HERE, as_json: Json = False) -> None:
    """生成一次性链接，由本人设置新密码。Print a one-time link for a new password.

    例 example: syndicate user password 张三
    """
    with opened(home) as workspace:
        from syndicate.flow import accounts

        link = link_address(
            accounts.make_link(workspace, operator("user password"), name), workspace.snapshot.notices.desk
        )
    if as_json:
        print_json({"name": name, "link": link})
        return
    print_line(f"请把此链接交给 {name} 本人，24 小时内设置密码：\n{link}")


class TokenScope(StrEnum):
    """What a token may be good for."""

    READ = Scope.READ
    WRITE = Scope.WRITE
    DECIDE = Scope.DECIDE
    DELIVER = Scope.DELIVER


@app.command()
def token(
    name: Name,
    label: Annotated[str, typer.Option(help="用途；同一用途的旧令牌失效。What for; an older one of it ends.")] = "cli",
    scope: Annotated[
        list[TokenScope] | None, typer.Option(help="权限，可重复；默认全部（--as 需要全部）。Scopes; all by default.")
    ] = None,
    days: Annotated[int | None, typer.Option(help="有效天数，默认 180。How many days it lives.")] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """生成个人令牌（只显示一次）。Print a new personal token once; an older one of the same label ends.

    例 example: syndicate user token 张三
    例 example: syndicate user token 张三 --label 统计接口 --scope read --days 90
    """
    with opened(home) as workspace:
        from syndicate.flow import personal_tokens

        scopes = [Scope(one) for one in scope or TokenScope]
        lives = personal_tokens.limits()["usual_days"] if days is None else days
        value = personal_tokens.make(workspace, operator("user token"), name, label, scopes, lives)
    if as_json:
        print_json({"name": name, "token": value, "label": label, "scopes": scopes, "days": lives})
        return
    print_line(value)


@app.command()
def tokens(
    name: Name,
    revoke: Annotated[int | None, typer.Option(help="使此编号的令牌失效。End the token with this number.")] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """列出某人的令牌，或使其中一个失效。List somebody's tokens, or end one of them.

    例 example: syndicate user tokens 张三 --revoke 12
    """
    with opened(home) as workspace:
        from syndicate.flow import personal_tokens

        if revoke is not None:
            personal_tokens.revoke(workspace, operator("user tokens"), name, revoke)
        listed = personal_tokens.listed(workspace, operator("user tokens"), name)
    if as_json:
        print_json(listed)
        return
    rows = [
        (
            str(one.id),
            one.label,
            "、".join(Message(f"word.token_{scope}").zh for scope in Scope if scope in one.scopes),
            f"{one.expires_at:%Y-%m-%d}" if one.expires_at else "—",
            f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "—",
        )
        for one in listed
    ]
    print_table(f"{name} 的令牌 tokens", ("编号", "用途", "权限", "到期", "最近使用"), rows)


@app.command()
def disable(
    name: Name,
    hand_over_to: Annotated[
        str, typer.Option("--hand-over-to", help="由此人接手未办结的工作。Who takes over what is not finished.")
    ] = "",
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """停用离岗人员：不能再登录，其办理记录保留，未办结的工作交给接手人。Disable a leaver; open work is handed over.

    忘了写接手人可以再运行一次。It may be run again to name who takes over.

    例 example: syndicate user disable 张三 --hand-over-to 李四
    """
    with opened(home) as workspace:
        from syndicate.flow import leaving

        left = leaving.disable(workspace, operator("user disable"), name, hand_over_to)
    if as_json:
        print_json({"name": name, "active": False, "items": left.items, "successor": left.successor})
    else:
        done = f"，未办结的稿件 {left.items} 件由 {left.successor} 接手" if left.successor else ""
        print_line(f"已停用 {name}{done}。")
        if left.unattended:
            print_line(
                f"还有 {left.items} 件未办结的稿件无人接手，请运行：syndicate user disable {name} --hand-over-to 接手人"
                f"\n{left.items} items that are not finished belong to nobody; run it again with --hand-over-to."
            )
    if left.unattended:
        raise typer.Exit(1)


@app.command()
def recover(name: Name, home: Home = HERE, as_json: Json = False) -> None:
    """密码和手机都丢失或账号被盗用时，在服务器上恢复：原有登录方式全部失效。Recover an account from the server's shell.

    密码、动态验证码、令牌、登录状态全部作废，打印新的一次性链接；写入审计，注明操作系统用户。

    例 example: syndicate user recover 张三
    """
    with opened(home) as workspace:
        from syndicate.flow import accounts

        link = link_address(
            accounts.recover(workspace, operator("user recover"), name), workspace.snapshot.notices.desk
        )
    if as_json:
        print_json({"name": name, "link": link})
        return
    print_line(
        f"{name} 原来的密码、动态验证码、令牌和登录状态已全部作废。请核实身份后把此链接交给本人，24 小时内有效：\n{link}"
    )


@app.command("reset-factor")
def reset_factor(name: Name, home: Home = HERE, as_json: Json = False) -> None:
    """重置动态验证码：手机丢失时用，本人登录后重新启用。Take a lost second factor away.

    例 example: syndicate user reset-factor 张三
    """
    with opened(home) as workspace:
        from syndicate.flow import second_factor

        second_factor.reset(workspace, operator("user reset-factor"), name)
    if as_json:
        print_json({"name": name, "second_factor": False})
        return
    print_line(f"{name} 的动态验证码已重置，登录后请重新启用。")


@app.command()
def unlock(name: Name, home: Home = HERE, as_json: Json = False) -> None:
    """解除登录等待：失败次数过多时用。Let a name that failed too often be tried again at once.

    例 example: syndicate user unlock 张三
    """
    with opened(home) as workspace:
        from syndicate.flow import logins

        logins.unlock(workspace, operator("user unlock"), name)
    if as_json:
        print_json({"name": name, "locked": False})
        return
    print_line(f"{name} 现在可以重新登录。")


def administrator_link() -> str:
    """The first administrator's one-time link, for `init`. Running `init` again makes a new one."""
    from syndicate.records import audit, people
    from syndicate.records.connection import one_transaction

    name, now = "admin", clock()
    with one_transaction():
        if all(one.name != name for one in people.everyone()):
            people.add(name, Role.ADMIN)
            audit.append(operator("init"), "user.added", f"user:{name}", {"role": Role.ADMIN}, now)
        else:
            audit.append(operator("init"), "user.link", f"user:{name}", {}, now)
        return link_address(people.make_link(name, now))
