"""Opening a file as a stream of uncompressed bytes, and refusing what is no table."""

import bz2
import gzip
import importlib
import io
import lzma
import os
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from ann_tui.data.plain_text import printable, shown_path
from ann_tui.data.reading.memory import available_memory
from ann_tui.data.reading.not_a_table import refuse_known_format
from ann_tui.data.reading.read_error import ReadCancelledError, ReadError

SPOOL_BYTES = 64 << 20
NEAR = 16 << 10
_SUFFIXES = {
    ".gz": "gz",
    ".gzip": "gz",
    ".bz2": "bz2",
    ".xz": "xz",
    ".lzma": "xz",
    ".zst": "zst",
    ".zstd": "zst",
    ".zip": "zip",
}
_MAGIC = (
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_NAMES = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "Zstandard", "zip": "zip"}
DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile)
"""What the decompressors raise on damaged data, besides OSError."""


@dataclass
class Opened:
    """A file as uncompressed bytes, with what is needed to tell how far the reading is.

    `size` counts the bytes on disk and `position` how many of them have been read; `compression` is
    empty where the file has none.
    """

    stream: IO[bytes]
    size: int
    position: Callable[[], int]
    compression: str
    warnings: tuple[str, ...] = ()
    closers: tuple[IO[Any], ...] = ()

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; damaged compressed data raises ReadError."""
        try:
            return self.stream.read(size)
        except DAMAGE as error:
            what = _NAMES.get(self.compression, "compressed")
            raise ReadError(
                f"the {what} data is damaged or ends early ({_reason(error)}): get the file again"
            ) from None
        except OSError as error:
            if not self.compression or error.errno is not None:
                raise
            raise ReadError(
                f"the {_NAMES[self.compression]} data is damaged ({_reason(error)}): get the file again"
            ) from None
        except RuntimeError as error:
            raise ReadError(
                f"the {_NAMES.get(self.compression, '')} data cannot be read: {_reason(error)}"
            ) from None

    def read_lines(self, size: int) -> bytes:
        """About `size` bytes, up to the end of a line if that is near: whole lines need not be put together."""
        data = self.read(size)
        if len(data) == size and not data.endswith(b"\n"):
            try:
                data += self.stream.readline(NEAR)
            except (*DAMAGE, RuntimeError):
                return data
        return data

    def close(self) -> None:
        """Close the stream and the file under it."""
        for file in (self.stream, *self.closers):
            with suppress(OSError, *DAMAGE):
                file.close()


def open_bytes(path: str) -> Opened:
    """Open a path (`-`: standard input) and see through its compression.

    Raises ReadError for what is not there, may not be read, is not a file, or is known not to be a table.
    """
    raw = _spooled_input() if path == "-" else _open_file(path)
    try:
        return _see_through(raw, path)
    except BaseException:
        raw.close()
        raise


def _open_file(path: str) -> IO[bytes]:
    shown = shown_path(path)
    if not path or "\0" in path:
        raise ReadError("no file is named: give the path of a CSV file")
    try:
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise ReadError(f"{shown} is a directory: name a file in it")
        if stat.S_ISFIFO(mode):
            raise ReadError(
                f"{shown} is a pipe, not a file: save its contents first, or give them as - on standard input"
            )
        if not stat.S_ISREG(mode):
            raise ReadError(f"{shown} is a device or socket, not a file: name a CSV file")
        return Path(path).open("rb")
    except FileNotFoundError:
        if _is_annexed(path):
            raise ReadError(
                f"{shown} is kept by git-annex and not here yet: fetch it with git annex get, then open it"
            ) from None
        raise ReadError(f"{shown}: there is no such file{_similar(path)}") from None
    except PermissionError:
        raise ReadError(f"{shown}: no permission to read it; ask its owner, or change its mode") from None
    except OSError as error:
        raise ReadError(f"{shown}: cannot be opened ({_reason(error)})") from None


def _is_annexed(path: str) -> bool:
    """Whether a path is a link into git-annex, whose contents are not there."""
    try:
        return "annex/objects" in Path(path).readlink().as_posix()
    except OSError:
        return False


def _similar(path: str) -> str:
    """A hint at a file whose name differs only in its ending or case."""
    wanted = Path(path)
    try:
        near = [
            entry.name
            for entry in wanted.parent.iterdir()
            if entry.name.casefold() == wanted.name.casefold()
            or entry.stem.casefold() == wanted.name.casefold()
        ]
    except OSError:
        return ""
    return f"; did you mean {printable(sorted(near)[0])}?" if near else ""


def _spooled_input() -> IO[bytes]:
    """Standard input as a file that can be read twice: in memory as long as it is small, else on disk."""
    source = getattr(sys.stdin, "buffer", None)
    if source is None or sys.stdin.isatty():
        raise ReadError("standard input is a terminal: pipe a table into it, or name a file")
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115
    try:
        size, most = 0, available_memory()
        while block := source.read(1 << 20):
            size += len(block)
            if most and size > most:
                raise ReadError(
                    "standard input does not end, or would not fit in memory: save it to a file first"
                )
            spool.write(block)
    except OSError as error:
        spool.close()
        raise ReadError(f"standard input cannot be read or kept ({_reason(error)})") from None
    except ReadError:
        spool.close()
        raise
    spool.seek(0)
    return spool


def _see_through(raw: IO[bytes], path: str) -> Opened:
    shown = shown_path(path)
    size = _size(raw)
    try:
        head = raw.read(4096)
    except OSError as error:
        raise ReadError(f"{shown}: cannot be read ({_reason(error)})") from None
    raw.seek(0)
    if not head:
        raise ReadError(f"{shown} is empty: there is nothing to read")
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    named = _SUFFIXES.get(Path(path).suffix.casefold(), "")
    if found == "zip":
        return _open_zip(raw, shown, size, named == "zip" or path == "-")
    if not found:
        refuse_known_format(head, shown)
        notes = (f"the name ends like a {_NAMES[named]} file, but it is not compressed",) if named else ()
        return Opened(raw, size, raw.tell, "", notes)
    notes = (
        ()
        if named == found or path == "-"
        else (f"the file is compressed with {_NAMES[found]}, though its name does not say so",)
    )
    opened = Opened(_decompressed(raw, found, shown), size, raw.tell, found, notes, (raw,))
    _refuse_packed_again(opened, shown)
    return opened


def _refuse_packed_again(opened: Opened, shown: str) -> None:
    """Raise ReadError where what is in a compressed file is no text but another known format."""
    head = opened.read(4096)
    opened.stream.seek(0)
    inner = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    if inner == "zip":
        raise ReadError(f"{shown} holds a zip archive or an Excel workbook: unpack it first")
    if inner:
        raise ReadError(f"{shown} is compressed twice ({_NAMES[inner]} within): unpack it once first")
    refuse_known_format(head, shown)


def _decompressed(raw: IO[bytes], compression: str, shown: str) -> IO[bytes]:
    if compression == "gz":
        return io.BufferedReader(gzip.GzipFile(fileobj=raw, mode="rb"), 1 << 18)
    if compression == "bz2":
        return bz2.BZ2File(raw)
    if compression == "xz":
        return lzma.LZMAFile(raw)
    for module, name in (
        ("compression.zstd", "ZstdFile"),
        ("backports.zstd", "ZstdFile"),
        ("pyarrow", "input_stream"),
    ):
        try:
            opener = getattr(importlib.import_module(module), name)
        except ImportError:
            continue
        kind: dict[str, Any] = {"compression": "zstd"} if module == "pyarrow" else {"mode": "rb"}
        return io.BufferedReader(_Restartable(raw, partial(opener, **kind)), 1 << 18)
    raise ReadError(
        f"{shown}: Zstandard files need pip install backports.zstd; or unpack it with unzstd first"
    )


class _Restartable(io.RawIOBase):
    """Uncompressed bytes that can be read from the beginning again, whatever the decompressor can do."""

    def __init__(self, raw: IO[bytes], opener: Callable[[IO[bytes]], IO[bytes]]) -> None:
        self._raw, self._opener = raw, opener
        self._place = 0
        self._stream = opener(_kept(raw))

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """To the beginning alone."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as there are bytes; gives how many. Raises zlib.error for damaged data."""
        try:
            data = self._stream.read(len(buffer))
        except EOFError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise zlib.error(str(error)) from None  # each decompressor has an error class of its own
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def tell(self) -> int:
        """How many bytes have been read."""
        return self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to the beginning, or stay. Raises OSError for any other place."""
        if (offset, whence) == (0, io.SEEK_SET):
            self._raw.seek(0)
            self._place = 0
            self._stream = self._opener(_kept(self._raw))
        elif (offset, whence) not in ((0, io.SEEK_CUR), (self._place, io.SEEK_SET)):
            raise io.UnsupportedOperation("only the beginning can be gone back to")
        return self._place


def _kept(raw: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], _Kept(raw))


class _Kept(io.RawIOBase):
    """A file that stays open when the decompressor over it is closed."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as there are bytes; gives how many."""
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _open_zip(raw: IO[bytes], shown: str, size: int, named: bool) -> Opened:
    try:
        archive = zipfile.ZipFile(raw)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise ReadError(f"{shown} is a damaged zip archive ({_reason(error)}): get it again") from None
    members = archive.infolist()
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names or "mimetype" in names:
        kind = "an Excel workbook" if any(name.startswith("xl/") for name in names) else "an office document"
        raise ReadError(f"{shown} is {kind}, not a text table: save its sheet as CSV and open that")
    if not named:
        raise ReadError(f"{shown} is a zip archive under another name: rename it to .zip, or unpack it first")
    files = [member for member in members if not member.is_dir() and not _is_clutter(member.filename)]
    if not files:
        raise ReadError(f"{shown} is a zip archive with no file in it")
    if len(files) > 1:
        listed = ", ".join(printable(member.filename, 40) for member in files[:4])
        more = ", …" if len(files) > 4 else ""
        raise ReadError(f"{shown} holds {len(files)} files ({listed}{more}): unpack it and open one of them")
    if files[0].flag_bits & 1:
        raise ReadError(f"{shown} is protected by a password: unpack it first")
    try:
        stream = archive.open(files[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise ReadError(f"{shown} cannot be unpacked ({_reason(error)})") from None
    opened = Opened(stream, size, raw.tell, "zip", (), (archive, raw))  # type: ignore[arg-type]
    _refuse_packed_again(opened, shown)
    return opened


def _is_clutter(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parts[:1] == ("__MACOSX",) or path.name in (".DS_Store", "Thumbs.db")


def _size(raw: IO[bytes]) -> int:
    raw.seek(0, os.SEEK_END)
    size = raw.tell()
    raw.seek(0)
    return size


def _reason(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return printable(str(text).splitlines()[0] if str(text) else type(error).__name__, 120)


__all__ = ["DAMAGE", "Opened", "ReadCancelledError", "open_bytes"]
