"""What stands behind the last row: records without a value, NUL bytes; and tables in which nothing has a value."""

import gzip

ROWS = [[1, 0.5, "red"], [2, 7.25, "blue"], [3, 12.5, "red"], [4, 3.75, "blue"]]
NAMES = ["id", "size", "colour"]
ALL_BLANK = "a header and 20 rows, but every cell in them is blank$"


def _table(delimiter: str = ",", end: str = "\n") -> bytes:
    return "".join(delimiter.join(map(str, row)) + end for row in [NAMES, *ROWS]).encode()


def _case(name: str, data: bytes, **more: object) -> dict:
    return {"name": name, "data": data, "columns": NAMES, "rows": ROWS, **more}


CASES = [
    *(
        _case(
            f"blank_end_{ord(delimiter):02x}{'_crlf' * (end != chr(10))}.csv",
            _table(delimiter, end) + (2 * delimiter + end).encode() * 200,
            dialect={"footer": 0},
            warnings=["^200 rows without any value at the end left out \\(lines 6 to 205\\)\\.$"],
        )
        for delimiter in ",;\t|"
        for end in ("\n", "\r\n")
    ),
    _case("blank_end_of_spaces.csv", _table() + b" , , \n" * 30, warnings=["^30 rows .*lines 6 to 35"]),
    _case("blank_end_of_quotes.csv", _table() + b'"","",""\n' * 3 + b'" ",,\n', warnings=["^4 rows"]),
    _case("blank_end_with_blank_lines.csv", _table() + b",,\n\n\n,,\n", warnings=["^2 rows .*lines 6 to 9"]),
    _case("blank_end_of_other_widths.csv", _table() + b",,,,,\n,\n", warnings=["^2 rows"]),
    _case("blank_end_without_a_line_end.csv", _table() + b",,\n,,", warnings=["^2 rows"]),
    _case("blank_end_and_end_of_file.csv", _table() + b",,\r\n,,\r\n\x1a", warnings=["^2 rows"]),
    _case("one_blank_record.csv", _table() + b",,\n", warnings=["^1 row without any value .*\\(line 6\\)"]),
    _case(
        "blank_end_gzipped.csv.gz", gzip.compress(_table() + b",,\n" * 200, mtime=0), warnings=["^200 rows"]
    ),
    _case(
        "blank_end_below_a_total.csv",
        _table() + b"Total,23,\n" + b",,\n" * 20,
        dropped=[[6, "total"]],
        dialect={"footer": 1},
        warnings=["^20 rows .*lines 7 to 26"],
    ),
    {
        "name": "last_row_nearly_blank.csv",
        "data": _table() + b"5,,\n",
        "columns": NAMES,
        "rows": [*ROWS, [5, None, None]],
        "no_warnings": True,
    },
    {
        "name": "blank_records_in_between.csv",
        "data": b"a,b\n1,2\n,\n3,4\n,\n",
        "columns": ["a", "b"],
        "rows": [[1, 2], [None, None], [3, 4]],
        "warnings": ["^1 row without"],
    },
    {
        "name": "blank_records_below_a_quote_never_closed.csv",
        "data": b'a,b\n1,x\n2,"y\n,\n,\n',
        "columns": ["a", "b"],
        "rows": [[1, "x"], [2, '"y'], [None, None], [None, None]],
    },
    {
        "name": "blank_records_inside_a_quoted_cell.csv",
        "data": b'a,b\n1,x\n2,"y\n,\n,\n"\n,\n',
        "columns": ["a", "b"],
        "rows": [[1, "x"], [2, "y\n,\n,\n"]],
        "warnings": ["^1 row without .*line 7"],
    },
    *(
        {"name": name, "data": data, "refused": refused}
        for name, data, refused in (
            (
                "all_blank.csv",
                b"id,size,colour\n" + b",,\n" * 20,
                ALL_BLANK,
            ),
            (
                "all_blank_spaces.csv",
                b"id;size\n" + b" ; \n" * 20,
                ALL_BLANK,
            ),
            ("one_blank_row.csv", b"id,size\n,\n", "a header and 1 row, but every cell in them is blank$"),
            (
                "all_missing.csv",
                b"id,size\n" + b"NA,?\n" * 20,
                "20 rows, but every cell in them is blank or missing$",
            ),
            ("blank_without_a_header.csv", b",,\n" * 20, "every cell in them is blank$"),
        )
    ),
    *(
        _case(
            f"padded_with_{size}_nuls.csv",
            _table() + bytes(size),
            warnings=[f"^{size:,} NUL bytes? at the end"],
        )
        for size in (1, 512, 4096, 1 << 20)
    ),
    _case("padded_without_a_line_end.csv", _table()[:-1] + bytes(4096), warnings=["^4,096 NUL bytes"]),
    _case(
        "padded_below_blank_records.csv",
        _table() + b",,\n" * 9 + bytes(4096),
        warnings=["^4,096 NUL", "^9 rows"],
    ),
    _case(
        "padded.csv.gz", gzip.compress(_table() + bytes(1 << 20), mtime=0), warnings=["^1,048,576 NUL bytes"]
    ),
    _case(
        "padded_utf16.csv", _table().decode().encode("utf-16") + bytes(4096), warnings=["^2,048 NUL bytes"]
    ),
    _case("utf16_is_not_padded.csv", _table().decode().encode("utf-16-le"), no_warnings=True),
    {
        "name": "binary_padded.csv",
        "data": b"\x01\x02\x03\x00\x04abc\n" * 100 + bytes(4096),
        "refused": "binary",
    },
    {
        "name": "text_before_binary.csv",
        "data": b"head of a file\n" * 40 + bytes(400_000) + bytes(range(256)) * 40,
        "refused": "binary",
    },
]
