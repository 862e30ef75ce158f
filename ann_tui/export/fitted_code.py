"""The fitted preparation of a model as code: `preprocess(frame)`, with its numbers and words in a file beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ann_tui.data.cells.grammar import NO_NUMBERS, folded_marks
from ann_tui.data.cells.kinds import LARGEST
from ann_tui.data.cells.missing_marks import marked_numbers
from ann_tui.data.choices.imputations import MISSING_NUMBER
from ann_tui.data.choices.number_form import NumberForm
from ann_tui.data.choices.outliers import OUTLIER_ACTIONS
from ann_tui.data.choices.source import Source
from ann_tui.data.choices.texts import TEXT
from ann_tui.data.preparing.columns import DateColumn, LabelColumn, NumberColumn, TextColumn
from ann_tui.data.preparing.encoding import OneHot
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.scaling import MOST_UNSCALED, Linear, Quantiles, SmoothClip
from ann_tui.export.code_text import written
from ann_tui.export.export_error import ExportError
from ann_tui.export.fitted_labels import label_values
from ann_tui.export.scaled_code import clip_limits, scaled_code

FAR = LARGEST
"""Where there is no limit."""

DATE_CODE: Mapping[str, str] = {
    "days": "seconds / 86400",
    "year": "when.dt.year",
    "day": "when.dt.day",
    "month": "circle(when.dt.month - 1, 12)",
    "weekday": "circle(when.dt.day_of_week, 7)",
    "hour": "circle(seconds % 86400 / 3600, 24)",
}


@dataclass
class FittedCode:
    """`code` is the function, `values` what it finds in `fitted`."""

    code: str = ""
    values: dict[str, Any] = field(default_factory=dict)


class _Builder:
    def __init__(self, fitted: FittedPreparation, source: Source, decimal: str) -> None:
        self.fitted, self.source, self.decimal = fitted, source, decimal
        self.lines: list[str] = ["pieces = []"]
        self.values: dict[str, Any] = {}
        self.places: list[int] = []
        self._scaled_at: dict[str, tuple[str, int]] = {}
        self.starts = {column.name: start for column, start in fitted.starts()}

    def build(self) -> FittedCode:
        numbers = [column for column in self.fitted.columns if isinstance(column, NumberColumn)]
        if numbers:
            self._clean(numbers)
            self._scale(numbers)
        for column in self.fitted.columns:
            if isinstance(column, DateColumn):
                self._date(column)
        self._labels([column for column in self.fitted.columns if isinstance(column, LabelColumn)])
        for column in self.fitted.columns:
            if isinstance(column, TextColumn):
                self._text(column)
        self._bins(numbers)
        if "MISSING" in "".join(self.lines):
            self.values["missing"] = sorted(folded_marks(self.source.missing_marks))
            self.lines = [line.replace("MISSING", 'fitted["missing"]') for line in self.lines]
        x = "np.column_stack(pieces)"
        if self.places != sorted(self.places):
            self.values["order"] = np.argsort(self.places).tolist()
            x += '[:, fitted["order"]]'
        self.lines.append(f"return {x}.astype(np.float32)")
        body = "\n".join("    " + line if line else "" for text in self.lines for line in text.split("\n"))
        doc = '    """The inputs of the network, (rows, inputs), of raw columns, with gaps and words as in the file."""'
        return FittedCode(f"def preprocess(frame):\n{doc}\n{body}\n", self.values)

    def _marks(self, name: str) -> list[str] | None:
        """The marks of missing values that a column has for itself."""
        own = self.source.column_marks.get(name)
        return None if own is None else sorted(folded_marks(own))

    def _missing(self, name: str) -> str:
        """The code of a column's marks of missing values."""
        own = self._marks(name)
        return "MISSING" if own is None else written(own, 8)

    # -- numbers ----------------------------------------------------------------------------------------

    def _reading(self, column: NumberColumn) -> dict[str, Any]:
        """How the texts of a number column are written."""
        form, own = NumberForm.of(column.form), self._marks(column.name)
        marks = folded_marks(self.source.missing_marks) if own is None else own
        found: dict[str, Any] = {"missing": sorted({*marks, *NO_NUMBERS})}
        if (decimal := "," if form.grouped else self.decimal) != ".":
            found["decimal"] = decimal
        if gaps := marked_numbers(marks, decimal) if form.reads_numbers else ():
            found["gaps"] = list(gaps)
        return found | ({"unit": form.unit} if form.unit else {})

    def _clean(self, columns: list[NumberColumn]) -> None:
        part: dict[str, Any] = {"columns": [column.name for column in columns]}
        self.values["numbers"] = part
        ways = [self._reading(column) for column in columns]
        alike = all(way == ways[0] for way in ways)
        part["reading"] = (
            ways[0] if alike else {column.name: way for column, way in zip(columns, ways, strict=True)}
        )
        way = "" if alike else "[name]"
        for helper, spelled in (("in_full", "scaled"), ("minus_first", "minus_behind")):
            names = [each.name for each in columns if getattr(NumberForm.of(each.form), spelled)]
            if names:
                self.lines.append(
                    f"frame = frame.copy()\nfor name in {written(names)}:\n    frame[name] = frame[name].map({helper})"
                )
        self.lines += [
            'part = fitted["numbers"]',
            "numbers = pd.DataFrame(\n"
            f'    {{name: as_numbers(frame[name], **part["reading"]{way}) for name in part["columns"]}}\n)',
        ]
        rules = [(column.rules.minimum, column.rules.maximum) for column in columns]
        if any(limit is not None for pair in rules for limit in pair):
            part["minimum"] = [-FAR if low is None else low for low, _ in rules]
            part["maximum"] = [FAR if high is None else high for _, high in rules]
            self.lines.append(
                'numbers = numbers.where((numbers >= part["minimum"]) & (numbers <= part["maximum"]))'
            )
        fences = {"clip": ("lower", "upper"), "mark missing": ("usual_from", "usual_to")}
        for action, (low, high) in fences.items():
            own = [
                column.fence if column.fence and column.fence.action == action else None for column in columns
            ]
            if any(own):
                part[low] = [-FAR if each is None else each.lower for each in own]
                part[high] = [FAR if each is None else each.upper for each in own]
                if action == "clip":
                    self.lines.append(f'numbers = numbers.clip(part["{low}"], part["{high}"], axis=1)')
                else:
                    self.lines.append(
                        f'numbers = numbers.where((numbers >= part["{low}"]) & (numbers <= part["{high}"]))'
                    )
        for column in columns:
            fence = column.fence
            if fence and OUTLIER_ACTIONS[fence.action].apply is not None and fence.action not in fences:
                raise ExportError(f"outliers then {fence.action!r} can't be written as code")
        if any(column.indicator for column in columns):
            self.lines.append("missing = numbers.isna()")
        self._guess(columns)
        part["fill"] = [column.fill for column in columns]
        self.lines.append('numbers = numbers.fillna(dict(zip(part["columns"], part["fill"])))')

    def _guess(self, columns: list[NumberColumn]) -> None:
        """What other columns help to guess; each model fills the columns that ask for it."""
        for kind, call in (("neighbours", "nearest"), ("chain", "chained")):
            model = getattr(self.fitted, kind)
            wanted = [column.name for column in columns if MISSING_NUMBER[column.missing].model == kind]
            if model is None or not wanted:
                continue
            known: dict[str, Any] = {
                "columns": list(model.columns),
                "center": model.centers,
                "scale": model.scales,
            }
            if kind == "neighbours":
                known["donors"] = [list(donor) for donor in model.donors]
                if any(
                    all(donor[place] is None for donor in model.donors) for place in range(len(model.columns))
                ):
                    raise ExportError(
                        "gaps filled by knn from rows that lack a whole column can't be written as code"
                    )
            else:
                known |= {"low": model.lowest, "high": model.highest}
                known["equations"] = [
                    [each.column, list(each.others), list(each.coefficients), each.intercept]
                    for each in model.equations
                ]
            self.values[kind] = known
            asked = written(wanted)
            self.lines.append(
                f'known = fitted["{kind}"]\nguessed = {call}(numbers[known["columns"]], known)\n'
                f"numbers[{asked}] = guessed[{asked}]"
            )

    def _scale(self, columns: list[NumberColumn]) -> None:
        groups: dict[str, list[NumberColumn]] = {}
        for column in columns:
            groups.setdefault(type(column.scaler).__name__, []).append(column)
        for kind, group in groups.items():
            names = [column.name for column in group]
            x = "numbers" if len(group) == len(columns) else f"numbers[{written(names)}]"
            scalers = [column.scaler for column in group]
            match scalers[0]:
                case Linear():
                    assert all(isinstance(each, Linear) for each in scalers)
                    plain = [each for each in scalers if isinstance(each, Linear)]
                    if all(each.method == "none" for each in plain):
                        code = f"{x}.clip({-MOST_UNSCALED:g}, {MOST_UNSCALED:g}).to_numpy()"
                    else:
                        self.values["scaling"] = {
                            "center": [each.center for each in plain],
                            "scale": [each.scale for each in plain],
                        }
                        limit = clip_limits(plain)
                        code = (
                            f'(({x} - fitted["scaling"]["center"]) / fitted["scaling"]["scale"])'
                            f".clip({limit}).to_numpy()"
                        )
                case SmoothClip():
                    soft = [each for each in scalers if isinstance(each, SmoothClip)]
                    self.values["smooth_clip"] = [
                        [each.center for each in soft],
                        [each.scale for each in soft],
                    ]
                    code = f'smooth_clip({x}.to_numpy(), *fitted["smooth_clip"])'
                case Quantiles():
                    self.values["quantiles"] = {
                        column.name: list(column.scaler.quantiles)
                        for column in group
                        if isinstance(column.scaler, Quantiles)
                    }
                    code = (
                        "np.column_stack(\n    [ranked(numbers[name].to_numpy(), known) "
                        'for name, known in fitted["quantiles"].items()]\n)'
                    )
            name = {"Linear": "scaled", "SmoothClip": "squeezed", "Quantiles": "ranks"}[kind]
            self.lines += [f"{name} = {code}", f"pieces.append({name})"]
            self.places += [self.starts[column.name] for column in group]
            for place, column in enumerate(group):
                self._scaled_at[column.name] = name, place
        flagged = [column for column in columns if column.indicator]
        if flagged:
            self.lines.append(f"pieces.append(missing[{written([column.name for column in flagged])}])")
            self.places += [self.starts[column.name] + 1 for column in flagged]

    def _bins(self, columns: list[NumberColumn]) -> None:
        binned = [column for column in columns if column.bins is not None]
        if not binned:
            return
        edges = [list(map(float, column.scaled_edges)) for column in binned]
        self.values["edges"] = edges
        if all(self._scaled_at[column.name][0] == self._scaled_at[binned[0].name][0] for column in binned):
            name = self._scaled_at[binned[0].name][0]
            at = [self._scaled_at[column.name][1] for column in binned]
            whole = at == list(range(len(columns)))
            source = f"{name}.T" if whole else f"{name}[:, {at}].T"
            self.lines.append(
                f'pieces += [in_bins(column, edges) for column, edges in zip({source}, fitted["edges"])]'
            )
        else:
            for place, column in enumerate(binned):
                name, at_column = self._scaled_at[column.name]
                self.lines.append(f'pieces.append(in_bins({name}[:, {at_column}], fitted["edges"][{place}]))')
        position = len(self.fitted.feature_names)
        for column in binned:
            self.places += range(position, position + len(column.bin_names))
            position += len(column.bin_names)

    # -- dates ------------------------------------------------------------------------------------------

    def _date(self, column: DateColumn) -> None:
        name, start = written(column.name), self.starts[column.name]
        self.lines += [
            f"when = as_dates(frame[{name}], {self._missing(column.name)}, {written(column.form)})"
        ]
        if column.indicator:
            self.lines.append("gaps = when.isna()")
        self.lines.append(f'when = when.fillna(pd.Timestamp({column.fill:.0f}, unit="s", tz="UTC"))')
        parts = {part.part for part in column.parts}
        if parts & {"days", "hour"}:
            self.lines.append('seconds = (when - pd.Timestamp(0, tz="UTC")).dt.total_seconds()')
        for part in column.parts:
            if part.part not in DATE_CODE:
                raise ExportError(f"the part {part.part!r} of a date can't be written as code")
            code = DATE_CODE[part.part]
            self.lines.append(
                f"pieces.append({code if part.scaler is None else scaled_code(part.scaler, code)})"
            )
            self.places += range(start, start + len(part.names))
            start += len(part.names)
        if column.indicator:
            self.lines.append("pieces.append(gaps)")
            self.places.append(start)

    # -- words ------------------------------------------------------------------------------------------

    def _labels(self, columns: list[LabelColumn]) -> None:
        listed = [column for column in columns if isinstance(column.encoder, OneHot)]
        others = [column for column in columns if not isinstance(column.encoder, OneHot)]
        for kind, group in (("categories", listed), ("encoded", others)):
            if not group:
                continue
            self.values[kind] = {column.name: label_values(column, self.source) for column in group}
            self.lines.append(f'for name, known in fitted["{kind}"].items():')
            rules, known = [column.rules for column in group], self.values[kind].values()
            own = [column for column in group if self._marks(column.name) is not None]
            marks = "MISSING" if not own else 'known["missing"]'
            for column in group if own else ():
                marked = self._marks(column.name)
                self.values[kind][column.name]["missing"] = (
                    sorted(folded_marks(self.source.missing_marks)) if marked is None else marked
                )
            kept = ', known["kept"]' if any(each["kept"] for each in known) else ""
            self.lines.append(f"    words = as_words(frame[name], {marks}{kept})")
            if any(each["same"] for each in known):
                self.lines.append('    words = words.replace(known["same"])')
            if any(each["spellings"] for each in known):
                self.lines.append(
                    '    words = words.map(lambda word: known["spellings"].get(plain(word), word), na_action="ignore")'
                )
            if any(rule.allowed is not None for rule in rules):
                self.lines.append(
                    '    words = words.where(words.isin(known["allowed"]) | (known["allowed"] == []))'
                )
            flags = any(column.indicator for column in group)
            if flags:
                self.lines.append("    gaps = words.isna()")
            self.lines.append('    words = words.where(words.notna(), known["fill"])')
            if kind == "categories":
                self.lines.append('    pieces += [words == label for label in known["labels"]]')
                if any(isinstance(column.encoder, OneHot) and column.encoder.other for column in group):
                    every = all(
                        isinstance(column.encoder, OneHot) and column.encoder.other for column in group
                    )
                    line = 'pieces.append(~words.isin(known["labels"]))'
                    self.lines.append(f"    {line}" if every else f'    if known["other"]:\n        {line}')
            else:
                self.lines.append(
                    '    pieces.append(np.array([known["numbers"].get(word, known["unknown"]) for word in words]))'
                )
            if flags:
                every = all(column.indicator for column in group)
                self.lines.append(
                    "    pieces.append(gaps)"
                    if every
                    else '    if known["flag"]:\n        pieces.append(gaps)'
                )
            for column in group:
                start = self.starts[column.name]
                self.places += range(start, start + len(column.feature_names))

    def _text(self, column: TextColumn) -> None:
        option = TEXT[column.hashing.method]
        if not isinstance(option.cut, str):
            raise ExportError(f"texts as {column.hashing.method!r} can't be written as code")
        self.lines += [
            f"hashing = HashingVectorizer(\n    n_features={column.hashing.size}, analyzer={written(option.cut)}, "
            f"ngram_range={option.lengths}\n)",
            f'words = as_words(frame[{written(column.name)}], {self._missing(column.name)}).fillna("")',
            "texts = hashing.transform(words)",
            "pieces.append(texts.toarray())",
        ]
        start = self.starts[column.name]
        self.places += range(start, start + len(column.feature_names))


def fitted_code(fitted: FittedPreparation, source: Source, decimal: str) -> FittedCode:
    """`preprocess(frame)` of a model, for texts with this decimal sign and the source's marks of missing values.

    Raises ExportError for what can't be written as code.
    """
    return _Builder(fitted, source, decimal).build()
