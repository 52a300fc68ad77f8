"""The check kinds, one module each. A kind reads its parameters once and then finds hits in any number of texts."""
