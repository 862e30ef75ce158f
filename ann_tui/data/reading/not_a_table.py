"""Files that are no text table, known by how they begin."""

import re

from ann_tui.data.reading.read_error import ReadError

_CSV = "save or export it as CSV and open that"
_FORMATS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office document", _CSV),
    (b"%PDF", "a PDF document", "a table in it has to be exported as CSV first"),
    (b"\x89PNG", "a PNG image", "name a CSV file"),
    (b"GIF8", "a GIF image", "name a CSV file"),
    (b"\xff\xd8\xff", "a JPEG image", "name a CSV file"),
    (b"SQLite format 3\x00", "an SQLite database", "export a table of it as CSV"),
    (b"\x93NUMPY", "a NumPy array", "save it with numpy.savetxt as CSV"),
    (b"\x89HDF", "an HDF5 file", "export it as CSV or Parquet"),
    (b"ARROW1", "an Arrow or Feather file", "save it as Parquet or CSV"),
    (b"Obj\x01", "an Avro file", "save it as Parquet or CSV"),
    (b"\x7fELF", "a program", "name a CSV file"),
    (b"MZ\x90", "a program", "name a CSV file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"{\\rtf", "an RTF document", _CSV),
    (b"RIFF", "a sound, image or video file", "name a CSV file"),
    (b"@relation", "an ARFF file", "save it as CSV"),
    (b"@RELATION", "an ARFF file", "save it as CSV"),
    (b"OggS", "a sound file", "name a CSV file"),
    (b"ID3", "a sound file", "name a CSV file"),
    (b"\x80\x04\x95", "a Python pickle", "save the table as CSV or Parquet"),
    (b"\x80\x03", "a Python pickle", "save the table as CSV or Parquet"),
    (b"ustar", "a tar archive", "unpack it first"),
)
_LFS = re.compile(rb"version https://[^\n]*/spec/v\d+\r?\n(?:[^\n]+\n)*oid [a-z0-9]+:[0-9a-f]+\r?\n")
_ANNEX = re.compile(rb"(?:[./\\]*\.git)?[/\\]annex[/\\]objects[/\\]\S+\s*")
_HTML = re.compile(
    rb"(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|div|p|h[1-6]|script|style|meta|title|span|center)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"<\?xml|<svg[\s>]", re.IGNORECASE)
_JSON = re.compile(
    rb"(?:\{\s*\"[^\"\n]*\"\s*:|\[\s*(?:\{\s*(?:\"[^\"\n]*\"\s*:|\})|\[|\"|-?\d[\d.eE+-]*\s*[,\]]))"
)
_CONTROL = (
    bytes(code for code in range(32) if code not in (9, 10, 12, 13, 26, 27, 28, 29, 30, 31, 1, 2)) + b"\x7f"
)


def refuse_known_format(head: bytes, shown: str) -> None:
    """Raise ReadError when the first bytes of a file (some 4,000) are those of a known other format."""
    if head[257:262] == b"ustar":
        head = b"ustar"
    for magic, name, advice in _FORMATS:
        if head.startswith(magic):
            raise ReadError(f"{shown} is {name}, not a table of text: {advice}")
    if _LFS.match(head):
        raise ReadError(
            f"{shown} is a pointer of Git LFS, not the file itself: fetch that with git lfs pull, then open it"
        )
    if _ANNEX.fullmatch(head):
        raise ReadError(
            f"{shown} is a pointer of git-annex, not the file itself: fetch that with git annex get, then open it"
        )
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = text[2:].replace(b"\0", b"").lstrip()
    if _HTML.match(text):
        raise ReadError(f"{shown} is a web page (HTML), not a table of text: download the data file itself")
    if _XML.match(text):
        raise ReadError(f"{shown} is XML, not a table of text: export it as CSV")
    if _JSON.match(text):
        raise ReadError(f"{shown} is JSON, not a table of text: convert it to CSV, one record a line")


def refuse_binary(head: bytes, shown: str) -> None:
    """Raise ReadError when bytes that are to be 8-bit text (not UTF-16) hold too many control characters."""
    control = len(head) - len(head.translate(None, _CONTROL))
    nul = head.count(b"\0")
    if nul > 0.1 * len(head) or (control - nul) > max(2, 0.02 * len(head)):
        raise ReadError(f"{shown} is a binary file, not a table of text: name a CSV, TSV or Parquet file")
