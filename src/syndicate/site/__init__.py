"""The static website: pure planning (what is published → page writes) and one atomic writer."""
