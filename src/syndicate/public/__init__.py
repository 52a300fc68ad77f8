"""The public application: no accounts, a process of its own, nothing but what the public may ask."""
