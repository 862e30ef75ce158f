"""What a person stated about columns that the table doesn't have, and rules that can't be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ann_tui.data.cells.column_names import no_column
from ann_tui.data.cells.rules import RuleError, parse_rule
from ann_tui.data.choices.source import Source


def unmet_statements(source: Source, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The field of the source, and in one line what is wrong with what it says of these columns."""
    stated = {
        "target": () if source.target is None else (source.target,),
        "excluded": source.excluded,
        "included": source.included,
        "kinds": tuple(source.kinds),
        "column_marks": tuple(source.column_marks),
        "number_forms": tuple(source.number_forms),
        "date_forms": tuple(source.date_forms),
    }
    for field, names in stated.items():
        for name in names:
            if name not in columns:
                yield field, no_column(name, columns)
    for rule in source.rules:
        try:
            parse_rule(rule, columns)
        except RuleError as error:
            yield "rules", str(error)
