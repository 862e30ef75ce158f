"""Files and folders that are written whole or not at all.

They are begun under a name that holds this computer's, and locked while they are written: what is not locked was left
behind by a program that was killed, and the next one that writes into the folder removes it.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_unfinished: set[Path] = set()
UNFINISHED = ".part"


def remove_unfinished() -> None:
    """Remove what has been written so far of files that are not finished, for a program that ends at once."""
    for part in tuple(_unfinished):
        _remove(part)


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
        with _part_in(target.parent, _new_file) as part:
            with part.open("r+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            # The mode is the usual one, less what the umask forbids; an earlier file's own mode is kept.
            if target.exists():
                part.chmod(target.stat().st_mode & 0o7777)
            part.replace(target)
        with suppress(OSError):
            _sync_folder(target.parent)
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, for this user alone, that takes the name `path` when the block ends without an error.

    The folder above is made where it is missing; `path` itself must not exist. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _part_in(path.parent, lambda part: part.mkdir(mode=0o700)) as part:
        yield part
        part.rename(path)


@contextmanager
def _part_in(folder: Path, make: Callable[[Path], None]) -> Iterator[Path]:
    """The path of what `make` has begun in the folder, locked; what is left of it at the end is removed."""
    _remove_left_behind(folder)
    while True:
        part = folder / f".ann-tui-{_computer()}-{secrets.token_hex(6)}{UNFINISHED}"
        _unfinished.add(part)
        lock = None
        try:
            make(part)
            lock = locked(part)
            # Until it was locked, another program could take it for one that was left behind.
            if not part.exists():
                continue
            yield part
            return
        finally:
            _remove(part)
            _unfinished.discard(part)
            if lock is not None:
                os.close(lock)


def _new_file(part: Path) -> None:
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def _remove_left_behind(folder: Path) -> None:
    """Remove what programs on this computer began in the folder and did not live to finish."""
    name = re.compile(rf"\.ann-tui-{re.escape(_computer())}-[0-9a-f]{{12}}{re.escape(UNFINISHED)}")
    with suppress(OSError):
        for entry in os.scandir(folder):
            if name.fullmatch(entry.name) is None or entry.is_symlink():
                continue
            lock = locked(Path(entry.path), wait=False)
            if lock is not None:
                _remove(Path(entry.path))
                os.close(lock)


def _computer() -> str:
    return re.sub("[^A-Za-z0-9.]", "_", platform.node())[:64]


def locked(part: Path, *, wait: bool = True) -> int | None:
    """A descriptor that keeps other programs from locking this until it is closed; None where it can't be locked."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        descriptor = os.open(part, os.O_RDONLY if part.is_dir() else os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _remove(part: Path) -> None:
    with suppress(OSError):
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink()


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
