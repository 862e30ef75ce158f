"""A run as one page: what stands on it, and the ways to write it."""
