"""Tables that are in order, in many dialects."""

ABC = {"columns": ["a", "b", "c"], "rows": [[1, 2, 3], [4, 5, 6]]}
PEOPLE = {
    "columns": ["name", "age", "city"],
    "rows": [["Ann", 31, "Rome"], ["Bob", 45, "Oslo"], ["Cy", 27, "Bern"]],
}
PRICES = {
    "columns": ["item", "price", "weight"],
    "rows": [["tea", 1.5, 0.25], ["rice", 12.75, 10.5], ["salt", 3.0, 7.25]],
}

CASES = [
    dict(name="simple.csv", data=b"a,b,c\n1,2,3\n4,5,6\n", dialect={"delimiter": ",", "header": True}, **ABC),
    dict(name="simple_crlf.csv", data=b"a,b,c\r\n1,2,3\r\n4,5,6\r\n", lines=[2, 3], **ABC),
    dict(name="simple_cr.csv", data=b"a,b,c\r1,2,3\r4,5,6\r", lines=[2, 3], **ABC),
    dict(name="no_final_newline.csv", data=b"a,b,c\n1,2,3\n4,5,6", **ABC),
    {"name": "one_row.csv", "data": b"a,b,c\n1,2,3\n", "columns": ["a", "b", "c"], "rows": [[1, 2, 3]]},
    {
        "name": "one_column.csv",
        "data": b"height\n1.82\n1.75\n1.61\n",
        "columns": ["height"],
        "rows": [[1.82], [1.75], [1.61]],
    },
    {
        "name": "one_column_of_words.csv",
        "data": b"colour\nred\ndeep blue\nred\n",
        "columns": ["colour"],
        "rows": [["red"], ["deep blue"], ["red"]],
    },
    dict(
        name="semicolon.csv",
        data=b"name;age;city\nAnn;31;Rome\nBob;45;Oslo\nCy;27;Bern\n",
        dialect={"delimiter": ";"},
        **PEOPLE,
    ),
    dict(
        name="tab.tsv",
        data=b"name\tage\tcity\nAnn\t31\tRome\nBob\t45\tOslo\nCy\t27\tBern\n",
        dialect={"delimiter": "\t"},
        **PEOPLE,
    ),
    dict(
        name="tab_under_csv.csv",
        data=b"name\tage\tcity\nAnn\t31\tRome\nBob\t45\tOslo\nCy\t27\tBern\n",
        dialect={"delimiter": "\t"},
        **PEOPLE,
    ),
    dict(
        name="pipe.txt",
        data=b"name|age|city\nAnn|31|Rome\nBob|45|Oslo\nCy|27|Bern\n",
        dialect={"delimiter": "|"},
        **PEOPLE,
    ),
    dict(
        name="space.txt",
        data=b"name age city\nAnn 31 Rome\nBob 45 Oslo\nCy 27 Bern\n",
        dialect={"delimiter": " "},
        **PEOPLE,
    ),
    dict(
        name="caret.txt",
        data=b"name^age^city\nAnn^31^Rome\nBob^45^Oslo\nCy^27^Bern\n",
        dialect={"delimiter": "^"},
        **PEOPLE,
    ),
    dict(
        name="unit_separator.txt",
        data=b"name\x1fage\x1fcity\nAnn\x1f31\x1fRome\nBob\x1f45\x1fOslo\nCy\x1f27\x1fBern\n",
        **PEOPLE,
    ),
    dict(
        name="double_colon.dat",
        data=b"name::age::city\nAnn::31::Rome\nBob::45::Oslo\nCy::27::Bern\n",
        dialect={"delimiter": "::"},
        **PEOPLE,
    ),
    {
        "name": "aligned.txt",
        "data": b"name  age   city\nAnn    31   Rome\nBob    45   Oslo\nCy      7   Bern\n",
        "columns": ["name", "age", "city"],
        "rows": [["Ann", 31, "Rome"], ["Bob", 45, "Oslo"], ["Cy", 7, "Bern"]],
        "dialect": {"delimiter": " ", "collapse": True},
    },
    {
        "name": "right_aligned.txt",
        "data": b"   x    y\n 1.5  2.5\n10.5  0.5\n  3.0 12.5\n",
        "columns": ["x", "y"],
        "rows": [[1.5, 2.5], [10.5, 0.5], [3.0, 12.5]],
    },
    {
        "name": "space_quoted.txt",
        "data": b'18.0 8 "chevrolet chevelle"\n15.0 8 "buick skylark"\n22.5 4 "vw rabbit"\n',
        "columns": ["column_1", "column_2", "column_3"],
        "rows": [[18.0, 8, "chevrolet chevelle"], [15.0, 8, "buick skylark"], [22.5, 4, "vw rabbit"]],
        "dialect": {"header": False},
    },
    *(
        {
            "name": f"spaces_{place}.txt",
            "data": data,
            "columns": ["x", "when", "y"],
            "rows": [[1, "a b", 0.5], [2, "c  d", 7.25], [3, "e", 12.5]],
            "dialect": {"delimiter": " "},
        }
        for place, data in enumerate(
            (
                b'x when y\n1 "a b" 0.5\n2 "c  d" 7.25\n3 e 12.5\n',
                b'x  when  y\n1  "a b"  0.5\n2  "c  d"  7.25\n3  e  12.5\n',
                b'  x   when    y\n  1  "a b"  0.5\n  2 "c  d" 7.25\n  3      e 12.5\n',
            )
        )
    ),
    {
        "name": "spaces_between_day_and_time.txt",
        "data": b"day time size\n2024-01-02 10:30 0.5\n2024-01-03 11:45 7.25\n2024-02-01 09:00 12.5\n",
        "columns": ["day", "time", "size"],
        "rows": [["2024-01-02", "10:30", 0.5], ["2024-01-03", "11:45", 7.25], ["2024-02-01", "09:00", 12.5]],
        "dialect": {"delimiter": " "},
    },
    {
        "name": "comma_space.csv",
        "data": b"age, work, sex\n39, State-gov, Male\n50, Private, Male\n28, Private, Female\n",
        "columns": ["age", "work", "sex"],
        "rows": [[39, "State-gov", "Male"], [50, "Private", "Male"], [28, "Private", "Female"]],
    },
    {
        "name": "comma_space_quote.csv",
        "data": b'name, age, note\n"Ann", 31, "tall, thin"\n"Bob", 45, "none of it"\n',
        "columns": ["name", "age", "note"],
        "rows": [["Ann", 31, "tall, thin"], ["Bob", 45, "none of it"]],
    },
    dict(name="quoted_all.csv", data=b'"a","b","c"\n"1","2","3"\n"4","5","6"\n', **ABC),
    {
        "name": "comma_in_quotes.csv",
        "data": b'first,last,address\nJohn,Doe,"120 Any St., Anytown, WW"\nJane,Roe,"1 Elm, Ash"\n',
        "columns": ["first", "last", "address"],
        "rows": [["John", "Doe", "120 Any St., Anytown, WW"], ["Jane", "Roe", "1 Elm, Ash"]],
    },
    {
        "name": "escaped_quotes.csv",
        "data": b'a,b\n1,"ha ""ha"" ha"\n3,"""quoted"""\n',
        "columns": ["a", "b"],
        "rows": [[1, 'ha "ha" ha'], [3, '"quoted"']],
    },
    {
        "name": "backslash_quotes.csv",
        "data": b'a,b\n1,"ha \\"ha\\" ha"\n3,"so, \\"so\\""\n4,plain\n',
        "columns": ["a", "b"],
        "rows": [[1, 'ha "ha" ha'], [3, 'so, "so"'], [4, "plain"]],
        "dialect": {"escape": "\\"},
    },
    {
        "name": "single_quotes.csv",
        "data": b"name,remark\n'Ann','tall, thin'\n'Bob','short'\n'Cy','old, wise'\n",
        "columns": ["name", "remark"],
        "rows": [["Ann", "tall, thin"], ["Bob", "short"], ["Cy", "old, wise"]],
        "dialect": {"quote": "'"},
    },
    {
        "name": "apostrophes_are_text.csv",
        "data": b"name,remark\nO'Brien,it's\n'tis,rock'n'roll\nAnn,ok\n",
        "columns": ["name", "remark"],
        "rows": [["O'Brien", "it's"], ["'tis", "rock'n'roll"], ["Ann", "ok"]],
    },
    {
        "name": "json_cells.csv",
        "data": b'key,val\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n2,"{}"\n',
        "columns": ["key", "val"],
        "rows": [[1, '{"type": "Point", "at": [102.0, 0.5]}'], [2, "{}"]],
    },
    {
        "name": "newlines.csv",
        "data": b'a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n',
        "columns": ["a", "b", "c"],
        "rows": [["1", 2, 3], ["Once upon \na time", 5, 6], ["7", 8, 9]],
        "lines": [2, 3, 5],
    },
    {
        "name": "newlines_crlf.csv",
        "data": b'a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n7,8,9\r\n',
        "columns": ["a", "b", "c"],
        "rows": [["1", 2, 3], ["Once upon \r\na time", 5, 6], ["7", 8, 9]],
        "lines": [2, 3, 5],
    },
    {
        "name": "quotes_and_newlines.csv",
        "data": b'a,b\n1,"ha \n""ha"" \nha"\n3,x\n',
        "columns": ["a", "b"],
        "rows": [[1, 'ha \n"ha" \nha'], [3, "x"]],
        "lines": [2, 5],
    },
    {
        "name": "newline_in_header.csv",
        "data": b'id,"body\nmass",sex\n1,3750,male\n2,3800,female\n',
        "columns": ["id", "body\nmass", "sex"],
        "rows": [[1, 3750, "male"], [2, 3800, "female"]],
        "lines": [3, 4],
    },
    {
        "name": "empty_cells.csv",
        "data": b'a,b,c\n1,"",\n2,3,4\n,,5\n',
        "columns": ["a", "b", "c"],
        "rows": [[1, None, None], [2, 3, 4], [None, None, 5]],
    },
    dict(
        name="sep_line.csv",
        data=b"sep=;\nitem;price;weight\ntea;1,5;0,25\nrice;12,75;10,5\nsalt;3,0;7,25\n",
        dialect={"delimiter": ";", "decimal": ","},
        **PRICES,
    ),
    {
        "name": "no_header_numbers.csv",
        "data": b"5.1,3.5,setosa\n4.9,3.0,setosa\n6.3,3.3,virginica\n5.8,2.7,virginica\n",
        "columns": ["column_1", "column_2", "column_3"],
        "rows": [
            [5.1, 3.5, "setosa"],
            [4.9, 3.0, "setosa"],
            [6.3, 3.3, "virginica"],
            [5.8, 2.7, "virginica"],
        ],
        "dialect": {"header": False},
        "lines": [1, 2, 3, 4],
    },
    {
        "name": "no_header_words.csv",
        "data": b"x,s,n,t\nx,s,y,t\nb,s,w,t\nx,y,w,t\nx,s,g,f\nb,y,n,t\n",
        "columns": ["column_1", "column_2", "column_3", "column_4"],
        "rows": [
            ["x", "s", "n", "t"],
            ["x", "s", "y", "t"],
            ["b", "s", "w", "t"],
            ["x", "y", "w", "t"],
            ["x", "s", "g", "f"],
            ["b", "y", "n", "t"],
        ],
        "dialect": {"header": False},
    },
    {
        "name": "years_in_header.csv",
        "data": b"country,2019,2020,2021\nChile,1.5,2.5,3.5\nPeru,2.0,2.1,2.2\nCuba,3.25,0.5,1.5\n",
        "columns": ["country", "2019", "2020", "2021"],
        "rows": [["Chile", 1.5, 2.5, 3.5], ["Peru", 2.0, 2.1, 2.2], ["Cuba", 3.25, 0.5, 1.5]],
        "dialect": {"header": True},
    },
    {
        "name": "words_with_header.csv",
        "data": b"cap-shape,odor,class\nconvex,almond,edible\nbell,almond,edible\nconvex,foul,poisonous\nbell,foul,poisonous\n",  # noqa: E501
        "columns": ["cap-shape", "odor", "class"],
        "rows": [
            ["convex", "almond", "edible"],
            ["bell", "almond", "edible"],
            ["convex", "foul", "poisonous"],
            ["bell", "foul", "poisonous"],
        ],
        "dialect": {"header": True},
    },
    {
        "name": "dates_and_times.csv",
        "data": b"when,at,value\n2020-01-31 10:30:00,10:30,1\n2020-02-01 11:45:10,11:45,2\n",
        "columns": ["when", "at", "value"],
        "rows": [["2020-01-31 10:30:00", "10:30", 1], ["2020-02-01 11:45:10", "11:45", 2]],
    },
    {
        "name": "urls_with_delimiters.csv",
        "data": b"site,hits\nhttp://a.org/x;y?q=1|2,10\nhttp://b.org/z;w?q=3|4,20\nhttp://c.org/;v?q=5|6,30\n",
        "columns": ["site", "hits"],
        "rows": [
            ["http://a.org/x;y?q=1|2", 10],
            ["http://b.org/z;w?q=3|4", 20],
            ["http://c.org/;v?q=5|6", 30],
        ],
    },
    {
        "name": "sentences.csv",
        "data": b'text,stars\n"Good, cheap, and fast; I liked it.",5\n"Bad. Slow, and dear!",1\n"So, so; really: so",3\n',  # noqa: E501
        "columns": ["text", "stars"],
        "rows": [
            ["Good, cheap, and fast; I liked it.", 5],
            ["Bad. Slow, and dear!", 1],
            ["So, so; really: so", 3],
        ],
    },
    {
        "name": "empty_column_in_between.csv",
        "data": b"a,,c\n1,,3\n4,,6\n",
        "columns": ["a", "column_2", "c"],
        "rows": [[1, None, 3], [4, None, 6]],
        "dialect": {"delimiter": ","},
    },
    {
        "name": "one_column_of_times.csv",
        "data": b"time\n10:00:00\n11:30:00\n",
        "columns": ["time"],
        "rows": [["10:00:00"], ["11:30:00"]],
    },
    {
        "name": "one_column_of_moments.csv",
        "data": b"timestamp\n2020-01-01 10:00:00\n2020-01-02 11:00:00\n",
        "columns": ["timestamp"],
        "rows": [["2020-01-01 10:00:00"], ["2020-01-02 11:00:00"]],
        "kinds": {"timestamp": "date"},
    },
    {
        "name": "one_column_of_full_names.csv",
        "data": b"name\nAnn Lee\nBob Ray\nCy Fox\n",
        "columns": ["name"],
        "rows": [["Ann Lee"], ["Bob Ray"], ["Cy Fox"]],
    },
    {
        "name": "one_column_with_decimal_comma.csv",
        "data": b"height\n1,82\n1,75\n1,61\n",
        "columns": ["height"],
        "rows": [[1.82], [1.75], [1.61]],
        "dialect": {"decimal": ","},
    },
    {
        "name": "escaped_delimiters_without_quotes.csv",
        "data": b"name,n\nLee\\, Ann,1\nRay\\, Bob,2\nCy,3\n",
        "columns": ["name", "n"],
        "rows": [["Lee, Ann", 1], ["Ray, Bob", 2], ["Cy", 3]],
        "dialect": {"delimiter": ",", "escape": "\\"},
    },
    *(
        dict(
            name=f"delimited_by_{ord(mark):02x}.txt",
            data=f"name{mark}age{mark}city\nAnn{mark}31{mark}Rome\nBob{mark}45{mark}Oslo\nCy{mark}27{mark}Bern\n".encode(),
            dialect={"delimiter": mark},
            **PEOPLE,
        )
        for mark in ("@", "&", "$", "=", "%", "\x02")
    ),
    {
        "name": "emails.csv",
        "data": b"email\nann@example.com\nbob@example.org\ncy@example.net\n",
        "columns": ["email"],
        "rows": [["ann@example.com"], ["bob@example.org"], ["cy@example.net"]],
    },
    {
        "name": "spaces_on_both_sides.txt",
        "data": b"a | b | c\n1 | x y | 3\n4 | z w | 6\n",
        "columns": ["a", "b", "c"],
        "rows": [[1, "x y", 3], [4, "z w", 6]],
        "dialect": {"delimiter": "|", "trim": True},
    },
    {
        "name": "dates_in_header.csv",
        "data": b"city,2020-01-01,2020-01-02\nA,1,2\nB,3,4\n",
        "columns": ["city", "2020-01-01", "2020-01-02"],
        "rows": [["A", 1, 2], ["B", 3, 4]],
        "dialect": {"header": True},
    },
    dict(
        name="fullwidth_comma.csv",
        data="a，b，c\n1，2，3\n4，5，6\n".encode(),
        dialect={"delimiter": "，"},
        **ABC,
    ),
    {
        "name": "escaped_quotes_in_cells_without_quotes.csv",
        "data": b'a,b\n1,say \\"hi\\" now\n2,"x, \\"y\\""\n3,back\\\\slash\n',
        "columns": ["a", "b"],
        "rows": [[1, 'say "hi" now'], [2, 'x, "y"'], [3, "back\\slash"]],
        "dialect": {"escape": "\\"},
    },
    {
        "name": "escaped_quotes_alone.csv",
        "data": b'a,b\n1,say \\"hi\\" now\n2,plain\n3,\\"yes\\"\n',
        "columns": ["a", "b"],
        "rows": [[1, 'say "hi" now'], [2, "plain"], [3, '"yes"']],
        "dialect": {"escape": "\\"},
    },
    {
        "name": "folders_with_backslashes.csv",
        "data": b'path,n\n"C:\\",1\n"D:\\",2\n"E:\\x\\",3\n',
        "columns": ["path", "n"],
        "rows": [["C:\\", 1], ["D:\\", 2], ["E:\\x\\", 3]],
        "dialect": {"escape": ""},
    },
    {
        "name": "delimiters_in_all_cells.csv",
        "data": b"name_0,name_1\n" + 9 * b"x;y,x;y\n",
        "columns": ["name_0", "name_1"],
        "rows": 9 * [["x;y", "x;y"]],
        "dialect": {"delimiter": ",", "header": True},
    },
]
