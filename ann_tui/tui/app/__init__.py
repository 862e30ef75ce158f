"""The app itself: what it opens, saves and trains."""
