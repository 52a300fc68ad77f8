"""The verb `desk` on its own, as a process of its own: `python -m tests.desk.serve --home DIR --port 0`."""

import typer

from syndicate.cli.desk import register

app = typer.Typer()
register(app)

if __name__ == "__main__":
    app()
