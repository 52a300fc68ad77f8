"""Forms of texts that stand in several kinds of files."""

from __future__ import annotations

from syndicate.config.shapes import Text

_HOST = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
_PORT = r"[1-9]\d{0,4}"

IDENTIFIER = r"[a-z][a-z0-9-]{0,62}"
IDENTIFIER_FORM = "identifier"

HOST = Text(_HOST, "host", 253)
HOST_AND_PORT = Text(rf"({_HOST}|\[[0-9A-Fa-f:.]+\]):{_PORT}", "host_and_port", 260)
WEB_ADDRESS = Text(rf"https?://({_HOST}|\[[0-9A-Fa-f:.]+\])(:{_PORT})?([/?#]\S*)?", "address", 2_000)
BASE_ADDRESS = Text(rf"https?://({_HOST}|\[[0-9A-Fa-f:.]+\])(:{_PORT})?(/\S*[^/\s])?", "base_address", 2_000)
POST_ADDRESS = Text(
    rf"https?://({_HOST}|\[[0-9A-Fa-f:.]+\])(:{_PORT})?/[^\s{{}}]*\{{slug\}}[^\s{{}}]*", "post_address", 2_000
)
NAME = Text(IDENTIFIER, IDENTIFIER_FORM)
SECRET_NAME = Text(IDENTIFIER, "secret_name", hidden=True)
RELATIVE_PATH = Text(
    r"(?!\.{1,2}(/|$))[^/\\\x00-\x1f]{1,100}(/(?!\.{1,2}(/|$))[^/\\\x00-\x1f]{1,100})*", "relative_path", 400
)
