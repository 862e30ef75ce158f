"""Numbers with commas between thousands and no quotes around them, in tables with commas."""

COLOURS = ("red", "blue")
PLACES = range(9)


def _case(name: str, header: str, records: list[str], rows: list, **more: object) -> dict:
    text = "".join(line + "\n" for line in (header, *records))
    return {"name": name, "data": text.encode(), "columns": header.split(","), "rows": rows, **more}


def _price(place: int) -> tuple[str, float]:
    """A price as it is written and what it is: every third is below a thousand, every third above a million."""
    written = (
        (f"{place}.25", place + 0.25),
        (f"{place + 1},5{place}0.5", place * 1010 + 1500.5),
        (f"{place + 1},10{place},250", (place + 1) * 1_000_000 + (100 + place) * 1000 + 250),
    )
    return written[place % 3]


WARNED = {"warnings": ["read with commas between the thousands of “price”"]}
CASES = [
    _case(
        "thousands_in_the_middle.csv",
        "id,price,colour",
        [f"{place},{_price(place)[0]},{COLOURS[place % 2]}" for place in PLACES],
        [[place, _price(place)[1], COLOURS[place % 2]] for place in PLACES],
        lines=list(range(2, 11)),
        **WARNED,
    ),
    _case(
        "thousands_at_the_end.csv",
        "colour,id,price",
        [f"{COLOURS[place % 2]},{place},{_price(place)[0]}" for place in PLACES],
        [[COLOURS[place % 2], place, _price(place)[1]] for place in PLACES],
        **WARNED,
    ),
    _case(
        "thousands_of_money.csv",
        "id,price,colour",
        [f"{place},{'-' * (place % 2)}${_price(place)[0]},red" for place in PLACES],
        [[place, f"{'-' * (place % 2)}${_price(place)[0]}".replace(",", ""), "red"] for place in PLACES],
        kinds={"price": "number"},
    ),
    _case(
        "thousands_in_every_row.csv",
        "id,price,colour",
        [f"{place},{place * 7 % 60 + 1},{place * 11 + 120}.5,red" for place in PLACES],
        [[place, (place * 7 % 60 + 1) * 1000 + place * 11 + 120.5, "red"] for place in PLACES],
        **WARNED,
    ),
    _case(
        "thousands_in_the_first_of_two.csv",
        "price,colour",
        [f"{place * 7 % 60 + 1},{place * 11 + 120},red" for place in PLACES],
        [[(place * 7 % 60 + 1) * 1000 + place * 11 + 120, "red"] for place in PLACES],
        **WARNED,
    ),
    _case(
        "thousands_in_two_columns.csv",
        "id,price,cost,colour",
        [f"{place},{place + 3},{place + 110},{place + 5},{place + 210}.5,red" for place in PLACES],
        [[place, place * 1001 + 3110, place * 1001 + 5210.5, "red"] for place in PLACES],
        warnings=["thousands of “price” and “cost”"],
    ),
    {
        "name": "row_names_that_count.csv",
        "data": b"size,n,colour\n"
        + b"".join(b"%d,%d,%d,red\n" % (k + 1, k % 4 + 10, k + 110) for k in PLACES),
        "columns": ["column_1", "size", "n", "colour"],
        "rows": [[k + 1, k % 4 + 10, k + 110, "red"] for k in PLACES],
        "warnings": ["first cell of each row is taken as its name.*the numbers of n have commas"],
    },
    {
        "name": "row_names_that_are_words.csv",
        "data": b"size,n,colour\n"
        + b"".join(b"car %d,%d,%d,red\n" % (k + 1, k % 4 + 10, k + 110) for k in PLACES),
        "columns": ["column_1", "size", "n", "colour"],
        "rows": [[f"car {k + 1}", k % 4 + 10, k + 110, "red"] for k in PLACES],
        "warnings": ["first cell of each row is taken as its name"],
    },
    {
        "name": "thousands_that_cannot_be_told.csv",
        "data": b"a,b,colour\n"
        + b"".join(b"%d,%d,red\n" % (k + 100, k + 200) for k in PLACES)
        + b"1,234,567,red\n",
        "columns": ["a", "b", "colour"],
        "rows": [[k + 100, k + 200, "red"] for k in PLACES],
        "dropped": [[11, "4 cells where 3 are expected: likely a number with a comma between its thousands"]],
    },
    {
        "name": "one_cell_too_many_beside_thousands.csv",
        "data": b"id,price,colour\n1,12,500,red\n2,3,750,blue\n3,950,red\n" * 4 + b"4,9,8,red\n",
        "columns": ["id", "price", "colour"],
        "rows": None,
        "row_count": 12,
        "sample": [[0, [1, 12500, "red"]], [2, [3, 950, "red"]]],
        "dropped": [[5, "header"], [9, "header"], [13, "header"], [17, "4 cells where 3 are expected$"]],
    },
    {
        "name": "four_digits_without_a_comma.csv",
        "data": b"id,price,colour\n1,2500,red\n2,3750,blue\n3,9500,red\n4,9,800,red\n",
        "columns": ["id", "price", "colour"],
        "rows": [[1, 2500, "red"], [2, 3750, "blue"], [3, 9500, "red"]],
        "dropped": [[5, "likely a number with a comma"]],
    },
]
