"""`syndicate public`: serve the public search."""

from __future__ import annotations

import signal
import sys
from typing import Annotated

import typer

from syndicate.cli.opening import clock, opened
from syndicate.cli.options import HERE, Home
from syndicate.cli.output import print_line


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(public)


def public(
    host: Annotated[
        str, typer.Option(help="监听地址，对外由 nginx 转发。The address to listen on, behind nginx.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口。The port.", min=0, max=65535)] = 8810,
    home: Home = HERE,
) -> None:
    """启动面向公众的站内搜索、找错和评价，独立进程，没有账号。Serve the public search, reports and ratings without accounts.

    例 example: syndicate public --port 8810
    """
    with opened(home) as workspace:
        from syndicate.flow.living import LivingOffice
        from syndicate.public.serving import PublicApplication, make_server, take_into_index

        take_into_index(workspace, lambda done, of: print_line(f"建立索引 indexing {done}/{of}"))
        office = LivingOffice(home.resolve(), clock)
        server = make_server(PublicApplication(office), host, port)
        shown = f"[{host}]" if ":" in host else host
        print_line(f"站内搜索：http://{shown}:{server.effective_port}/search  （Ctrl-C 结束。Ctrl-C ends it.）")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        try:
            server.run()
        finally:
            office.close()
