"""Runs jobs. The ledger is the truth: an engine only calls `flow.deliver` again and again."""
