"""Paths inside a file that is carried from folder to folder together with what it names."""

from __future__ import annotations

import os
from pathlib import Path


def path_for(folder: Path, path: str, *, always: bool = False) -> str:
    """The path as it is written into a file in `folder`: relative to that folder, with forward slashes.

    An absolute path stays as it is unless `always` is set; "-" (standard input) stays too.
    """
    if path == "-" or (Path(path).is_absolute() and not always):
        return path
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return str(Path(path).absolute())


def path_from(folder: Path, path: str) -> str:
    """The inverse of `path_for`: what a path written in a file in `folder` is called from here."""
    if path == "-" or Path(path).is_absolute():
        return path
    return os.path.normpath(folder / path)
