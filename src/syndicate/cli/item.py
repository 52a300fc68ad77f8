"""Items and review: item new, queue, show, review, amend, withdraw, recheck."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.matrix import print_matrix
from syndicate.cli.opening import opened, operator, person
from syndicate.cli.options import HERE, As, Home, ItemNumber, Json, Limit
from syndicate.cli.output import moment, print_json, print_line, print_table
from syndicate.cli.progress import Steps
from syndicate.errors import InputError, Message, UsageError
from syndicate.model.item import ItemState
from syndicate.model.review import Verdict, WithdrawalKind

if TYPE_CHECKING:
    from syndicate.flow.matrix import MatrixRow
    from syndicate.flow.overview import ItemPage

item_app = typer.Typer(no_args_is_help=True)

Reason = Annotated[str, typer.Option("--reason", help="理由。The reason.")]
Body = Annotated[str, typer.Option(help="正文 HTML 文件，- 表示从标准输入读取。The text, an HTML file; - for stdin.")]
Preview = Annotated[bool, typer.Option("--preview", help="只列出各渠道会怎样，不作改动。Only show what would happen.")]
Submit = Annotated[bool, typer.Option("--submit", help="保存后直接送审。Submit at once.")]


def register(app: typer.Typer) -> None:
    """Hang these verbs under `syndicate`."""
    app.add_typer(item_app, name="item", help="稿件。Items.")
    for verb in (queue, show, review, amend, withdraw, recheck):
        app.command()(verb)


@item_app.command()
def new(
    title: Annotated[str, typer.Argument(help="标题。The title.")],
    as_user: As,
    column: Annotated[str, typer.Option(help="栏目的拉丁名，见 content/columns.yaml。The column's Latin name.")],
    body: Body = "-",
    paste: Annotated[str, typer.Option(help="Word（.docx）或 HTML 文件，代替 --body。A Word or HTML file.")] = "",
    organ: Annotated[str, typer.Option("--from", help="转载时：稿源单位。Of a reprint: whose text it is.")] = "",
    url: Annotated[str, typer.Option(help="转载时：原文地址。Of a reprint: its page.")] = "",
    submit: Submit = False,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """新建稿件：自己写的，或粘贴的转载稿。Write a new item, or paste a reprint.

    例 example: syndicate item new "云川县开展安全检查" --column news --body 正文.html --as 王五 --submit
    """
    if url and not organ:
        raise UsageError("item.organ_missing")
    with opened(home) as workspace:
        from syndicate.flow import items
        from syndicate.flow.pasting import Origin
        from syndicate.flow.pasting import paste as take_paste

        actor = person(as_user)
        if paste or organ:
            origin = Origin(organ, url) if organ else None
            number = take_paste(workspace, actor, column, title, (_bytes(paste or body), paste), origin)
        else:
            content = items.original(workspace, title, _text(body))
            number = items.create(workspace, actor, items.Placement(column), content)
        if submit:
            items.submit(workspace, actor, number)
    if as_json:
        print_json({"item": number, "submitted": submit})
        return
    print_line(f"稿件 {number} 已保存{'并送审' if submit else ''}。")


def _text(name: str) -> str:
    """A body as handed in, without everything dangerous. Raises UsageError for no readable file, InputError for no text."""
    from syndicate.text.decode import decode
    from syndicate.text.sanitise import sanitise

    text = sanitise(decode(_bytes(name)).text)
    if not text.strip():
        raise InputError("item.no_text")
    return text


def _bytes(name: str) -> bytes:
    """A file, or standard input for `-`. Raises UsageError where it cannot be read."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError("cli.unreadable", path=name, why=error.strerror or error) from error


def queue(
    state: Annotated[list[ItemState] | None, typer.Option(help="只看这些状态。Only these states.")] = None,
    limit: Limit = 100,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """按状态列出稿件。Items by state.

    例 example: syndicate queue --state submitted
    """
    wanted = tuple(state or (ItemState.SUBMITTED, ItemState.RETURNED, ItemState.DRAFT, ItemState.APPROVED))
    with opened(home) as workspace:
        from syndicate.flow.overview import queue_rows

        rows = queue_rows(workspace, wanted, limit)
    if as_json:
        print_json(rows)
        return
    table = [
        (
            row.item.id,
            Message(f"word.item_{row.item.state}").zh,
            f"{row.item.level}/{row.item.levels}",
            row.column_title,
            row.title,
            Message(f"word.severity_{row.worst}").zh if row.worst else "无问题",
            f"{row.delivered}/{row.channels}",
            _time_left(row.item.deadline_at, row.hours_left),
        )
        for row in rows
    ]
    print_table("稿件 items", ("编号", "状态", "审级", "栏目", "标题", "核校", "渠道", "转载时限"), table)


def _time_left(deadline: datetime | None, hours: float | None) -> str:
    """The deadline, and how long until then or since."""
    if hours is None:
        return moment(deadline)
    return f"{moment(deadline)}（{f'剩 {hours:g} 小时' if hours >= 0 else f'已超 {-hours:g} 小时'}）"


def show(
    item: ItemNumber,
    packages: Annotated[
        Path | None, typer.Option("--packages", help="把需人工办理的任务包（zip）写入此目录。Write open tasks as zips.")
    ] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """一篇稿件的全部：版本、问题、意见、渠道稿、投递、人工任务。One item with everything about it.

    例 example: syndicate show 12
    """
    with opened(home) as workspace:
        from syndicate.flow.overview import item_page
        from syndicate.flow.package import open_packages, write_packages

        page = item_page(workspace, item)
        tasks = open_packages(workspace, page)
        written = write_packages(workspace, tasks, packages) if packages else ()
    if as_json:
        print_json({**vars(page), "tasks": tasks, "packages": written})
        return
    _print_page(page)
    for task in tasks:
        print_line("\n" + "\n".join((*task.checklist, "", task.text, task.link)))
    for path in written:
        print_line(f"任务包：{path}")


def _print_origin(page: ItemPage) -> None:
    """Until when a reprint must be out, where it was seen, and whose text it carries."""
    from syndicate.flow.overview import address_of

    if page.hours_left is not None:
        print_line(f"转载时限 {_time_left(page.item.deadline_at, page.hours_left)}")
    seen = [(one.source, moment(one.seen_at), address_of(page, one)) for one in page.sources]
    if seen:
        carried = f"，采用 {page.original.source} 的文本" if page.original else ""
        print_table(f"来源 sources{carried}", ("信源", "首次见到", "地址"), seen)


def _print_page(page: ItemPage) -> None:
    content = page.revision.content
    print_line(
        f"《{content.title}》 {Message(f'word.item_{page.item.state}').zh}，第 {page.revision.number} 版，来源 {content.source_name}"
    )
    _print_origin(page)
    found = [
        (Message(f"word.severity_{one.severity}").zh, one.rule, one.part, one.text, one.message, one.suggestion)
        for one in page.findings
    ]
    print_table("问题 findings", ("严重程度", "规则", "位置", "原文", "说明", "建议"), found)
    decided = [
        (
            moment(one.at),
            one.level,
            Message(f"word.verdict_{one.verdict}").zh,
            one.actor,
            one.reason,
            "已作废" if one.void else "",
        )
        for one in page.decisions
    ]
    print_table("审核意见 decisions", ("时间", "级", "意见", "审核人", "理由", ""), decided)
    sent = [
        (
            one.id,
            one.channel,
            Message(f"word.action_{one.action}").zh,
            Message(f"word.delivery_{one.state}").zh,
            one.attempts_made,
            one.message.zh if one.message else "",
        )
        for one in page.deliveries
    ]
    print_table("投递 deliveries", ("编号", "渠道", "操作", "状态", "尝试", "说明"), sent)


def review(
    item: ItemNumber,
    level: Annotated[int, typer.Option(min=1, help="第几级审核。The review level.")],
    as_user: As,
    approve: Annotated[bool, typer.Option("--approve", help="通过。Approve it.")] = False,
    give_back: Annotated[bool, typer.Option("--return", help="退回，须写 --reason。Return it, with a reason.")] = False,
    reason: Reason = "",
    override: Annotated[
        list[str] | None, typer.Option(help="放行一条必须处理的规则（理由用 --reason）。Override one rule.")
    ] = None,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """对一篇稿件作出一级审核意见。One decision at one level.

    例 example: syndicate review 12 --approve --level 1 --as 李四
    """
    if approve == give_back:
        raise UsageError("item.one_verdict")
    with opened(home) as workspace:
        from syndicate.flow.decide import Vote, decide

        verdict = Verdict.APPROVE if approve else Verdict.RETURN
        vote = Vote(verdict, level, reason, dict.fromkeys(override or (), reason))
        decided = decide(workspace, person(as_user), item, vote)
    if as_json:
        print_json(decided)
    else:
        _tell(item, decided.item.state, as_json=False)
    if decided.sent_back:
        sys.stderr.write(f"{Message('item.sent_back', {'item': item})}\n")
        raise typer.Exit(1)


def amend(
    item: ItemNumber,
    as_user: As = "",
    reason: Reason = "",
    title: Annotated[str, typer.Option(help="新标题，默认不变。The new title; default: the same.")] = "",
    body: Annotated[
        str, typer.Option(help="新正文 HTML 文件，- 为标准输入，默认不变。The new text; - for stdin.")
    ] = "",
    submit: Submit = False,
    preview: Preview = False,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """开始更正：生成新版本，重新审核。先列出各渠道的影响。Start a correction; the new revision is reviewed again.

    例 example: syndicate amend 12 --reason "日期有误" --body 正文.html --as 王五 --submit
    """
    with opened(home) as workspace:
        from syndicate.flow import items
        from syndicate.flow.matrix import amendment_matrix
        from syndicate.flow.overview import item_page

        actor = None if preview else person(_needed(as_user, "--as"))
        page = item_page(workspace, item)
        rows = amendment_matrix(workspace, page)
        if actor is None:
            _show_matrix("更正的影响 a correction", item, rows, as_json)
            return
        content = None
        if title or body:
            now_there = page.revision.content
            text = _text(body) if body else now_there.body
            content = replace(now_there, title=title.strip() or now_there.title, body=text)
        changed = items.amend(workspace, actor, item, reason, content)
        if submit:
            changed = items.submit(workspace, actor, item)
    _tell_with(rows, "终审通过后 after the final approval", item, changed.state, as_json)


def withdraw(
    item: ItemNumber,
    kind: Annotated[
        WithdrawalKind | None,
        typer.Option(help="发布有误 error、已被取代 superseded、到期 expired。Why it is taken down."),
    ] = None,
    as_user: As = "",
    reason: Reason = "",
    preview: Preview = False,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """从所有渠道撤回。先列出各渠道的影响。Withdraw everywhere.

    例 example: syndicate withdraw 12 --kind error --reason "附件放错" --as 赵六
    """
    with opened(home) as workspace:
        from syndicate.flow.matrix import withdrawal_matrix
        from syndicate.flow.overview import item_page
        from syndicate.flow.withdraw import withdraw as take_down

        actor = None if preview else person(_needed(as_user, "--as"))
        rows = withdrawal_matrix(workspace, item_page(workspace, item))
        if actor is None:
            _show_matrix("撤稿的影响 a withdrawal", item, rows, as_json)
            return
        why = WithdrawalKind(_needed(kind, "--kind"))
        changed = take_down(workspace, actor, item, why, reason)
    _tell_with(rows, "各渠道 on each channel", item, changed.state, as_json)


def _needed(value: str | None, option: str) -> str:
    """An option that only a preview may leave out. Raises UsageError."""
    if not value:
        raise UsageError("item.option_missing", option=option)
    return value


def _show_matrix(title: str, item: int, rows: tuple[MatrixRow, ...], as_json: bool) -> None:
    if as_json:
        print_json({"item": item, "channels": rows})
        return
    print_matrix(title, rows)
    print_line("以上只是预览，没有作任何改动。Nothing was changed.")


def _tell_with(rows: tuple[MatrixRow, ...], title: str, item: int, state: ItemState, as_json: bool) -> None:
    if as_json:
        print_json({"item": item, "state": state, "channels": rows})
        return
    print_matrix(title, rows)
    _tell(item, state, as_json=False)


def recheck(home: Home = HERE, as_json: Json = False) -> None:
    """规则、词表、人员表变化后，重新核校受影响的已发布稿件。Current rules over everything published that they may affect.

    中断后再次运行即从中断处继续。Stopped, it goes on where it was. 例 example: syndicate recheck
    """
    with opened(home) as workspace:
        from syndicate.flow.recheck import affected_count
        from syndicate.flow.recheck import recheck as check_again

        with Steps("复查 recheck", affected_count(workspace), quiet=as_json) as steps:
            result = check_again(workspace, operator("recheck"), lambda done: steps.step(str(done)))
    if as_json:
        print_json(result)
    else:
        print_line(
            f"已重新核校 {result.checked} 篇，其中 {len(result.changed)} 篇有新的必须处理或需确认问题；"
            f"{result.unaffected} 篇不受规则变化影响。"
        )
        for number in result.changed:
            print_line(f"稿件 {number}：见 syndicate show {number}")
    if result.changed:
        raise typer.Exit(1)


def _tell(item: int, state: ItemState, *, as_json: bool) -> None:
    if as_json:
        print_json({"item": item, "state": state})
        return
    print_line(f"稿件 {item} 现在的状态：{Message(f'word.item_{state}').zh}。")
