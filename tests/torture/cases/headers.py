"""Headers that are not written as the rows are: another delimiter, more names than cells, several lines."""

SIZES = [[1, 0.5, "red"], [2, 7.25, "blue"], [3, 12.5, "red"], [4, 3.75, "blue"]]
NAMES = ["id", "size", "colour"]


def _rows(delimiter: str, end: str = "\n", rows: list = SIZES) -> bytes:
    return "".join(delimiter.join(map(str, row)) + end for row in rows).encode()


WITH_TWO_MORE = [[*row, None, None] for row in SIZES]
WORDS = [["Ann", "Rome", "cook"], ["Bob", "Oslo", "smith"], ["Cy", "Rome", "smith"], ["Di", "Oslo", "cook"]]

CASES = [
    *(
        {
            "name": f"header_with_{ord(above):02x}_rows_with_{ord(below):02x}.csv",
            "data": above.join(NAMES).encode() + b"\n" + _rows(below),
            "columns": NAMES,
            "rows": SIZES,
            "dialect": {"delimiter": below, "header": True, "skip": 0},
            "lines": [2, 3, 4, 5],
            "warnings": ["^The header is written with .+ where the rows have .+\\.$"],
        }
        for above in ",;\t|"
        for below in ",;\t| "
        if above != below and above + below != "\t "
    ),
    {
        "name": "quoted_header_in_another_delimiter.csv",
        "data": b'"id","size","the, colour"\r\n' + _rows(";", "\r\n"),
        "columns": ["id", "size", "the, colour"],
        "rows": SIZES,
        "dialect": {"delimiter": ";"},
        "warnings": ["written with , where the rows have ;"],
    },
    {
        "name": "header_in_another_delimiter_below_a_title.csv",
        "data": b"A report on things\n\nid,size,colour\n" + _rows(";"),
        "columns": NAMES,
        "rows": SIZES,
        "dialect": {"delimiter": ";", "skip": 2},
        "warnings": ["written with , where", "2 lines above the header"],
    },
    {
        "name": "header_in_another_delimiter_over_decimal_commas.csv",
        "data": b"id,size,colour\n" + _rows(";").replace(b".", b","),
        "columns": NAMES,
        "rows": SIZES,
        "dialect": {"delimiter": ";", "decimal": ","},
    },
    {
        "name": "header_in_another_delimiter_over_words.csv",
        "data": b"name,city,job\n" + _rows(";", rows=WORDS),
        "columns": ["name", "city", "job"],
        "rows": WORDS,
        "warnings": ["written with , where the rows have ;"],
    },
    {
        "name": "header_in_another_delimiter_over_row_names.csv",
        "data": b"size,colour\n" + _rows(";", rows=[[f"n{row[0]}", *row[1:]] for row in SIZES]),
        "columns": ["column_1", "size", "colour"],
        "rows": [[f"n{row[0]}", *row[1:]] for row in SIZES],
    },
    {
        "name": "header_in_another_delimiter_over_units.csv",
        "data": b"id,size,colour\n-;cm;-\n" + _rows(";"),
        "columns": NAMES,
        "rows": SIZES,
        "dropped": [[2, "second line of headers"]],
    },
    {
        "name": "title_with_commas_over_semicolons.csv",
        "data": b"A report, of things, made\nid;size;colour\n" + _rows(";"),
        "columns": NAMES,
        "rows": SIZES,
        "dialect": {"skip": 1},
    },
    {
        "name": "words_with_commas_over_semicolons.csv",
        "data": b"spring,summer,autumn\nid;size;colour\n" + _rows(";"),
        "columns": NAMES,
        "rows": SIZES,
        "dialect": {"skip": 1},
    },
    {
        "name": "words_with_commas_far_above_words.csv",
        "data": b"spring,summer,autumn\n\nname;city;job\n" + _rows(";", rows=WORDS),
        "columns": ["name", "city", "job"],
        "rows": WORDS,
        "dialect": {"skip": 2},
    },
    {
        "name": "header_once_more_in_another_delimiter.csv",
        "data": b"id,size,colour\n"
        + _rows(";", rows=SIZES[:2])
        + b"id,size,colour\n"
        + _rows(";", rows=SIZES[2:]),
        "columns": NAMES,
        "rows": SIZES,
        "dropped": [[4, "the header once more"]],
    },
    *(
        {
            "name": f"names_without_cells_{ord(delimiter):02x}.csv",
            "data": delimiter.join([*NAMES, "note", "extra"]).encode() + end.encode() + _rows(delimiter, end),
            "columns": [*NAMES, "note", "extra"],
            "rows": WITH_TWO_MORE,
            "warnings": ["^The rows have 3 cells, fewer .* 5 names .* 2 columns are empty \\(note, extra\\)"],
        }
        for delimiter, end in ((",", "\n"), (";", "\r\n"), ("\t", "\n"))
    ),
    {
        "name": "ten_names_without_cells.csv",
        "data": b"Title\nid,size,colour,"
        + b",".join(b"n%d" % place for place in range(10))
        + b"\n"
        + _rows(","),
        "columns": [*NAMES, *[f"n{place}" for place in range(10)]],
        "rows": [[*row, *[None] * 10] for row in SIZES],
        "warnings": ["10 columns are empty \\(n0, n1, n2, n3, n4 and 5 more\\)"],
    },
    {
        "name": "names_without_cells_over_words.csv",
        "data": b"name,city,job,note,extra\n" + _rows(",", rows=WORDS),
        "columns": ["name", "city", "job", "note", "extra"],
        "rows": [[*row, None, None] for row in WORDS],
    },
    {
        "name": "names_without_cells_over_two_columns.csv",
        "data": b"id,size,note\n" + _rows(",", rows=[row[:2] for row in SIZES]),
        "columns": ["id", "size", "note"],
        "rows": [[*row[:2], None] for row in SIZES],
        "warnings": ["1 column is empty \\(note\\)"],
    },
    {
        "name": "names_without_cells_quoted.csv",
        "data": b'id,size,colour,note,extra\n1,0.5,"a, b"\n2,7.25,"c ""d"""\n3,12.5,"e\nf"\n4,3.75,g\n',
        "columns": [*NAMES, "note", "extra"],
        "rows": [
            [*row[:2], word, None, None]
            for row, word in zip(SIZES, ("a, b", 'c "d"', "e\nf", "g"), strict=True)
        ],
        "lines": [2, 3, 4, 6],
    },
    {
        "name": "few_rows_fill_all_names.csv",
        "data": b"id,size,colour,note,extra\n" + _rows(",") * 260 + b"5,1.5,red,x,y\n6,2.5,blue,z\n",
        "columns": [*NAMES, "note", "extra"],
        "rows": None,
        "row_count": 1042,
        "sample": [
            [0, WITH_TWO_MORE[0]],
            [1040, [5, 1.5, "red", "x", "y"]],
            [1041, [6, 2.5, "blue", "z", None]],
        ],
    },
    {
        "name": "three_lines_of_headers.csv",
        "data": b"id,size,colour\nnumber,diameter,paint\n-,cm,-\n" + _rows(","),
        "columns": NAMES,
        "rows": SIZES,
        "dropped": [[2, "second line of headers"], [3, "second line of headers"]],
        "lines": [4, 5, 6, 7],
    },
    {
        "name": "groups_above_the_names.csv",
        "data": b"group A,group A,group B\nid,size,weight\n-,cm,kg\n1,0.5,2\n2,7.25,4\n3,12.5,6\n4,3.75,8\n",
        "columns": ["id", "size", "weight"],
        "rows": [[1, 0.5, 2], [2, 7.25, 4], [3, 12.5, 6], [4, 3.75, 8]],
        "dialect": {"skip": 1},
        "dropped": [[3, "second line of headers"]],
        "warnings": ["1 line above the header"],
    },
    {
        "name": "two_lines_of_groups_above_the_names.csv",
        "data": b"X,,,Y\nA,A,B,\nid,size,weight,colour\n(n),(cm),[kg],\n"
        + _rows(",", rows=[[*row[:2], row[0] * 2, row[2]] for row in SIZES]),
        "columns": ["id", "size", "weight", "colour"],
        "rows": [[*row[:2], row[0] * 2, row[2]] for row in SIZES],
        "dialect": {"skip": 2},
        "dropped": [[4, "second line of headers"]],
    },
    {
        "name": "description_above_dates.csv",
        "data": b"id,day,colour\nnumber,day of entry,paint\n1,2020-01-02,red\n2,2020-01-03,blue\n3,2020-02-01,red\n",
        "columns": ["id", "day", "colour"],
        "rows": [[1, "2020-01-02", "red"], [2, "2020-01-03", "blue"], [3, "2020-02-01", "red"]],
        "dropped": [[2, "second line of headers"]],
    },
    {
        "name": "unit_in_brackets_above_one_column.csv",
        "data": b"colour,size\n,(cm)\nred,0.5\nblue,7.25\nred,12.5\n",
        "columns": ["colour", "size"],
        "rows": [["red", 0.5], ["blue", 7.25], ["red", 12.5]],
        "dropped": [[2, "second line of headers"]],
    },
    {
        "name": "kinds_in_brackets_above_words.csv",
        "data": b"name,city\n(text),[town]\nAnn,Rome\nBob,Oslo\nCy,Rome\n",
        "columns": ["name", "city"],
        "rows": [["Ann", "Rome"], ["Bob", "Oslo"], ["Cy", "Rome"]],
        "dropped": [[2, "second line of headers"]],
    },
    {
        "name": "all_words_in_brackets.csv",
        "data": b"name,city\n(Ann),(Rome)\n(Bob),(Oslo)\n(Cy),(Rome)\n(Di),(Oslo)\n",
        "columns": ["name", "city"],
        "rows": [["(Ann)", "(Rome)"], ["(Bob)", "(Oslo)"], ["(Cy)", "(Rome)"], ["(Di)", "(Oslo)"]],
    },
    {
        "name": "first_row_without_a_number.csv",
        "data": b"name,size\nAnn,not measured\nBob,7.25\nCy,12.5\nDi,3.75\n",
        "columns": ["name", "size"],
        "rows": [["Ann", "not measured"], ["Bob", "7.25"], ["Cy", "12.5"], ["Di", "3.75"]],
    },
    {
        "name": "first_row_with_one_number_of_two.csv",
        "data": b"name,size,n\nAnn,broken,3\nBob,7.25,4\nCy,12.5,5\nDi,3.75,6\n",
        "columns": ["name", "size", "n"],
        "rows": [["Ann", "broken", 3], ["Bob", "7.25", 4], ["Cy", "12.5", 5], ["Di", "3.75", 6]],
    },
    {
        "name": "first_row_of_words_below_repeated_names.csv",
        "data": b"x,x,y\nred,a,1\nblue,b,2\nred,c,3\nblue,d,4\n",
        "columns": ["x", "x_2", "y"],
        "rows": [["red", "a", 1], ["blue", "b", 2], ["red", "c", 3], ["blue", "d", 4]],
    },
]
