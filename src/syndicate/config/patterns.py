"""Forms of texts that stand in several kinds of files."""

from __future__ import annotations

from syndicate.config.shapes import Text

_HOST = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
_PORT = r"[1-9]\d{0,4}"

IDENTIFIER = r"[a-z][a-z0-9-]{0,62}"
IDENTIFIER_FORM = "小写字母开头，由小写字母、数字和连字符组成 / small letters, digits and hyphens, a letter first"

HOST = Text(_HOST, "域名，不带 http:// / a host name without http://", 253)
HOST_AND_PORT = Text(
    rf"({_HOST}|\[[0-9A-Fa-f:.]+\]):{_PORT}", "主机:端口，例如 10.0.0.5:8080 / host:port, such as 10.0.0.5:8080", 260
)
WEB_ADDRESS = Text(
    rf"https?://({_HOST}|\[[0-9A-Fa-f:.]+\])(:{_PORT})?([/?#]\S*)?",
    "以 http:// 或 https:// 开头的网址 / an address that begins with http:// or https://",
    2_000,
)
BASE_ADDRESS = Text(
    rf"https?://({_HOST}|\[[0-9A-Fa-f:.]+\])(:{_PORT})?(/\S*[^/\s])?",
    "网址，末尾不带斜杠 / an address without a slash at the end",
    2_000,
)
NAME = Text(IDENTIFIER, IDENTIFIER_FORM)
SECRET_NAME = Text(
    IDENTIFIER, "密钥的名称，不是密钥本身；" + IDENTIFIER_FORM + ": the name of a secret, never the secret", hidden=True
)
RELATIVE_PATH = Text(
    r"(?!\.{1,2}(/|$))[^/\\\x00-\x1f]{1,100}(/(?!\.{1,2}(/|$))[^/\\\x00-\x1f]{1,100})*",
    "办公目录内的相对路径，不含 .. / a path inside the office without ..",
    400,
)
