"""The picker of files in the folders of this machine."""

from __future__ import annotations

from textual.css.styles import RulesMap
from textual.visual import RichVisual, Visual
from textual.widgets.option_list import Option
from textual_fspicker import FileOpen, Filters
from textual_fspicker.parts.directory_navigation import DirectoryNavigation

from ann_tui.tui.dialog import AnsweredOnce

KNOWN = (".csv", ".tsv", ".txt", ".tab", ".gz", ".bz2", ".xz", ".zst", ".zip", ".parquet", ".toml", ".ann")


class _Line(RichVisual):
    """An entry of a folder, which is known to be one line high without being laid out."""

    def get_height(self, rules: RulesMap, width: int) -> int:
        """One."""
        return 1


def _line_of(self: DirectoryNavigation, option: Option) -> Visual:
    if option._visual is None:
        option._visual = _Line(self, option.prompt)  # type: ignore[arg-type]
    return option._visual


# The library would lay out each entry of a folder to learn its height: seconds for some thousand files.
DirectoryNavigation._get_visual = _line_of  # type: ignore[assignment, method-assign]


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
