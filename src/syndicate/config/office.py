"""`content/office.yaml` → Office. The forms of the registration numbers are those of real government footers.

Sources: 《政府网站发展指引》(国办发〔2017〕47号) for the set of fields; patterns checked on live footers.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from syndicate.config.patterns import BASE_ADDRESS, HOST
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Field, Many, Record, Text, YesNo, note
from syndicate.config.yaml_nodes import Node, compose
from syndicate.model.office import Office, SecondFactorDuty

_PROVINCES = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
_SITE_CODE = Text(r"\d{10}|bm\d{8}", "site_code")
_ICP = Text(_PROVINCES + r"ICP备\d{8,10}号(-\d+)?", "icp")
_POLICE = Text(_PROVINCES + r"公网安备\s?\d{14}号?", "police_record")


class _Zone:
    """A time zone by its name in the system's table."""

    def read(self, node: Node, problems: Problems) -> ZoneInfo | None:
        """The zone."""
        name = Text(r"[A-Za-z]+(/[A-Za-z_]+)*", "zone", 60).read(node, problems)
        if name is None:
            return None
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            note(problems, node, "no_such_zone", value=name)
            return None


_SHAPE = Record(
    Office,
    {
        "name": Field(Text(longest=100), required=True),
        "site_name": Field(Text(longest=100), required=True),
        "domain": Field(HOST, required=True),
        "site_url": Field(BASE_ADDRESS, required=True),
        "site_code": Field(_SITE_CODE),
        "icp": Field(_ICP),
        "police_record": Field(_POLICE),
        "contact": Field(Text(longest=200)),
        "telephone": Field(Text(r"[0-9+()（）、，, /-]{5,60}", "telephone")),
        "timezone": Field(_Zone()),
        "white_list": Field(Many(Text(longest=100))),
        "sample": Field(YesNo(), required=True),
        "description": Field(Text(longest=500)),
        "second_factor": Field(Choice(SecondFactorDuty)),
    },
    # Registration numbers may still be outstanding; the inspection reports a footer without them.
    also={
        "site_code": "",
        "icp": "",
        "police_record": "",
        "contact": "",
        "telephone": "",
        "timezone": ZoneInfo("Asia/Shanghai"),
        "white_list": (),
    },
)


def read_office(file: ConfigFile, problems: Problems) -> Office | None:
    """The office, or None after noting every mistake."""
    node = compose(file, problems)
    return None if node is None else _SHAPE.read(node, problems)
