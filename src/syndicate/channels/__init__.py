"""Drivers: one module per kind of account, the clients they use, and the platforms' error codes as tables."""
