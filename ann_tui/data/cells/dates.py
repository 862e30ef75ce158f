"""Dates and times in the forms that files use; a time of day alone is one of the first of January 1900."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.grammar import DATE_LIKE, ISO_ZONE

ISO = "ISO8601"
TIMES_OF_DAY = -25567
"""The day, counted from 1970-01-01, on which times stand that are written without one."""
_TIMES = (
    "", " %H:%M:%S", "T%H:%M:%S", " %H:%M", "T%H:%M", " %H:%M:%S.%f", "T%H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p",
    ", %H:%M", ", %H:%M:%S",
)  # fmt: skip
_DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d. %m. %Y",
    "%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d. %B %Y", "%d-%b-%y",
    "%d/%b/%Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%Y-%b-%d", "%Y-%m", "%Y/%m", "%m/%Y", "%b %Y",
    "%B %Y", "%b-%Y", "%b-%y", "%Y%m%d", "%Y", "%a, %d %b %Y", "%A, %d %B %Y", "%A, %B %d, %Y",
)  # fmt: skip
_WHOLE = (
    "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M", "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S GMT",
    "%a, %d %b %Y %H:%M:%S +0000", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p",
)  # fmt: skip
_MONTHS = (
    ("january", "januar", "jänner", "janvier", "enero", "gennaio", "janeiro", "januari"),
    ("february", "februar", "feber", "février", "fevrier", "febrero", "febbraio", "fevereiro", "februari"),
    ("march", "märz", "maerz", "mars", "marzo", "março", "marco", "maart"),
    ("april", "avril", "abril", "aprile"),
    ("may", "mai", "mayo", "maggio", "maio", "mei", "maj"),
    ("june", "juni", "juin", "junio", "giugno", "junho"),
    ("july", "juli", "juillet", "julio", "luglio", "julho"),
    ("august", "août", "aout", "agosto", "augustus", "augusti"),
    ("september", "septembre", "septiembre", "settembre", "setembro"),
    ("october", "oktober", "octobre", "octubre", "ottobre", "outubro"),
    ("november", "novembre", "noviembre", "novembro"),
    ("december", "dezember", "décembre", "decembre", "diciembre", "dicembre", "dezembro"),
)
"""The months in English, German, French, Spanish, Italian, Portuguese, Dutch and Swedish; English first."""
_ENGLISH = {name: names[0] for names in _MONTHS for name in names[1:]} | {
    names[0][:3]: names[0][:3] for names in _MONTHS
} | {
    "mär": "mar", "mrz": "mar", "okt": "oct", "dez": "dec", "avr": "apr", "fév": "feb", "aoû": "aug", "déc": "dec",
    "ene": "jan", "abr": "apr", "ago": "aug", "dic": "dec", "gen": "jan", "mag": "may", "giu": "jun", "lug": "jul",
    "set": "sep", "ott": "oct", "fev": "feb", "out": "oct",
}  # fmt: skip
EXAMPLE_DAY = 1_735_603_200.0
"""2024-12-31 in seconds since 1970-01-01: no other order of its parts is a date."""
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:$|[T ]\d)")
_LETTERS = re.compile(r"([^\W\d_]{3,})\.?")
_PROBED = 60
_TRIED = 8
"""So many texts are tried before all are read in another format."""


def looks_like_date(text: str) -> bool:
    """Whether the text begins like a date; a cheap test before any parsing."""
    return len(text) < 60 and DATE_LIKE.match(text.strip()) is not None


def with_zone(texts: Sequence[str]) -> list[bool]:
    """Which texts are moments of ISO 8601 with their time zone."""
    return [
        ("Z" in text or "+" in text or text.count("-") == 3) and ISO_ZONE.fullmatch(text.strip()) is not None
        for text in texts
    ]


def _in_english(text: str) -> str:
    """The text with the names of months in English."""
    if text.isascii() and text.lower() == text.upper():
        return text
    spoken = text.replace(" de ", " ")
    return _LETTERS.sub(lambda word: _ENGLISH.get(word[1].casefold(), word[0]), spoken)


def _shape(text: str) -> str:
    """The text with every number as 0 and every word as a, to compare it with a format."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", text))


@lru_cache(maxsize=1)
def _formats_by_shape() -> dict[str, tuple[str, ...]]:
    shapes: dict[str, list[str]] = {}
    for form in _WHOLE:
        shapes.setdefault(_shape(datetime(2020, 1, 2, 10).strftime(form)), []).append(form)
    for day in _DAYS:
        for time in _TIMES:
            written = re.sub(r"%[YmdHMSfyI]", "0", re.sub(r"%[bBpaA]", "a", day + time))
            shapes.setdefault(_shape(written), []).append(day + time)
    return {shape: tuple(formats) for shape, formats in shapes.items()}


class DateTexts:
    """Texts that may be dates, which each format reads once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._values = [_in_english(text.strip()) for text in texts]
        self._read: dict[str, npt.NDArray[np.datetime64]] = {}
        self._formats: dict[int, tuple[str, float]] = {}
        self._read_with_others: dict[str, npt.NDArray[np.datetime64]] = {}

    def parsed_with_others(self, form: str) -> npt.NDArray[np.datetime64]:
        """The texts as datetime64[us]: in this format, or in another one that can mean but one day; NaT otherwise."""
        if form not in self._read_with_others:
            moments = self.parsed(form)
            lost = np.flatnonzero(np.isnat(moments))
            if len(lost) and (form == ISO or "%d" in form):
                moments = moments.copy()
                by_shape: dict[str, list[int]] = {}
                for place in lost.tolist():
                    if looks_like_date(self._values[place]):
                        by_shape.setdefault(_shape(self._values[place]), []).append(place)
                for shape, places in by_shape.items():
                    self._read_shape(shape, places, form, moments)
                moments.setflags(write=False)
            self._read_with_others[form] = moments
        return self._read_with_others[form]

    def _read_shape(
        self, shape: str, places: list[int], form: str, moments: npt.NDArray[np.datetime64]
    ) -> None:
        """Read the texts of one shape in the formats that leave no doubt, beside `form`."""
        forms = [other for other in _formats_by_shape().get(shape, ()) if _leaves_no_doubt(other, form)]
        if ISO_DAY.match(self._values[places[0]]):
            forms.append(ISO)
        for other in forms:
            places = [place for place in places if np.isnat(moments[place])]
            moments[places] = _parse([self._values[place] for place in places], other)

    def parsed(self, form: str) -> npt.NDArray[np.datetime64]:
        """The texts as datetime64[us]; see `parse_dates`."""
        if form not in self._read:
            empty = not form or not self._values
            nothing = np.full(len(self._values), np.datetime64("NaT"), dtype="datetime64[us]")
            moments = nothing if empty else _parse(self._values, form)
            moments.setflags(write=False)
            self._read[form] = moments
        return self._read[form]

    def find_format(self, first: int | None = None) -> tuple[str, float]:
        """`find_format` of all texts, or of as many as `first` says from the beginning."""
        count = len(self._values) if first is None else min(first, len(self._values))
        if count not in self._formats:
            self._formats[count] = self.format_of(np.arange(count))
        return self._formats[count]

    def format_of(self, places: npt.NDArray[np.integer[Any]]) -> tuple[str, float]:
        """`find_format` of the texts at these places, in this order."""
        values = [self._values[place] for place in places.tolist()]
        if not values:
            return "", 0.0
        shapes = Counter(_shape(text) for text in values[:: max(1, len(values) // 1000)] if len(text) < 60)
        tried = dict.fromkeys(
            form for shape, _ in shapes.most_common(3) for form in _formats_by_shape().get(shape, ())
        )
        if any(ISO_ZONE.fullmatch(text) for text in values[:_PROBED]) or len(shapes) > 1:
            tried[ISO] = None
        best, best_share = "", 0.0
        probe = places[:: max(1, len(values) // _PROBED)]
        for form in tried:
            if self._share_of_few(probe, form) < 0.5:
                continue
            share = _share(self.parsed(form)[places])
            if share > best_share:
                best, best_share = form, share
            if best_share == 1.0:
                break
        return best, best_share

    def reads_as_much(self, other: str, form: str) -> bool:
        """Whether the format `other` reads every text that `form` reads; few are tried first."""
        few = np.arange(0, len(self._values), max(1, len(self._values) // _TRIED))[:_TRIED]
        if self._share_of_few(few, other) < self._share_of_few(few, form):
            return False
        return not bool(np.isnat(self.parsed(other)[~np.isnat(self.parsed(form))]).any())

    def _share_of_few(self, places: npt.NDArray[np.integer[Any]], form: str) -> float:
        if form in self._read:
            return _share(self._read[form][places])
        return _share(_parse([self._values[place] for place in places.tolist()], form))


def _share(moments: npt.NDArray[np.datetime64]) -> float:
    return 1.0 - float(np.isnat(moments).mean())


def find_format(texts: Sequence[str]) -> tuple[str, float]:
    """The format that reads most of the texts, and the share (0 to 1) that it reads; `""` and 0 if none does.

    Where a day and a month could be exchanged in every text, the month comes first with slashes, and the day
    with points and dashes. `"ISO8601"` stands for all ISO 8601 texts, those with a time zone included.
    """
    return DateTexts(texts).find_format()


def _parse(values: Sequence[str], form: str) -> npt.NDArray[np.datetime64]:
    series: pd.Series[Any] = pd.Series(values, dtype=object)
    iso = form == ISO
    parsed: Any = pd.to_datetime(series, format=form, errors="coerce", utc=iso)
    if iso:
        parsed = parsed.dt.tz_localize(None)
    result: npt.NDArray[np.datetime64] = parsed.to_numpy().astype("datetime64[us]")
    if not iso and parsed.dtype == "datetime64[ns]" and np.isnat(result).any():
        result = result.copy()
        for place in np.flatnonzero(np.isnat(result)):
            result[place] = _far_date(values[int(place)], form)
    return result


def _far_date(text: str, form: str) -> np.datetime64:
    """A date outside 1677 to 2262, which pandas 2 cannot hold; NaT where the text does not fit."""
    try:
        return np.datetime64(datetime.strptime(text, form), "us")
    except ValueError:
        return np.datetime64("NaT", "us")


def parse_dates(texts: Sequence[str], form: str) -> npt.NDArray[np.datetime64]:
    """The texts as datetime64[us], in UTC where they name a zone; NaT where the format does not fit.

    The empty format fits nothing.
    """
    return DateTexts(texts).parsed(form).copy()


def day_and_month_exchanged(form: str) -> str:
    """The format with day and month in the other order; "" where a text in it can mean but one day."""
    if "%d" not in form or "%m" not in form or form.startswith("%Y"):
        return ""
    return form.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")


def _leaves_no_doubt(other: str, form: str) -> bool:
    """Whether a text in the format `other` can mean but one day to who writes dates in `form`."""
    if "%d" not in other:
        return False
    if "%b" in other or "%B" in other or other.startswith("%Y"):
        return True
    return _day_part(other) == _day_part(form)


def _day_part(form: str) -> str:
    """The format without the time of day; years of two digits are as good as those of four."""
    return max((day for day in _DAYS if form.startswith(day)), key=len, default="").replace("%y", "%Y")


def example_of(form: str) -> str:
    """The last day of 2024 in this format."""
    return in_form(EXAMPLE_DAY, form)


def written_moment(seconds: float) -> str:
    """A moment (seconds since 1970-01-01) in ISO 8601: a day alone at midnight, a time of day alone."""
    day, second = divmod(int(seconds), 86400)
    moment = str(np.datetime64(int(seconds), "s")).replace("T", " ")
    if second and day == TIMES_OF_DAY:
        return moment[11:]
    return moment if second else moment[:-9]


def zoned_moment(seconds: float) -> str:
    """A moment (seconds since 1970-01-01) in ISO 8601, with UTC as its time zone."""
    return f"{np.datetime64(int(seconds), 's')}Z"


def in_form(seconds: float, form: str) -> str:
    """A moment (seconds since 1970-01-01) as `parse_dates` reads it with this format."""
    moment: datetime = np.datetime64(int(seconds), "s").astype(datetime)
    if form == ISO:
        return moment.isoformat(" ").removesuffix(" 00:00:00")
    return moment.strftime(form)
