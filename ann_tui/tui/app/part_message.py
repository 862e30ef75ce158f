"""What comes back to the parts of the app from their threads."""

from __future__ import annotations

from textual.message import Message


class PartMessage(Message):
    """News for the part of the app whose module declares it; the app hands it over in its own thread."""
