"""A finished run for a script and for a person."""
