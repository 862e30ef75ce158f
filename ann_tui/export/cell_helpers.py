"""Definitions that read the cells of a file as the app does, each as it stands in a script that uses it."""

from __future__ import annotations

from ann_tui.data.cells.kinds import LARGEST
from ann_tui.export.code_text import Helper

HELPERS: dict[str, Helper] = {
    name: Helper(0, code)
    for name, code in {
        "as_numbers": '''
def as_numbers(cells, missing, decimal=".", unit=""):
    """Cells as numbers, NaN where one is missing or beyond {largest}; any other text raises ValueError."""

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
    return numbers.where(numbers.abs() <= {largest})
'''.replace("{largest}", f"{LARGEST:g}".replace("e+", "e")),
        "number": '''
def number(text, decimal, unit):
    """The number that a text says: digits, perhaps in groups of three, and the unit of its column."""
    digits = text.strip()
    bare = digits.removeprefix(unit).removesuffix(unit).strip() if unit else digits.strip("€$£¥ ")
    comma = "," if decimal == "." else "."
    groups = rf"[+-]?\\d{{1,3}}([{comma}' \\u00a0\\u202f])\\d{{3}}(\\1\\d{{3}})*(\\{decimal}\\d*)?"
    if found := re.fullmatch(groups, bare):
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
