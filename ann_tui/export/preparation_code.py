"""The preparation of rows as code that fits it anew: rules in pandas, the rest as a scikit-learn transformer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ann_tui.data.cells.dates import ISO
from ann_tui.data.cells.values import Labels
from ann_tui.data.choices.encodings import ENCODING
from ann_tui.data.choices.imputations import MISSING_CATEGORY
from ann_tui.data.choices.outliers import OUTLIER_ACTIONS, OUTLIERS
from ann_tui.data.choices.preparation import ColumnChoice
from ann_tui.data.choices.texts import TEXT
from ann_tui.data.preparing.columns import Column, DateColumn, LabelColumn, NumberColumn, TextColumn
from ann_tui.data.preparing.encoding import Binary, OneHot, Ordinal, YesNo
from ann_tui.data.preparing.hashing import SIZE
from ann_tui.export.code_text import call, name_for, written
from ann_tui.export.export_error import ExportError

if TYPE_CHECKING:
    from ann_tui.data.preparing.inaccurate import LabelRules
    from ann_tui.data.preparing.prepare import PreparedData

SCALERS: Mapping[str, str] = {
    "standard": "StandardScaler()",
    "min-max": "MinMaxScaler()",
    "robust": "RobustScaler()",
    "smooth clip": "SmoothClip()",
    "quantile": 'QuantileTransformer(n_quantiles={quantiles}, output_distribution="normal", subsample=None)',
    "none": "",
}
"""What scales numbers, by the option; no code where nothing does."""

LIMITS = {"iqr": 1.5, "z-score": 3.0, "isolation forest": 0.05}
"""The usual limit of each way to find outliers."""

CYCLES = ("month", "weekday", "hour")


@dataclass
class PreparationCode:
    """Step 1: `rules` are lines that change a frame, `lists` name groups of columns, `transformer` is the whole.

    `numbers` are the groups of number columns. `bins` says that the last inputs are the bins of numbers, whose weights
    begin at 0; `notes` are comments on rows that were left out.
    """

    rules: list[str] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    bins: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def transformer(self) -> str:
        """`preprocess`, of entries in the order in which the network sees them."""
        lines = "".join(f"    {entry},\n" for entry in self.entries)
        return f"preprocess = make_column_transformer(\n{lines}    sparse_threshold=0,\n)"


class _Builder:
    """Collects what the columns of one preparation need."""

    def __init__(self, prepared: PreparedData, dates: Mapping[str, str]) -> None:
        self.prepared, self.dates = prepared, dates
        self.made = PreparationCode()
        self.columns = prepared.fitted.columns
        self.choices = {column.name: self._choice(column) for column in self.columns}
        self.numbers = [column for column in self.columns if isinstance(column, NumberColumn)]
        self.seed = prepared.preparation.split.seed

    def _choice(self, column: Column) -> ColumnChoice:
        return self.prepared.preparation.of_column(column.name, column.kind)

    def list_of(self, wanted: str, names: list[str]) -> str:
        """The variable of a list of columns."""
        code = written(names, beside=len(wanted) + 3)
        for name, known in self.made.lists.items():
            if known == code:
                return name
        name = name_for(wanted, self.made.lists)
        self.made.lists[name] = code
        return name

    def grouped(self, columns: list[Column], key: Callable[[Column], str]) -> dict[str, list[str]]:
        """The names of columns by what is done with them."""
        found: dict[str, list[str]] = {}
        for column in columns:
            found.setdefault(key(column), []).append(column.name)
        return found

    def build(self) -> PreparationCode:
        """All of it."""
        for column in self.columns:
            self._rules(column)
        self._scaled_numbers()
        for column in self.columns:
            if isinstance(column, DateColumn):
                self._date(column)
        labels: list[Column] = [column for column in self.columns if isinstance(column, LabelColumn)]
        for steps, names in self.grouped(labels, self._label_steps).items():
            kind = "flags" if steps.startswith("yes/no:") else "categories"
            self.enter("encode", _pipeline(steps.removeprefix("yes/no:")), self.list_of(kind, names))
        for column in self.columns:
            if isinstance(column, TextColumn):
                self._text(column)
        self._indicators()
        self._bins()
        return self.made

    def named(self, wanted: str, transformer: str) -> str:
        """The variable of a transformer."""
        name = name_for(wanted, [*self.made.lists, *(line.split(" ")[0] for line in self.made.named)])
        self.made.named.append(f"{name} = {transformer}")
        return name

    def enter(self, wanted: str, transformer: str, columns: str) -> None:
        """One more entry; a long transformer gets a name of its own."""
        long = len(transformer) + len(columns) > 80
        self.made.entries.append(f"({self.named(wanted, transformer) if long else transformer}, {columns})")

    # -- rules: what is known before anything is fitted -------------------------------------------------

    def _rules(self, column: Column) -> None:
        name, choice, lines = written(column.name), self.choices[column.name], self.made.rules
        match column:
            case NumberColumn(rules=rules) if rules.minimum is not None or rules.maximum is not None:
                low = "-np.inf" if rules.minimum is None else f"{rules.minimum:g}"
                high = "np.inf" if rules.maximum is None else f"{rules.maximum:g}"
                lines.append(f"frame[{name}] = frame[{name}].where(frame[{name}].between({low}, {high}))")
            case DateColumn():
                form = written(self.dates[column.name])
                zone = "utc=True, " if self.dates[column.name] == ISO else ""
                epoch = 'pd.Timestamp("1970-01-01"' + (', tz="UTC")' if zone else ")")
                lines.append(f'dates = pd.to_datetime(frame[{name}], format={form}, {zone}errors="coerce")')
                lines.append(f"frame[{name}] = (dates - {epoch}).dt.total_seconds()")
            case LabelColumn(rules=label_rules):
                lines += self._label_rules(column.name, label_rules)
                if isinstance(column.encoder, YesNo):
                    words = {
                        **dict.fromkeys(column.encoder.false, 0.0),
                        **dict.fromkeys(column.encoder.true, 1.0),
                    }
                    lines.append(f"frame[{name}] = frame[{name}].map({written(words, 4)})")
            case TextColumn():
                lines.append(f'frame[{name}] = frame[{name}].fillna("")')
        if (
            isinstance(column, NumberColumn)
            and not OUTLIERS[choice.outliers].fence
            and choice.outliers != "none"
        ):
            mixed = {
                self.choices[other.name].outlier_action
                for other in self.numbers
                if self.choices[other.name].outliers == choice.outliers
            }
            if len(mixed) > 1:
                raise ExportError(
                    f"outliers by {choice.outliers} that are clipped in one column and not in another can't be written "
                    "as code: choose the same for all columns"
                )

    def _label_rules(self, name: str, rules: LabelRules) -> list[str]:
        """Labels that mean the same, and those that are possible."""
        from ann_tui.data.cells.values import read_labels

        shown, lines = written(name), []
        values: Labels = read_labels(self.prepared.table.parsed[name])
        became = {label: rules.replaced(label) for label in values.labels}
        if merged := {label: new for label, new in became.items() if label != new}:
            lines.append(f"frame[{shown}] = frame[{shown}].replace({written(merged, 4)})")
        if rules.allowed is not None:
            allowed = written(list(rules.allowed), 4)
            lines.append(f"frame[{shown}] = frame[{shown}].where(frame[{shown}].isin({allowed}))")
        return lines

    # -- numbers ----------------------------------------------------------------------------------------

    def _fence(self, choice: ColumnChoice) -> list[str]:
        action = OUTLIER_ACTIONS[choice.outlier_action]
        if choice.outliers == "none" or action.apply is None:
            return []
        if choice.outliers not in LIMITS or choice.outlier_action not in ("clip", "mark missing"):
            raise ExportError(
                f"outliers: {choice.outliers}, {choice.outlier_action}: can't be written as code"
            )
        limit = LIMITS[choice.outliers] if choice.outlier_limit is None else choice.outlier_limit
        marks = {"missing": True} if choice.outlier_action == "mark missing" else {}
        if choice.outliers == "isolation forest":
            return [call("ForestFence", **{"share": min(limit, 0.5), "seed": self.seed, **marks})]
        return [call("Fence", written(choice.outliers), written(limit), **marks)]

    def _fill(self, choice: ColumnChoice) -> list[str]:
        match choice.missing:
            case "median" | "drop rows":
                return ['SimpleImputer(strategy="median")']
            case "mean":
                return ['SimpleImputer(strategy="mean")']
            case "most frequent":
                return ['SimpleImputer(strategy="most_frequent")']
            case "constant":
                return [call("SimpleImputer", strategy="constant", fill_value=float(choice.fill))]
            case "knn" | "iterative":
                return self._model_fill(choice)
        raise ExportError(f"missing numbers filled by {choice.missing!r} can't be written as code")

    def _model_fill(self, choice: ColumnChoice) -> list[str]:
        ways = {
            (self.choices[each.name].missing, *self._fence(self.choices[each.name])) for each in self.numbers
        }
        if len(ways) > 1 or choice.scaling == "none":
            raise ExportError(
                f"missing numbers filled by {choice.missing!r} can be written as code where all number columns are "
                "filled so, and scaled: choose the same for all columns"
            )
        if choice.missing == "knn":
            return ["StandardScaler()", "KNNImputer(n_neighbors=5)"]
        return ["StandardScaler()", call("IterativeImputer", max_iter=10, random_state=self.seed)]

    def _scaler(self, scaling: str) -> list[str]:
        if scaling not in SCALERS:
            raise ExportError(f"scaling {scaling!r} can't be written as code")
        rows = self.prepared.fitted.training_rows
        code = SCALERS[scaling].format(quantiles=min(1000, rows))
        return [code] if code else []

    def _number_steps(self, column: Column) -> str:
        choice = self.choices[column.name]
        return "; ".join([*self._fence(choice), *self._fill(choice), *self._scaler(choice.scaling)])

    def _scaled_numbers(self) -> None:
        for steps, names in self.grouped(list(self.numbers), self._number_steps).items():
            numbers = self.list_of("numbers", names)
            self.made.numbers.append(numbers)
            self.made.entries.append(f"({self.named('scale', _pipeline(steps))}, {numbers})")

    def _indicators(self) -> None:
        def steps(column: Column) -> str:
            choice = self.choices[column.name]
            fence = self._fence(choice) if isinstance(column, NumberColumn) else []
            return "; ".join([*fence, 'MissingIndicator(features="all")'])

        flagged = [column for column in self.columns if getattr(column, "indicator", False)]
        for code, names in self.grouped(flagged, steps).items():
            self.enter("gaps", _pipeline(code), self.list_of("flagged", names))

    def _bins(self) -> None:
        binned = {column.name for column in self.numbers if column.bins is not None}
        if not binned:
            return
        from ann_tui.data.choices.number_encodings import bin_count

        bins = bin_count(self.prepared.fitted.training_rows, len(self.numbers))
        scales = [line.split(" ")[0] for line in self.made.named if line.startswith("scale")]
        groups = self.grouped(list(self.numbers), self._number_steps).values()
        for scale, names in zip(scales, groups, strict=True):
            wanted = [name for name in names if self.choices[name].number_encoding != "as they are"]
            if any(self.choices[name].number_encoding != "piecewise linear" for name in wanted):
                raise ExportError("this number encoding can't be written as code")
            if wanted:
                self.made.entries.append(
                    f"(make_pipeline({scale}, Bins({bins})), {self.list_of('binned', wanted)})"
                )
        self.made.bins = sum(len(column.bin_names) for column in self.numbers)

    # -- dates, labels, texts ---------------------------------------------------------------------------

    def _date(self, column: DateColumn) -> None:
        choice = self.choices[column.name]
        fill = self._fill(choice)
        for part in column.parts:
            scaler = [] if part.part in CYCLES else self._scaler(choice.scaling)
            steps = [*fill, f"FunctionTransformer({part.part})", *scaler]
            self.enter(f"encode {part.part}", _pipeline("; ".join(steps)), written([column.name]))

    def _label_fill(self, column: LabelColumn) -> list[str]:
        match self.choices[column.name].missing:
            case "most frequent" | "drop rows":
                return ['SimpleImputer(strategy="most_frequent")']
            case "constant":
                if isinstance(column.encoder, YesNo):
                    fill: object = 1.0 if column.fill in column.encoder.true else 0.0
                else:
                    fill = column.fill
                return [call("SimpleImputer", strategy="constant", fill_value=fill)]
        raise ExportError(
            f"missing categories filled by {self.choices[column.name].missing!r} can't be written as code"
        )

    def _label_steps(self, column: Column) -> str:
        assert isinstance(column, LabelColumn)
        choice, fill = self.choices[column.name], self._label_fill(column)
        if isinstance(column.encoder, YesNo):
            return "yes/no:" + "; ".join(fill)
        return "; ".join([*fill, *self._encoder(column, choice)])

    def _encoder(self, column: LabelColumn, choice: ColumnChoice) -> list[str]:
        if choice.encoding not in ("one-hot", "ordinal", "binary", "target"):
            raise ExportError(f"encoding {choice.encoding!r} can't be written as code")
        match ENCODING[choice.encoding].form:
            case "one-hot":
                return [self._one_hot(column, choice)]
            case "target":
                folds = call("KFold", "5", shuffle=True, random_state=self.seed)
                kind = "auto" if self.prepared.fitted.target.classes else "continuous"
                return [f"TargetEncoder(target_type={written(kind)}, cv={folds})"]
            case "binary":
                assert isinstance(column.encoder, Binary)
                labels = list(column.encoder.labels)
                order = {} if labels == sorted(labels) else {"categories": [labels]}
                digits = len(column.encoder.names(column.name))
                number = call("OrdinalEncoder", **order, handle_unknown="use_encoded_value", unknown_value=-1)
                return [number, f'FunctionTransformer(binary_digits, kw_args={{"digits": {digits}}})']
        assert isinstance(column.encoder, Ordinal)
        order = {"categories": [list(column.encoder.labels)]}
        unknown = 'handle_unknown="use_encoded_value", unknown_value=np.nan'
        mean = 'SimpleImputer(strategy="mean")'
        return [call("OrdinalEncoder", unknown, **order), mean, *self._scaler(choice.scaling)]

    def _one_hot(self, column: LabelColumn, choice: ColumnChoice) -> str:
        """A label of fewer training rows than the share, or of one row, is rare; with a share of 0 none is."""
        assert isinstance(column.encoder, OneHot)
        rows = self.prepared.fitted.training_rows
        least = max(2, math.ceil(choice.rare * rows)) if choice.rare > 0 else None
        if (
            choice.rare > 0
            and column.fill in column.encoder.labels
            and "fill_category" in MISSING_CATEGORY[choice.missing].asks
        ):
            values = column.rules.apply(
                column.read(self.prepared.table.frame[column.name].iloc[self.prepared.training.rows])
            )
            filled = int(np.count_nonzero(values.missing))
            told = sum(
                int(count)
                for label, count in zip(values.labels, values.counts(), strict=True)
                if label == column.fill
            )
            if 0 < filled + told < (least or 0):
                raise ExportError(
                    f"column {column.name!r}: {column.fill!r}, with which gaps are filled, is a rare category that is "
                    "kept all the same, which scikit-learn's OneHotEncoder can't say: choose a smaller share for rare "
                    "categories"
                )
        options = {} if least is None else {"min_frequency": least}
        unknown = "ignore" if least is None else "infrequent_if_exist"
        return call("OneHotEncoder", **options, handle_unknown=unknown, sparse_output=False)

    def _text(self, column: TextColumn) -> None:
        option = TEXT[column.hashing.method]
        if not isinstance(option.cut, str):
            raise ExportError(f"texts as {column.hashing.method!r} can't be written as code")
        code = call("HashingVectorizer", n_features=SIZE, analyzer=option.cut, ngram_range=option.lengths)
        self.made.entries.append(f"({code}, {written(column.name)})")


def _pipeline(steps: str) -> str:
    """Steps, with '; ' between them, as one transformer."""
    found = [step for step in steps.split("; ") if step]
    if not found:
        return '"passthrough"'
    line = found[0] if len(found) == 1 else f"make_pipeline({', '.join(found)})"
    return line if len(line) < 80 else "make_pipeline(\n" + "".join(f"    {each},\n" for each in found) + ")"


def preparation_code(prepared: PreparedData, dates: Mapping[str, str]) -> PreparationCode:
    """Step 1 for an experiment's rows. Raises ExportError for an option that can't be written as code."""
    made = _Builder(prepared, dates).build()
    chosen = prepared.preparation
    if len(prepared.set_aside):
        made.notes.append(f"{len(prepared.set_aside)} rows take no part: the parts' file does not list them")
    if chosen.duplicates != "keep":
        made.notes.append(f"repeated rows: {chosen.duplicates} (those left out are not in the parts' file)")
    return made
