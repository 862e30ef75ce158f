"""Line feeds and carriage returns, alone and together, in one file."""

ENDS = ("\n", "\r\n", "\r")
SIZES = [[place, place / 4 + 0.1, ("red", "dark blue")[place % 2]] for place in range(12)]
NAMES = ["id", "size", "colour"]


def _file(ends: list[str], quote: str = "") -> bytes:
    lines = [",".join(NAMES), *(f"{a},{b},{quote}{c}{quote}" for a, b, c in SIZES)]
    return "".join(line + end for line, end in zip(lines, ends, strict=True)).encode()


def _case(name: str, data: bytes, rows: list = SIZES, **more: object) -> dict:
    return {"name": name, "data": data, "columns": NAMES, "rows": rows, **more}


WARNED = {"warnings": ["line feed and some with a lone carriage return"]}
CASES = [
    *(
        _case(
            f"ends_in_turn_{first}{'_quoted' * bool(quote)}.csv",
            _file([ENDS[(place + first) % 3] for place in range(13)], quote),
            lines=list(range(2, 14)),
            **WARNED,
        )
        for first in range(3)
        for quote in ("", '"')
    ),
    *(
        _case(
            f"ends_in_blocks_{'_'.join(map(str, order))}.csv",
            _file([ENDS[order[place // 5]] for place in range(13)]),
            lines=list(range(2, 14)),
            **WARNED,
        )
        for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
    ),
    _case(
        "ends_in_turn_with_lines_in_cells.csv",
        b'id,size,colour\r1,0.5,"a\rb"\n2,7.25,"c\nd"\r3,12.5,"e\r\nf"\r\n4,3.75,g\n',
        [[1, 0.5, "a\rb"], [2, 7.25, "c\nd"], [3, 12.5, "e\r\nf"], [4, 3.75, "g"]],
        **WARNED,
    ),
    _case(
        "carriage_return_in_a_cell_without_quotes.csv",
        b"id,size,colour\n1,0.5,a\rb\n2,7.25,c\n3,12.5,d\n",
        [[1, 0.5, "a\rb"], [2, 7.25, "c"], [3, 12.5, "d"]],
        lines=[2, 3, 4],
    ),
    _case(
        "other_line_ends_of_unicode.csv",
        "id,size,colour\n1,0.5,a\u2028b\n2,7.25,c\u0085d\n3,12.5,e\u2029f\n".encode(),
        [[1, 0.5, "a\u2028b"], [2, 7.25, "c\u0085d"], [3, 12.5, "e\u2029f"]],
        lines=[2, 3, 4],
    ),
    {
        "name": "carriage_return_before_a_stray_quote.csv",
        "data": b'a,b\n1,x\n2,y\r"\n3,z\n',
        "columns": ["a", "b"],
        "rows": [[1, "x"], [2, 'y\r"'], [3, "z"]],
        "lines": [2, 3, 4],
    },
    {
        "name": "one_column_with_two_ends.csv",
        "data": b"size\n0.5\r7.25\n12.5\r3.75\n",
        "columns": ["size"],
        "rows": [[0.5], [7.25], [12.5], [3.75]],
    },
]
