"""One reader per kind of office file: bytes to text with places. Hostile bytes raise `InputError`, nothing else."""
