"""The JSON interface under /api/v1: the same functions of the flow as the pages, with personal tokens instead of sessions."""
