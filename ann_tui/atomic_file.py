"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_unfinished: set[Path] = set()


def remove_unfinished() -> None:
    """Remove what has been written so far of files that are not finished, for a program that ends at once."""
    for part in tuple(_unfinished):
        with suppress(OSError):
            part.unlink()


@contextmanager
def atomic_file(path: str | Path) -> Iterator[IO[bytes]]:
    """A file to write to that takes the place of `path` when the block ends without an error.

    It is written in the same folder under another name, flushed to the disk and renamed; with an error it is
    removed, and what stood at `path` stays as it was. A link keeps pointing where it pointed. A device or a pipe
    is written to directly. Raises OSError that names `path`.
    """
    try:
        target = Path(path).resolve() if Path(path).is_symlink() else Path(path)
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                yield file
            return
        with _replacement(target) as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None


@contextmanager
def _replacement(target: Path) -> Iterator[IO[bytes]]:
    part = target.parent / f".ann-tui-{secrets.token_hex(6)}.part"
    _unfinished.add(part)
    # The mode is the usual one, less what the umask forbids; an earlier file's own mode is kept.
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode & 0o7777)
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    finally:
        _unfinished.discard(part)
    with suppress(OSError):
        _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_writable(path: str | Path) -> None:
    """Raise OSError that names `path` where `atomic_file` could not write it; nothing is changed."""
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    try:
        with suppress(_ProbeDoneError), atomic_file(target.parent / f".ann-tui-{secrets.token_hex(6)}.probe"):
            raise _ProbeDoneError
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


class _ProbeDoneError(Exception):
    """Ends the probe of `check_writable` before anything is renamed."""
