"""The lines of the training plan on Layers: each setting, its value, and what that means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ann_tui.tui.settings.setting import Setting
from ann_tui.tui.text import line
from ann_tui.tui.widgets.choice_table import Row

FIELDS = {"design": "network", "plan": "training"}
"""The tables of an experiment file in which the choices are written."""


def plan_rows(
    settings: Iterable[tuple[str, Any, Setting]],
    usual: Mapping[str, Any],
    idle: Mapping[str, str],
    colours: Mapping[str, str],
) -> Iterator[Row]:
    """A line for each of `settings_that_matter`; what differs from the `usual` choices stands out.

    `idle` says why a choice does nothing, by its name in an experiment file.
    """
    for name, holder, setting in settings:
        value = setting.of(holder)
        changed = value != setting.of(usual[name])
        style = f"bold {colours['accent']}" if changed else "bold"
        text = value if setting.options is not None else setting.write(value)
        why = idle.get(f"{FIELDS[name]}.{setting.field}")
        summary = (
            setting.options[value].summary
            if setting.options and value in setting.options
            else setting.explanation[:1].lower() + setting.explanation[1:]
        )
        meaning = line((summary, "dim")) if why is None else line((why, colours["warning"]))
        yield Row(setting.field, (line(setting.label), line((text, style)), meaning))
