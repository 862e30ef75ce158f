"""The app in a browser: each visit runs one of its own on this computer."""
