"""A trained model: what it says about new rows, and its file."""
