"""From a file, however it is written, to a table."""
