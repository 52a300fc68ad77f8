"""Bytes → documents → what is new, changed or gone. Pure: bytes in, values out."""
