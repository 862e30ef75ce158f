"""The same few words in many encodings."""

TEXT = "name,city,price\nZoë,Köln,1.5\nFrançois,Málaga,2.5\nJürgen,Århus,3.5\nAnn,Rome,4.5\n"
TABLE = {
    "columns": ["name", "city", "price"],
    "rows": [
        ["Zoë", "Köln", 1.5],
        ["François", "Málaga", 2.5],
        ["Jürgen", "Århus", 3.5],
        ["Ann", "Rome", 4.5],
    ],
}
RUSSIAN = "имя,город,цена\n" + "".join(
    f"{name},{city},{price}\n"
    for name, city, price in [
        ("Анна Петрова", "Москва", 1.5),
        ("Борис Иванов", "Санкт-Петербург", 2.5),
        ("Вера Смирнова", "Новосибирск", 3.5),
        ("Дмитрий Кузнецов", "Екатеринбург", 4.5),
        ("Елена Соколова", "Казань", 5.5),
    ]
)
RUSSIAN_TABLE = {
    "columns": ["имя", "город", "цена"],
    "rows": [
        ["Анна Петрова", "Москва", 1.5],
        ["Борис Иванов", "Санкт-Петербург", 2.5],
        ["Вера Смирнова", "Новосибирск", 3.5],
        ["Дмитрий Кузнецов", "Екатеринбург", 4.5],
        ["Елена Соколова", "Казань", 5.5],
    ],
}

WORDS = {
    "cp1250": ["Łódź", "Kraków", "Gdańsk", "Żywiec"],
    "iso8859-2": ["Łódź", "Śląsk", "Gdańsk", "Żywiec"],
    "cp1254": ["Şükrü", "İstanbul", "Çiğdem", "Işık"],
    "cp1253": ["Αθήνα", "Θεσσαλονίκη", "Πάτρα", "Ηράκλειο"],
    "cp1257": ["Šiauliai", "Panevėžys", "Mažeikiai", "Žąsinas", "Įdubų"],
    "iso8859-15": ["cœur", "sœur", "été"],
}
CZECH = ["Řehoř", "Jiří", "Třebíč", "Ústí", "Plzeň", "město"]

CASES = [
    dict(name="utf8.csv", data=TEXT.encode(), dialect={"encoding": "utf-8"}, **TABLE),
    dict(name="utf8_bom.csv", data=TEXT.encode("utf-8-sig"), dialect={"encoding": "utf-8-sig"}, **TABLE),
    dict(
        name="utf16_le_bom.csv",
        data=b"\xff\xfe" + TEXT.encode("utf-16-le"),
        dialect={"encoding": "utf-16"},
        **TABLE,
    ),
    dict(
        name="utf16_be_bom.csv",
        data=b"\xfe\xff" + TEXT.encode("utf-16-be"),
        dialect={"encoding": "utf-16"},
        **TABLE,
    ),
    dict(name="utf16_le_bare.csv", data=TEXT.encode("utf-16-le"), dialect={"encoding": "utf-16-le"}, **TABLE),
    dict(name="utf16_be_bare.csv", data=TEXT.encode("utf-16-be"), dialect={"encoding": "utf-16-be"}, **TABLE),
    dict(
        name="utf16_tab.txt",
        data=TEXT.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
        dialect={"delimiter": "\t"},
        **TABLE,
    ),
    dict(name="utf32.csv", data=TEXT.encode("utf-32"), dialect={"encoding": "utf-32"}, **TABLE),
    dict(name="latin1.csv", data=TEXT.encode("latin-1"), dialect={"encoding": "cp1252"}, **TABLE),
    {
        "name": "windows1252.csv",
        "data": "item;price\ncafé “noir”;2,50 €\nthé – vert;1,75 €\npâté;13,00 €\n".encode("cp1252"),
        "columns": ["item", "price"],
        "rows": [["café “noir”", "2,50 €"], ["thé – vert", "1,75 €"], ["pâté", "13,00 €"]],
        "kinds": {"price": "number"},
        "dialect": {"encoding": "cp1252", "delimiter": ";"},
    },
    dict(
        name="windows1251.csv", data=RUSSIAN.encode("cp1251"), dialect={"encoding": "cp1251"}, **RUSSIAN_TABLE
    ),
    dict(name="koi8.csv", data=RUSSIAN.encode("koi8-r"), dialect={"encoding": "koi8-r"}, **RUSSIAN_TABLE),
    dict(name="cyrillic_utf8.csv", data=RUSSIAN.encode(), **RUSSIAN_TABLE),
    {
        "name": "shift_jis.csv",
        "data": (
            "名前,都市,価格\n佐藤さん,東京都,1.5\n鈴木さん,大阪府,2.5\n"
            "高橋さん,名古屋市,3.5\nこんにちは,ありがとう,4.5\n"
        ).encode("shift-jis"),
        "columns": ["名前", "都市", "価格"],
        "rows": [
            ["佐藤さん", "東京都", 1.5],
            ["鈴木さん", "大阪府", 2.5],
            ["高橋さん", "名古屋市", 3.5],
            ["こんにちは", "ありがとう", 4.5],
        ],
    },
    {
        "name": "bom_before_quoted_header.csv",
        "data": b'\xef\xbb\xbf"name","age"\n"Ann",31\n"Bob",45\n',
        "columns": ["name", "age"],
        "rows": [["Ann", 31], ["Bob", 45]],
    },
    {
        "name": "emoji.csv",
        "data": "mood,count\n😀,1\n👨‍👩‍👧,2\n🇫🇷 été,3\n".encode(),
        "columns": ["mood", "count"],
        "rows": [["😀", 1], ["👨‍👩‍👧", 2], ["🇫🇷 été", 3]],
    },
    {
        "name": "one_bad_line.csv",
        "data": "name,age\nZoë,1\nÖzil,2\nÅsa,3\n".encode() + b"Ren\xe9,4\nAnn,5\n",
        "columns": ["name", "age"],
        "rows": [["Zoë", 1], ["Özil", 2], ["Åsa", 3], ["René", 4], ["Ann", 5]],
        "warnings": ["Line 5 .*UTF-8"],
    },
    *(
        {
            "name": f"words_{name}.csv",
            "data": "\n".join(["word;n", *(f"{word};{n}" for n, word in enumerate(words)), ""]).encode(name),
            "columns": ["word", "n"],
            "rows": [[word, n] for n, word in enumerate(words)],
            "dialect": {"encoding": name},
        }
        for name, words in WORDS.items()
    ),
    {
        "name": "czech_cp1250.csv",
        "data": "\n".join(["word;n", *(f"{word};{n}" for n, word in enumerate(CZECH)), ""]).encode("cp1250"),
        "columns": ["word", "n"],
        "rows": [[word, n] for n, word in enumerate(CZECH)],
        "dialect": {"encoding": "cp1250"},
    },
    *(
        {
            "name": f"western_{place}.csv",
            "data": "\n".join(["word;n", *(f"{word};{n}" for n, word in enumerate(words)), ""]).encode(
                "cp1252"
            ),
            "columns": ["word", "n"],
            "rows": [[word, n] for n, word in enumerate(words)],
            "dialect": {"encoding": "cp1252"},
        }
        for place, words in enumerate(
            (
                ["São Paulo", "Conceição", "Antônio", "£m"],
                ["Åke", "Växjö", "Søren", "Hélène"],
                ["Þórður", "Ísafjörður", "Ægir"],
                ["¿Qué?", "España", "“año”", "20 °C"],
                ["m³", "5 £", "naïve"],
            )
        )
    ),
    {
        "name": "utf16_bare_without_latin_letters.csv",
        "data": "名前,値\n佐藤,1\n鈴木,2\n高橋,3\n".encode("utf-16-le"),
        "columns": ["名前", "値"],
        "rows": [["佐藤", 1], ["鈴木", 2], ["高橋", 3]],
        "dialect": {"encoding": "utf-16-le"},
    },
    {
        "name": "overlong.csv",
        "data": b"a,b\n\xc0\xaf,1\nx,2\n",
        "columns": ["a", "b"],
        "rows": [["\u00c0\u00af", 1], ["x", 2]],
    },
    {
        "name": "two_byte_order_marks.csv",
        "data": "\ufeff\ufeffa,b\n1,2\n3,4\n".encode(),
        "columns": ["a", "b"],
        "rows": [[1, 2], [3, 4]],
    },
]
