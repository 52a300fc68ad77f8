"""`{% kept … %}…{% endkept %}` in website templates: what is the same on many pages is made once.

A site of 50,000 articles has the same head, navigation and footer 50,000 times; making them anew was most of a build.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

_MOST = 512
"""Pieces in memory: four for each column and depth; pages of their own beyond that are made each time."""


class Kept(Extension):
    """Keeps the text between the tags for each value of its expressions, as long as the templates live.

    What stands inside may depend on those values and on the configuration only, and holds no `{% block %}`.
    """

    tags = {"kept"}  # noqa: RUF012 the name is Jinja's

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._pieces: dict[tuple[str, int, object], Markup] = {}

    def parse(self, parser: Parser) -> nodes.Node:
        """The tag as a call of `_made`."""
        line = next(parser.stream).lineno
        key = parser.parse_tuple(with_condexpr=True)
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        place = nodes.Const(parser.name or "")
        call = self.call_method("_made", [place, nodes.Const(line), key])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _made(self, template: str, line: int, key: object, caller: Callable[[], str]) -> Markup:
        piece = self._pieces.get((template, line, key))
        if piece is None:
            piece = Markup(caller())  # noqa: S704 a macro's own text is escaped already
            if len(self._pieces) < _MOST:
                self._pieces[template, line, key] = piece
        return piece
