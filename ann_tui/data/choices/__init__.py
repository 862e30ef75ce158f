"""The first two of the four choices, source and preparation, and the kinds of columns."""
