"""The picker of files in the folders of this machine."""

from __future__ import annotations

from textual_fspicker import FileOpen, Filters

from ann_tui.tui.dialog import AnsweredOnce

KNOWN = (".csv", ".tsv", ".txt", ".tab", ".gz", ".bz2", ".xz", ".zst", ".zip", ".parquet", ".toml", ".ann")


class FilePicker(AnsweredOnce, FileOpen):
    """The library's picker, laid out so that the list of files keeps its room on a small screen."""

    DEFAULT_CSS = """
    FilePicker {
        Dialog { width: 96; max-width: 96%; height: 90%; }
        InputBar { padding: 0 1; }
        InputBar Select { width: 20; }
        InputBar Button { min-width: 10; width: 10; }
    }
    """


def file_picker(title: str) -> FilePicker:
    """A picker that shows tables, experiments and models, or all files."""
    filters = Filters(
        ("Known files", lambda path: path.suffix.lower() in KNOWN),
        ("All files", lambda path: True),
    )
    return FilePicker(".", title, filters=filters)
