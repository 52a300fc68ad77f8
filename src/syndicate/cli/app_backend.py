"""`syndicate app-backend`: serve the reference app backend, for an office whose app has none yet."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from syndicate.cli.opening import opened
from syndicate.cli.options import HERE, Home
from syndicate.cli.output import print_line
from syndicate.errors import UsageError
from syndicate.model.channel import ChannelKind

_FILE = Path("var") / "app-backend.sqlite3"


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command("app-backend")(serve)


def serve(
    host: Annotated[str, typer.Option(help="监听地址，对外由 nginx 转发。The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口。The port.", min=0, max=65535)] = 8820,
    address: Annotated[str, typer.Option(help="客户端看到的地址，默认为监听地址。Its public address.")] = "",
    data: Annotated[Path | None, typer.Option(help="数据文件，默认 var/app-backend.sqlite3。The SQLite file.")] = None,
    channel: Annotated[str, typer.Option(help="用哪个渠道的签名密钥。Whose signing key.")] = "app",
    home: Home = HERE,
) -> None:
    """运行客户端参考后台：接收签名的稿件，供客户端读取。Serve the reference app backend.

    例 example: syndicate app-backend --address https://app.example.gov.cn
    """
    with opened(home) as workspace:
        from syndicate.channels.settings import secret
        from syndicate.public.app_backend import LARGEST_BODY, app_backend
        from syndicate.public.app_store import SqliteArticles
        from syndicate.public.serving import make_server

        account = workspace.channel(channel)
        if account.kind is not ChannelKind.APP:
            raise UsageError("public.no_app", channel=channel)
        store = SqliteArticles(data or home / _FILE)
        shown = f"[{host}]" if ":" in host else host
        reached = address or f"http://{shown}:{port}"
        secrets = (secret(account, workspace.hands, "signing_key"),)
        application = app_backend(store, secrets, workspace.snapshot.office.site_name, reached, workspace.now)
        server = make_server(application, host, port, LARGEST_BODY)
        print_line(
            f"客户端参考后台 app backend：http://{shown}:{server.effective_port}  （Ctrl-C 结束。Ctrl-C ends it.）"
        )
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        try:
            server.run()
        finally:
            store.close()
