"""Polite, bounded, safe GETs: the only way in for foreign bytes. See `syndicate.net.fetcher`."""
