"""What an experiment file says of itself: a comment for each table and each field, from their descriptions."""

from __future__ import annotations

from ann_tui.experiments.named_choices import named_choices

HEADING = (
    "An experiment of ann-tui: which data, how prepared, which network, how trained.",
    "Run it again, to the last bit, with: ann-tui train {name}",
    "Open it in the app with: ann-tui {name}",
    "A line that is left out means its default.",
)

STEERING = (
    "What a person did while a run of this trained, and before which batch: epochs and batches are counted from 0.",
    "A run of this file does the same at the same batches; remove it to train as [training] says.",
)

SWEEP = (
    "What ann-tui sweep varies: values in a list, or a span such as {low = 0.001, high = 0.1, log = true}.",
    "All else is as above; network.depth, width, activation and dropout are those of the hidden layers.",
)


def table_comment(name: str) -> str:
    """What stands below the name of a table."""
    return f"{named_choices()[name].about.words}."


def field_comment(name: str, *, unset: bool = False) -> str:
    """What stands behind a field: its options, or what it is for, and which options use it; both where it is unset."""
    choice = named_choices()[name]
    listed = ", ".join(choice.about.options or ())
    if listed and not unset:
        return listed
    words = choice.about.words[:1].lower() + choice.about.words[1:]
    asked = f"for {', '.join(choice.asked_by)}: " if choice.asked_by else ""
    return f"{asked}{words}{': ' if listed else ''}{listed}"
