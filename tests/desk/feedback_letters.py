"""Letters of the public to the sample office: invented, and taken in by the flow itself."""

from __future__ import annotations

from syndicate.flow import feedback as flow
from syndicate.flow.feedback import Sent, new_form
from syndicate.model.site import SiteEntry
from syndicate.records import feedback
from syndicate.records.site_ledger import SiteEntries
from tests.desk.office import Office

LETTER = "第二段“截止”写成了“截至”（样例来信）"


def on_site(office: Office) -> tuple[int, str]:
    """A published item with its page; its number and its address."""
    item = office.published("云川县开展安全检查")
    website = office.workspace.website()
    assert website
    address = f"news/202611/{item}.html"
    entry = SiteEntry(item, "news", address, "云川县开展安全检查", "", "样例县政府办", office.now)
    ledger = SiteEntries()
    ledger.settle(website.id, ledger.view(website.id, entry).entry)
    return item, address


def letter(office: Office, text: str = LETTER, page: str = "", contact: str = "", kind: str = "wording") -> int:
    """A letter that came in; its number."""
    receipt = flow.receive(office.workspace, Sent(kind, page, text, contact, new_form(office.workspace)))
    return flow.look_up(receipt).id


def kept(number: int) -> feedback.FeedbackRecord:
    """How it stands."""
    return feedback.get(number)
