"""An item on its way to a CMS: reviewers see the post as it will be."""

from __future__ import annotations

from dataclasses import replace

from django.test import Client

from syndicate.config.load import load
from tests.desk.office import Office

ACCOUNT = """title: 样例网站（CMS）
kind: wordpress
base_url: https://cms.example
template: wordpress.j2
settings: {user: editor}
secrets: {application_password: cms-password}
"""


def test_the_preview_shows_the_post(own_configuration: Office, publisher: Client) -> None:
    office = own_configuration
    (office.home / "channels" / "cms.yaml").write_text(ACCOUNT, "utf-8")
    assert office.prepared
    office.prepared = replace(office.prepared, snapshot=load(office.home))
    office.workspace.close()
    office.__post_init__()
    number = office.submitted("安全检查预告")
    page = publisher.get(f"/items/{number}").content.decode()
    assert f"/items/{number}/preview/cms" in page
    assert "建站系统" in page
    assert "安全检查预告" in publisher.get(f"/items/{number}/preview/cms").content.decode()
