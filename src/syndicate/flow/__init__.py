"""Use cases, readable top to bottom: each module is one thing the office does. Short transactions, never one open
across a network call.

sync → check → (items) → decide → deliver → (resolve, withdraw) → patrol → report
"""
