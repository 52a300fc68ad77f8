"""`syndicate channel`: how the accounts stand and what is left of their calls; list, show, probe, hold, release, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.opening import opened, person
from syndicate.cli.options import HERE, As, Home, Json
from syndicate.cli.output import moment, print_json, print_line, print_table
from syndicate.errors import Message
from syndicate.model.account import AccountState

if TYPE_CHECKING:
    from syndicate.flow.channel_accounts import ChannelPage
    from syndicate.model.quota import QuotaUse
    from syndicate.records.accounts import AccountRecord

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="渠道名，即 channels/ 下的文件名。The channel's file name in channels/.")]
Reason = Annotated[str, typer.Option("--reason", help="理由，记入审计日志。Why; goes into the audit log.")]


def register(parent: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    parent.add_typer(app, name="channel", help="渠道账号、额度、暂停与恢复。Channel accounts, quotas, stop and start.")


@app.command("list")
def list_channels(home: Home = HERE, as_json: Json = False) -> None:
    """列出渠道、账号状态和剩余额度。List the channels, how they stand and what is left of their calls.

    例 example: syndicate channel list
    """
    with opened(home) as workspace:
        from syndicate.flow.channel_accounts import channel_pages

        pages = channel_pages(workspace)
    if as_json:
        print_json([_plain(page) for page in pages])
        return
    head = ("渠道", "名称", "种类", "状态", "自", "剩余最少的额度", "等账号", "等额度")
    rows = [
        (
            page.channel.id,
            page.channel.title,
            page.channel.kind,
            Message(f"word.account_{page.account.state}").zh,
            moment(page.account.since),
            _left(min(page.quotas, key=lambda use: use.left / use.quota.most)) if page.quotas else "",
            page.waiting_for_account,
            page.waiting_for_quota,
        )
        for page in pages
    ]
    print_table("渠道 channels", head, rows)


@app.command()
def show(name: Name, home: Home = HERE, as_json: Json = False) -> None:
    """查看一个渠道的账号状态、原因和各项额度。One channel: how it stands, why, and every quota.

    例 example: syndicate channel show weibo
    """
    with opened(home) as workspace:
        from syndicate.flow.channel_accounts import channel_page

        page = channel_page(workspace, name)
    if as_json:
        print_json(_plain(page))
        return
    _tell(page.channel.title, page.account)
    print_line(f"上次检查：{moment(page.account.looked_at)}；授权到期：{moment(page.account.ends_at)}")
    print_line(f"等待账号恢复的投递 {page.waiting_for_account} 件，等待额度的 {page.waiting_for_quota} 件。")
    rows = [(use.quota.name, " ".join(use.quota.calls), use.used, use.left, moment(use.ends)) for use in page.quotas]
    print_table("额度 quotas", ("名称", "接口", "已用", "剩余", "重新计数"), rows)


@app.command()
def probe(name: Name, home: Home = HERE, as_json: Json = False) -> None:
    """现在就检查一次账号能否使用；恢复了的，等待的投递自动继续。Look now whether the account works.

    例 example: syndicate channel probe wechat
    """
    with opened(home) as workspace:
        from syndicate.flow.channel_accounts import probe as look

        found = look(workspace, name)
        title = workspace.channel(name).title
    _report(title, found, as_json)


@app.command()
def hold(name: Name, as_user: As, reason: Reason, home: Home = HERE, as_json: Json = False) -> None:
    """暂停一个渠道：新内容等待，撤稿照常。Stop a channel: what is new waits, taking down goes on.

    例 example: syndicate channel hold weibo --reason 账号疑似被盗 --as 赵六
    """
    with opened(home) as workspace:
        from syndicate.flow.channel_accounts import hold as stop

        found = stop(workspace, person(as_user), name, reason)
        title = workspace.channel(name).title
    _report(title, found, as_json)


@app.command()
def release(name: Name, as_user: As, reason: Reason, home: Home = HERE, as_json: Json = False) -> None:
    """恢复一个渠道，或确认平台方面的问题已解决。Start a channel again; what waited goes on by itself.

    例 example: syndicate channel release weibo --reason 已修改密码 --as 赵六
    """
    with opened(home) as workspace:
        from syndicate.flow.channel_accounts import release as start

        found = start(workspace, person(as_user), name, reason)
        title = workspace.channel(name).title
    _report(title, found, as_json)


@app.command("waiting")
def waiting_articles(name: Name, home: Home = HERE, as_json: Json = False) -> None:
    """列出等待编入群发的稿件（公众号 mode: push）。Approved articles that wait for a mass message.

    例 example: syndicate channel waiting wechat
    """
    with opened(home) as workspace:
        from syndicate.flow.bundles import waiting

        rows = waiting(workspace, name)
    if as_json:
        print_json([{"item": row.delivery.item, "delivery": row.delivery.id, "title": row.title} for row in rows])
        return
    print_table("等待群发 waiting", ("稿件", "标题"), [(row.delivery.item, row.title) for row in rows])


@app.command()
def bundle(
    name: Name,
    items: Annotated[list[int], typer.Argument(help="稿件编号，按群发中的次序，最多 8 篇。Items in their order.")],
    as_user: As,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """把已终审的稿件组成一次群发并送审。Make a mass message of approved items and have it reviewed as one.

    例 example: syndicate channel bundle wechat 12 15 18 --as 张三
    """
    with opened(home) as workspace:
        from syndicate.flow.bundles import bundle as make

        number = make(workspace, person(as_user), name, items)
    if as_json:
        print_json({"item": number})
        return
    print_line(f"群发 {number} 已组成并送审：{len(items)} 篇。审核通过后在公众号设定的时刻发出。")


@app.command()
def confirm(name: Name, as_user: As, home: Home = HERE, as_json: Json = False) -> None:
    """第二人确认暂停。A second person confirms that a channel is stopped.

    例 example: syndicate channel confirm weibo --as 孙七
    """
    with opened(home) as workspace:
        from syndicate.flow.channel_accounts import confirm_hold

        found = confirm_hold(workspace, person(as_user), name)
        title = workspace.channel(name).title
    _report(title, found, as_json)


def _plain(page: ChannelPage) -> dict[str, object]:
    return {
        "channel": page.channel.id,
        "title": page.channel.title,
        "kind": page.channel.kind,
        "account": page.account,
        "quotas": [
            {
                "name": use.quota.name,
                "calls": use.quota.calls,
                "most": use.quota.most,
                "used": use.used,
                "left": use.left,
                "kept": use.quota.kept,
                "ends": use.ends,
            }
            for use in page.quotas
        ],
        "waiting_for_account": page.waiting_for_account,
        "waiting_for_quota": page.waiting_for_quota,
    }


def _left(use: QuotaUse) -> str:
    return f"{use.quota.name} {use.left}/{use.quota.most}"


def _report(title: str, account: AccountRecord, as_json: bool) -> None:
    if as_json:
        print_json(account)
    else:
        _tell(title, account)


def _tell(title: str, account: AccountRecord) -> None:
    state = Message(f"word.account_{account.state}").zh
    print_line(f"{title}：{state}（自 {moment(account.since)}）" if account.since else f"{title}：{state}")
    if account.message:
        print_line(f"{account.message.zh} {account.message.action_zh}")
    if account.state is AccountState.NO_PERMISSION:
        print_line(Message("account.then_release").action_zh)
