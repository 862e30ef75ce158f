"""The check of a preparation's fields against their descriptions."""

from __future__ import annotations

from ann_tui.choice_fields import untaken, written


class PreparationError(ValueError):
    """A preparation that can't be carried out; the message says what is wrong and what to do."""


def check(choices: object, whose: str = "") -> None:
    """Raise PreparationError for the first field that can't have its value."""
    for name, value, about in untaken(choices):
        if about.options is not None:
            known = ", ".join(f"'{option}'" for option in about.options)
            raise PreparationError(f"{whose}{name} is '{value}', which isn't known: choose {known}")
        words = name.replace("_", " ")
        raise PreparationError(f"{whose}{words} is {written(value)}: choose {about.number_text}")
