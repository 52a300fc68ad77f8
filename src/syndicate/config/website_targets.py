"""`settings.targets` of a website: further places that hold it, each of one kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from syndicate.config.patterns import BASE_ADDRESS, NAME, RELATIVE_PATH, SECRET_NAME
from syndicate.config.places import Problems
from syndicate.config.shapes import Choice, Duration, Field, Many, Record, Text, Whole, YesNo, note
from syndicate.config.yaml_nodes import MappingNode, Node
from syndicate.model.target import RsyncTarget, S3Target, Target, TargetKind

_KIND = Choice(TargetKind)
_SSH_PLACE = Text(
    r"[A-Za-z_][A-Za-z0-9_.-]{0,31}@"
    r"([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])"
    r":(/[A-Za-z0-9_][A-Za-z0-9._-]*)+/?",
    "ssh_place",
    400,
)
"""Plain characters only: the path is read by the other machine's rsync."""
_TIME_LIMIT = Duration(least=timedelta(seconds=1), most=timedelta(minutes=9))
"""Below the lease of ten minutes."""
_COMMON = {
    "kind": Field(_KIND, required=True),
    "name": Field(NAME, required=True),
    "probe_base_url": Field(BASE_ADDRESS),
    "time_limit": Field(_TIME_LIMIT),
}
SHAPES: Mapping[TargetKind, Record[Target]] = {
    TargetKind.RSYNC: Record(
        lambda kind, **values: RsyncTarget(**values),
        {
            **_COMMON,
            "to": Field(_SSH_PLACE, required=True),
            "identity": Field(SECRET_NAME, required=True),
            "known_hosts": Field(RELATIVE_PATH, required=True),
            "port": Field(Whole(1, 65_535)),
        },
    ),
    TargetKind.S3: Record(
        lambda kind, **values: S3Target(**values),
        {
            **_COMMON,
            "endpoint": Field(BASE_ADDRESS, required=True),
            "bucket": Field(Text(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "bucket"), required=True),
            "prefix": Field(Text(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*", "prefix", 200)),
            "region": Field(Text(r"[A-Za-z0-9-]{1,40}", "region")),
            "path_style": Field(YesNo()),
            "access_key": Field(SECRET_NAME, required=True),
            "secret_key": Field(SECRET_NAME, required=True),
        },
    ),
}


class WebsiteTarget:
    """One target; its kind comes first, because it says how the rest must look."""

    def read(self, node: Node, problems: Problems) -> Target | None:
        """The target, or None after noting what is wrong with it."""
        if not isinstance(node, MappingNode):
            note(problems, node, "mapping_expected")
            return None
        if "kind" not in node.entries:
            note(problems, node, "missing_key", name="kind")
            return None
        kind = _KIND.read(node.at("kind"), problems)
        return SHAPES[kind].read(node, problems) if kind else None


class WebsiteTargets:
    """All targets of a website, each under a name of its own."""

    _many: Many[Target] = Many(WebsiteTarget(), least=1)

    def read(self, node: Node, problems: Problems) -> tuple[Target, ...] | None:
        """The targets in the order of the file."""
        targets = self._many.read(node, problems)
        names = [one.name for one in targets or ()]
        for name in sorted({name for name in names if names.count(name) > 1}):
            note(problems, node, "target_twice", name=name)
        return targets


def target_secrets(settings: Mapping[str, object]) -> tuple[str, ...]:
    """The names of the secrets that a channel's targets need."""
    targets = settings.get("targets", ())
    assert isinstance(targets, tuple)
    return tuple(name for one in targets for name in one.secrets.values())
