"""The editors' pages: views, templates, static files, and settings on top of the records' settings."""
