"""One way to turn a value into a hash, so that every stage and store agrees."""

import hashlib
import json


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical JSON of `value`: keys sorted, no blanks, characters as they are."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
