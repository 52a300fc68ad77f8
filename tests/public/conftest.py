"""Fixtures of the website serve the public application too."""

from tests.site.conftest import office, pages, site, templates

__all__ = ["office", "pages", "site", "templates"]
