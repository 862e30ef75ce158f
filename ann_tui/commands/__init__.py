"""The commands of `ann-tui`, one a file; each loads what it needs when it runs."""
