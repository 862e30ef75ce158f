"""Runs on disk: where they lie, how they are read again, which are listed, and when old ones go."""
