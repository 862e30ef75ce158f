"""The lesson: its pages, and the page at which it was left."""
