"""How a file is read, what is wrong with it, and large files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from app_driver import Driver, Open

from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.reading.read_error import TooLargeError
from ann_tui.experiments.derived import Derived
from ann_tui.experiments.workbench import Step
from ann_tui.tui import reading_job
from ann_tui.tui.app.app import AnnApp
from ann_tui.tui.copying import _painted
from ann_tui.tui.dialogs.notes import Note, NotesScreen
from ann_tui.tui.screens.data import DataScreen
from ann_tui.tui.settings.reading_settings import ReadingChoices, read_marks, shown, write_marks
from ann_tui.tui.widgets.choice_table import ChoiceTable


def derived(app: Driver) -> Derived:
    state = app.app.workbench.derived
    assert state is not None
    return state


def source(app: Driver) -> Source:
    experiment = app.app.workbench.experiment
    assert experiment is not None
    return experiment.source


def put_cursor(app: Driver, key: str) -> None:
    app.app.screen.query_one(ChoiceTable).put_cursor(key)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """60 rows with an impossible age, a mark of its own, and a record that does not fit."""
    rows = [
        f"{'n.k.' if n == 7 else 20 + n % 50},{('male', 'female')[n % 2]},{n % 7},{('yes', 'no')[n * n % 3 > 0]}"
        for n in range(60)
    ]
    rows[3] = "340,male,3,yes"
    rows.insert(30, "1,2,3,4,5,6,7,8")
    path = tmp_path / "people.csv"
    path.write_text("age,sex,children,answer\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


# -- dialect -------------------------------------------------------------------------------------------------


async def test_the_table_is_read_again_as_the_dialect_panel_says(open_app: Open, people: Path) -> None:
    async with open_app(people) as app:
        assert list(derived(app).table.frame.columns) == ["age", "sex", "children", "answer"]
        await app.press("d")
        put_cursor(app, "dialect.header")
        await app.press("right")
        await app.ready()
        assert source(app).dialect == Dialect(header=False)
        assert derived(app).table.frame.iloc[0].tolist() == ["age", "sex", "children", "answer"]
        await app.press("d")
        await app.ready()
        assert source(app).dialect is None
        assert list(derived(app).table.frame.columns) == ["age", "sex", "children", "answer"]


async def test_a_sign_can_be_typed_and_undone_in_the_panel(open_app: Open, people: Path) -> None:
    async with open_app(people) as app:
        await app.press("d")
        put_cursor(app, "dialect.delimiter")
        await app.press("enter", *"semicolon", "enter")
        await app.ready()
        assert len(derived(app).table.frame.columns) == 1
        await app.sees("semicolon  ;")
        await app.press("u")
        await app.ready()
        assert len(derived(app).table.frame.columns) == 4


async def test_a_dialect_that_cannot_be_read_is_said_and_taken_back(open_app: Open, people: Path) -> None:
    async with open_app(people) as app:
        before = derived(app)
        await app.press("d")
        put_cursor(app, "dialect.skip")
        await app.press("enter", *"900", "enter")
        await app.until(lambda: source(app).dialect is None, "the way back")
        await app.ready()
        assert derived(app).table.frame.equals(before.table.frame)
        assert any(str(note.message) for note in app.app._notifications)


async def test_marks_of_missing_values_for_the_file_and_for_one_column(open_app: Open, people: Path) -> None:
    async with open_app(people) as app:
        assert derived(app).profile.column("age").missing == 0
        put_cursor(app, "age")
        await app.press("d")
        put_cursor(app, "column_marks")
        await app.press("enter", *"n.k.", "enter")
        await app.ready()
        assert source(app).column_marks == {"age": ("", "n.k.")}
        assert derived(app).profile.column("age").missing == 1
        await app.press("d")
        put_cursor(app, "missing_marks")
        await app.press("enter", "home", *"n.k.,", "enter")
        await app.ready()
        assert source(app).column_marks == {}
        assert "n.k." in source(app).missing_marks
        assert derived(app).profile.column("age").missing == 1
        await app.press("D")
        await app.ready()
        assert source(app) == Source(str(people))


async def test_how_the_numbers_of_one_column_are_written(open_app: Open, tmp_path: Path) -> None:
    """`m` answers the finding, `u` takes it back, and the dialect panel says and changes the same."""
    path = tmp_path / "loads.csv"
    path.write_text("load,kind\n" + "".join(f"{place / 10}k,{'ab'[place % 2]}\n" for place in range(40)))
    async with open_app(path) as app:
        assert derived(app).profile.column("load").kind == "identifier"
        put_cursor(app, "load")
        await app.sees("read numbers with k for thousands")
        await app.press("m")
        await app.ready()
        assert source(app).number_forms == {"load": "12k"}
        assert derived(app).profile.column("load").maximum == 3900
        await app.press("u")
        await app.ready()
        assert source(app).number_forms == {}
        put_cursor(app, "load")
        await app.press("d")
        put_cursor(app, "number_forms")
        await app.sees("as found")
        await app.press("enter", *"13", "enter")
        await app.sees("is no way to write numbers")
        await app.press("backspace", "2", "k", "enter")
        await app.ready()
        assert source(app).number_forms == {"load": "12k"}


def test_marks_are_written_as_they_are_read() -> None:
    for marks in (("",), ("", "n/a", "a, b", 'say "no"', "-"), ("", "x y")):
        assert read_marks(write_marks(marks)) == marks
    with pytest.raises(ValueError, match="quote"):
        read_marks('"open')


def test_decimal_and_thousands_never_are_the_same_sign() -> None:
    for decimal in (".", ","):
        choices = ReadingChoices(Dialect(decimal=decimal, thousands=decimal))
        dialect = choices.put_into(Source("x.csv"), None, None).dialect
        assert dialect is not None and dialect.thousands != dialect.decimal == decimal


# -- findings and rules --------------------------------------------------------------------------------------


async def test_a_rule_is_stated_listed_and_taken_away(open_app: Open, people: Path) -> None:
    async with open_app(people) as app:
        put_cursor(app, "children")
        await app.press("i", *"0..5", "enter")
        await app.ready()
        assert source(app).rules == ("children in 0..5",)
        prepared = derived(app).prepared
        assert prepared is not None
        limits = {
            column.name: column.rules for column in prepared.fitted.columns if column.name == "children"
        }
        assert limits["children"].maximum == 5
        await app.sees("✓ take as missing by rule: in 0..5")
        assert "impossible: not children in 0..5" in app.static("#findings")
        await app.press("i")
        await app.sees("0..5", "enter takes it")
        await app.press("backspace", "enter")
        await app.ready()
        experiment = app.app.workbench.experiment
        assert experiment is not None and experiment.source.rules == ()
        assert experiment.preparation.columns == {}


async def test_a_rule_that_is_none_is_refused_where_it_is_typed(open_app: Open, people: Path) -> None:
    async with open_app(people) as app:
        put_cursor(app, "children")
        await app.press("i", *"5..1", "enter")
        await app.sees("allows nothing")
        await app.press("escape")
        assert source(app).rules == ()


async def test_m_mends_one_finding_of_the_column_after_the_other(open_app: Open, tmp_path: Path) -> None:
    rows = "".join(
        f"{('Male', 'male', 'f')[n % 3]},{'1e15' if n == 77 else round(1.1**n)},{n % 2}\n" for n in range(200)
    )
    path = tmp_path / "two.csv"
    path.write_text("sex,size,target\n" + rows, encoding="utf-8")
    async with open_app(path) as app:
        put_cursor(app, "size")
        await app.sees("m take as missing by rule", "then scale by rank")
        await app.press("m")
        await app.ready()
        await app.sees("✓ take as missing by rule", "m scale by rank")
        await app.press("m")
        await app.ready()
        experiment = app.app.workbench.experiment
        assert experiment is not None
        maximum = experiment.preparation.columns["size"].maximum
        assert maximum is not None and 1.1**199 < maximum < 1e15
        assert experiment.preparation.columns["size"].scaling == "quantile"
        await app.press("m")
        await app.sees("nothing more to mend")
        assert app.app.workbench.experiment == experiment


async def test_every_line_that_was_left_out_is_listed_with_its_reason(open_app: Open, people: Path) -> None:
    async with open_app(people) as app:
        await app.press("w")
        await app.sees("Left out: 1 line", "line 32: ")
        row = derived(app).table.dropped[0]
        assert row.line == 32 and row.reason in app.text()


async def test_a_finding_is_mended_from_the_list(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "churn.csv") as app:
        await app.press("w", "m")
        await app.ready()
        experiment = app.app.workbench.experiment
        assert experiment is not None and experiment.preparation.class_weights == "balanced"
        await app.sees("✓ class weights")


async def test_a_hundred_thousand_lines_are_listed_without_drawing_them(
    open_app: Open, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: set[int] = set()
    note = NotesScreen._note

    def noted(screen: NotesScreen, index: int) -> Note:
        drawn.add(index)
        return note(screen, index)

    monkeypatch.setattr(NotesScreen, "_note", noted)
    async with open_app(people) as app:
        state = derived(app)
        dropped = tuple(DroppedRow(line, f"reason {line}") for line in range(100_000))
        table = replace(state.table, dropped=dropped)
        app.app.workbench.derived = replace(state, data=replace(state.data, table=table))
        await app.press("w", "end")
        await app.sees("line 99,999: reason 99999")
        assert len(drawn) < 200


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_findings_of_the_column_under_the_cursor_are_never_cut(
    open_app: Open, sample_data: Path, size: tuple[int, int]
) -> None:
    async with open_app(sample_data / "churn.csv", size=size) as app:
        put_cursor(app, "total_day_charge")
        await app.sees("m leave out")
        panel = app.app.screen.query_one("#columns-panel" if size[0] < 100 else "#column-panel")
        painted = " ".join(_painted(app.app.screen, panel).split())
        assert "! says the same as total_day_minutes (correlation 1.0000) m leave out" in painted


# -- large files ---------------------------------------------------------------------------------------------


class Gate:
    """Lets the reading thread go on when the test says so."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Every file counts as large, and is read half before the gate, half behind it."""
    gate = Gate()
    monkeypatch.setattr(reading_job, "LARGE_FILE", 0)
    from ann_tui.data.reading import read_table as reading

    read = reading.read_table

    def slow(source: Source, *, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> Any:
        size = Path(source.path).stat().st_size
        progress(size // 2, size)
        gate.reached.set()
        while not gate.open.wait(0.01):
            if cancelled():
                break
        return read(source, progress=progress, cancelled=cancelled)

    monkeypatch.setattr(reading, "read_table", slow)
    return gate


async def test_the_first_rows_are_shown_while_the_rest_is_read(
    open_app: Open, gate: Gate, sample_data: Path
) -> None:
    async with open_app() as app:
        app.app.open_file(str(sample_data / "churn.csv"))
        await app.sees("from the first 500 rows", "… 50 %", "of 500", "esc stops")
        assert app.app.current_mode == "data"
        await app.press("g", "i", "m", "x", "k", "d")
        assert app.app.workbench.experiment is None and len(app.app.screen_stack) == 1
        gate.open.set()
        await app.until(lambda: app.app.workbench.derived is not None, "the file")
        await app.sees("of 5,000")
        assert source(app).excluded == () and source(app).target is None, "k was asked for last"
        assert "esc stops" not in app.text() and not app.app.busy


async def test_a_step_asked_for_while_the_file_is_read_is_entered_when_it_can_be(
    open_app: Open, gate: Gate, sample_data: Path
) -> None:
    async with open_app() as app:
        app.app.open_file(str(sample_data / "penguins.csv"))
        await app.until(gate.reached.is_set, "the reading")
        app.app.action_go(Step.LAYERS.value)
        await app.sees("as soon as the table is prepared")
        gate.open.set()
        await app.until(lambda: app.app.current_mode == Step.LAYERS.value, "the Layers screen")


async def test_a_target_chosen_while_the_file_is_read_is_taken_afterwards(
    open_app: Open, gate: Gate, sample_data: Path
) -> None:
    async with open_app() as app:
        app.app.open_file(str(sample_data / "churn.csv"))
        await app.sees("from the first 500 rows")
        put_cursor(app, "international_plan")
        await app.press("g")
        await app.sees("still being read", "that is done")
        gate.open.set()
        await app.until(lambda: app.app.workbench.derived is not None, "the file")
        await app.ready()
        assert source(app).target == "international_plan"
        assert derived(app).profile.target == "international_plan"


async def test_a_model_opened_while_a_table_is_read_stays(
    open_app: Open, gate: Gate, sample_data: Path
) -> None:
    model = Path(__file__).parents[1] / "model" / "fixtures" / "version_1_classes.ann"
    async with open_app() as app:
        app.app.open_file(str(sample_data / "churn.csv"))
        await app.sees("esc stops")
        app.app.open_file(str(model))
        await app.until(lambda: app.app.workbench.model is not None, "the model")
        gate.open.set()
        await app.until(
            lambda: not any(worker.is_running for worker in app.app.workers), "the reading to end"
        )
        assert app.app.current_mode == "predict" and app.app.workbench.model is not None
        assert app.app.workbench.experiment is None and app.app.reading is None


async def test_reading_is_stopped_on_the_way_from_the_start_screen(
    open_app: Open, gate: Gate, sample_data: Path
) -> None:
    async with open_app() as app:
        app.app.open_file(str(sample_data / "churn.csv"))
        await app.sees("esc stops")
        await app.press("escape")
        assert app.app.current_mode == "start" and not app.app.busy
        await app.sees("was stopped")
        assert app.app.workbench.derived is None
        gate.open.set()
        app.app.open_file(str(sample_data / "cars.csv"))
        await app.until(lambda: app.app.workbench.derived is not None, "the other file")
        assert source(app).path.endswith("cars.csv")


async def test_stopping_goes_back_to_the_table_before(open_app: Open, gate: Gate, sample_data: Path) -> None:
    gate.open.set()
    async with open_app(sample_data / "cars.csv") as app:
        before = derived(app)
        gate.open.clear()
        app.app.open_file(str(sample_data / "churn.csv"))
        await app.sees("esc stops", "international_plan")
        await app.press("escape")
        await app.sees("Horsepower")
        assert app.app.workbench.derived is before


async def test_reading_with_another_dialect_can_be_stopped(open_app: Open, gate: Gate, people: Path) -> None:
    gate.open.set()
    async with open_app(people) as app:
        before = derived(app)
        gate.open.clear()
        await app.press("d")
        put_cursor(app, "dialect.header")
        await app.press("right")
        await app.until(
            lambda: app.app.reading is not None and app.app.reading.preview is not None, "the preview"
        )
        await app.press("escape", "escape")
        await app.ready()
        assert source(app).dialect is None and app.app.workbench.derived is before
        assert not app.app.editor.deriving


async def test_the_newest_of_two_dialects_wins(open_app: Open, gate: Gate, people: Path) -> None:
    gate.open.set()
    async with open_app(people) as app:
        gate.open.clear()
        gate.reached.clear()
        await app.press("d")
        put_cursor(app, "dialect.header")
        await app.press("right")
        await app.until(gate.reached.is_set, "the first reading")
        put_cursor(app, "dialect.skip")
        await app.press("right")
        gate.open.set()
        await app.ready()
        assert source(app).dialect == Dialect(header=False, skip=1)
        assert len(derived(app).table.frame) == 60


async def test_what_does_not_fit_in_memory_is_offered_as_a_sample(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, sample_data: Path
) -> None:
    from ann_tui.data.reading import read_table as reading

    read = reading.read_table

    def refuse(source: Source, **options: Any) -> Any:
        if source.sample_rows is None:
            raise TooLargeError("churn.csv needs 9 TB", needed=9, available=1, rows=70)
        return read(source, **options)

    monkeypatch.setattr(reading, "read_table", refuse)
    async with open_app(sample_data / "churn.csv") as app:
        await app.sees("Read 70 random rows", "churn.csv needs 9 TB")
        await app.press("y")
        await app.until(lambda: app.app.workbench.derived is not None, "the sample")
        assert source(app).sample_rows == 70
        assert len(derived(app).table.frame) == 70
        await app.sees("sample of 70 rows")


async def test_leaving_the_app_ends_the_reading(open_app: Open, gate: Gate, sample_data: Path) -> None:
    async with open_app() as app:
        app.app.open_file(str(sample_data / "churn.csv"))
        await app.until(gate.reached.is_set, "the reading")
        job = app.app.reading
        assert job is not None
    assert job.cancelled()


async def test_news_of_a_file_may_come_while_the_app_closes(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, sample_data: Path
) -> None:
    told = []

    def tell(screen: DataScreen) -> None:
        assert not screen.children
        assert isinstance(screen.app, AnnApp)
        screen.app.show_progress()
        screen.app.show_everywhere()
        told.append(screen)

    monkeypatch.setattr(DataScreen, "on_unmount", tell, raising=False)
    async with open_app(sample_data / "churn.csv"):
        assert not told
    assert told


def test_signs_are_shown_with_their_name() -> None:
    from ann_tui.tui.settings.reading_settings import DIALECT_SETTINGS

    by_field = {setting.field: setting for setting in DIALECT_SETTINGS}
    assert shown(by_field["dialect.delimiter"], ";") == "semicolon  ;"
    assert shown(by_field["dialect.delimiter"], "\t") == "tab"
    assert shown(by_field["dialect.comment"], "") == "none"


async def test_what_was_said_of_a_change_goes_when_it_is_undone(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv") as app:
        put_cursor(app, "Name")
        await app.press("m")
        await app.ready()
        await app.sees("(u undoes)")
        await app.press("u")
        await app.ready()
        assert "(u undoes)" not in app.text()
