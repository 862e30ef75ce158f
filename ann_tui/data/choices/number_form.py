"""How the numbers of a column are written: what stands in its cells beside digits and a decimal sign."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_UNIT = 20
SHARES = ("%", "‰")
"""Units of which a bare number is another number: 45 % is 0.45."""
_TEMPLATE = re.compile(r"(?P<body>12|1\.234)(?P<scaled>k?)(?P<behind>-?)(?: (?P<unit>[^\d\s].*))?")


@dataclass(frozen=True)
class NumberForm:
    """How a column's numbers are written. Its `text` is the number twelve written so, "" for digits alone.

    `unit` stands in every cell that is not a bare number ("12 kg"); `scaled`: k and M mean thousands and millions
    ("12k"); `minus_behind`: a minus may stand behind ("12-"); `grouped`: a point separates thousands ("1.234").
    `mixed`: shares and plain numbers beside each other, as models before version 0.2 read them.
    """

    unit: str = ""
    scaled: bool = False
    minus_behind: bool = False
    grouped: bool = False
    mixed: bool = False

    @classmethod
    def of(cls, text: str) -> NumberForm:
        """The inverse of `text`. Raises ValueError with one line."""
        text = " ".join(text.split())
        if not text:
            return PLAIN_FORM
        if text == MIXED_FORM.text:
            return MIXED_FORM
        found = _TEMPLATE.fullmatch(text)
        if found is None or len(found["unit"] or "") > MOST_UNIT:
            raise ValueError(
                f"{text!r} is no way to write numbers: 12 kg (or another unit), 12k, 12-, or 1.234 for thousands"
            )
        return cls(
            found["unit"] or "", bool(found["scaled"]), bool(found["behind"]), found["body"] == "1.234"
        )

    @property
    def text(self) -> str:
        """The form as an experiment file and a model file name it."""
        if self.mixed:
            return "12 or 12 %"
        if self == PLAIN_FORM:
            return ""
        signs = f"{'1.234' if self.grouped else '12'}{'k' if self.scaled else ''}{'-' if self.minus_behind else ''}"
        return f"{signs} {self.unit}" if self.unit else signs

    @property
    def is_share(self) -> bool:
        """Whether the numbers are written in percent or per mille."""
        return self.unit in SHARES

    @property
    def reads_numbers(self) -> bool:
        """Whether a number that a parser has read already is what its cell says."""
        return not (self.grouped or self.is_share)

    @property
    def words(self) -> str:
        """What the numbers are written with, in words."""
        if self.mixed:
            return ""
        parts = [
            f"in {self.unit}" if self.unit else "",
            "with k for thousands and M for millions" if self.scaled else "",
            "with the minus behind them" if self.minus_behind else "",
            "with points between thousands" if self.grouped else "",
        ]
        return ", ".join(filter(None, parts))


PLAIN_FORM = NumberForm()
MIXED_FORM = NumberForm(mixed=True)
