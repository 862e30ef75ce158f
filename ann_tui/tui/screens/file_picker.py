"""The picker of files in the folders of this machine."""

from __future__ import annotations

from textual_fspicker import FileOpen, Filters

KNOWN = (".csv", ".tsv", ".txt", ".tab", ".gz", ".bz2", ".xz", ".zst", ".zip", ".parquet", ".toml", ".ann")


def file_picker(title: str) -> FileOpen:
    """A picker that shows tables, experiments and models, or all files."""
    filters = Filters(
        ("Tables, experiments, models", lambda path: path.suffix.lower() in KNOWN),
        ("All files", lambda path: True),
    )
    return FileOpen(".", title, filters=filters)
