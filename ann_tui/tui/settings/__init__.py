"""The choices as lines that a person changes with the keys."""
