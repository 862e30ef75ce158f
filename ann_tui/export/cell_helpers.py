"""Definitions that read the cells of a file as the app does, each as it stands in a script that uses it."""

from __future__ import annotations

from ann_tui.data.cells.kinds import LARGEST
from ann_tui.export.code_text import Helper
from ann_tui.export.reading_code import POWERS

_POWERS = "".join(f'            ("{"|".join(words)}", "{power}"),\n' for power, words in POWERS.items())

HELPERS: dict[str, Helper] = {
    name: Helper(0, code)
    for name, code in {
        "as_numbers": '''
def as_numbers(cells, missing, decimal=".", unit="", gaps=()):
    """Cells as numbers, NaN where one is missing, in gaps or beyond {largest}; any other text raises ValueError."""

    def read(cell):
        if not isinstance(cell, str):
            return np.nan if pd.isna(cell) else float(cell)
        if cell.strip().casefold() in missing:
            return np.nan
        try:
            return number(cell, decimal, unit)
        except ValueError:
            wanted = f"a number in {unit}" if unit else "a number"
            raise ValueError(f"{cells.name}: {cell!r} can't be read; give it as {wanted}") from None

    numbers = cells.map(read).astype(float)
    return numbers.where((numbers.abs() <= {largest}) & ~numbers.isin(gaps))
'''.replace("{largest}", f"{LARGEST:g}".replace("e+", "e")),
        "number": '''
def number(text, decimal, unit):
    """The number that a text says: digits, perhaps in groups of three, and the unit of its column."""
    digits = re.sub(r"^\\((.+)\\)$", r"-\\1", text.strip()).replace("−", "-")  # (5) is -5
    mark = re.escape(unit) if unit else "[€$£¥]"
    bare = re.sub(rf"^([+-]?)\\s*{mark}|{mark}$", r"\\1", digits).strip()
    comma = "," if decimal == "." else "."
    groups = rf"[+-]?\\d{{1,3}}([{comma}' \\u00a0\\u202f])\\d{{3}}(\\1\\d{{3}})*(\\{decimal}\\d*)?(e[+-]?\\d+)?"
    if re.fullmatch(r"[+-]?\\d{1,2}(,\\d\\d)+,\\d{3}(\\.\\d*)?", bare):  # lakhs and crores
        bare = bare.replace(",", "")
    elif found := re.fullmatch(groups, bare):
        bare = bare.replace(found[1], "")
    elif unit and re.fullmatch(r"[+-]?\\d+,\\d{3}", bare):
        raise ValueError("a comma that may stand for either")
    if not re.fullmatch(r"[+-]?[\\d.,]+(e[+-]?\\d+)?", bare, re.ASCII | re.IGNORECASE):
        raise ValueError("no number")
    value = float(bare.replace(",", "."))
    if unit not in ("%", "‰"):
        return value
    if value and not digits.endswith(unit):
        raise ValueError("a share needs its sign")
    return value / (100 if unit == "%" else 1000)
''',
        "in_full": '''
def in_full(cell):
    """12k as 12e3 and 12 million as 12e6; any other cell as it is."""
    if isinstance(cell, str):
        for words, power in (POWERS):
            cell = re.sub(rf"(\\d)\\s*({words})\\b\\.?", rf"\\1{power}", cell, flags=re.IGNORECASE)
    return cell
'''.replace("(POWERS)", f"(\n{_POWERS}        )"),
        "minus_first": '''
def minus_first(cell):
    """12- as -12; any other cell as it is."""
    return re.sub(r"^\\s*(\\d.*?)\\s*[-−–]\\s*$", r"-\\1", cell) if isinstance(cell, str) else cell
''',
        "as_words": '''
def as_words(cells, missing, kept=()):
    """Cells as the words of the file, None where one is missing; `kept` are words that look as if."""

    def read(cell):
        word = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
        return None if word.strip().casefold() in missing and word not in kept else word

    words = [None if pd.isna(cell) else read(cell) for cell in cells]
    return pd.Series(words, cells.index, object, cells.name)
''',
        "as_dates": '''
def as_dates(cells, missing, form):
    """Cells as moments, NaT where one is missing; a text that is no date of this form raises ValueError."""
    typed = pd.api.types.is_datetime64_any_dtype(cells)
    given = cells if typed else as_words(cells, missing).str.strip()
    when = pd.to_datetime(given, format=form, errors="coerce", utc=True)
    for cell in given[when.isna() & given.notna()]:
        raise ValueError(f"{cells.name}: {cell!r} can't be read; give it as a date like {form}")
    return when
''',
    }.items()
}
"""By the name that calls for them."""
