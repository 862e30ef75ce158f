"""`ann-tui runs`: the runs that are kept, of all tables or of one; shown, exported, deleted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ann_tui.commands.options import FILE, as_json
from ann_tui.commands.running import (
    DONE,
    check_output,
    check_table,
    confirm_overwriting,
    is_terminal,
    print_json,
    say,
)

if TYPE_CHECKING:
    from ann_tui.experiments.kept.run_store import RunStore
    from ann_tui.experiments.kept.stored_run import StoredRun


class ListOrCommand(click.Group):
    """A group whose first word may also be a table: `ann-tui runs data.csv` lists its runs."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a first word that is no command for a table."""
        if args and self.get_command(ctx, args[0]) is not None:
            return super().resolve_command(ctx, args)
        return "list", self.get_command(ctx, "list"), args

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without a word, or with an option of the list alone, all runs are listed."""
        asks_help = any(word in ("-h", "--help") for word in args[:1])
        known = bool(args) and (args[0] in self.commands or asks_help)
        return super().parse_args(ctx, args if known else ["list", *args])


@click.group(cls=ListOrCommand, subcommand_metavar="[FILE | COMMAND [ARGS]...]")
def runs() -> None:
    """List the runs that are kept of FILE, or of all tables: what was trained, in the app or here.

    A table is known again by its bytes, wherever it stands. ID is the name in the list, or its end.

    \b
    Examples:
      ann-tui runs data.csv
      ann-tui runs show 1a2b3c4d
      ann-tui runs export 1a2b3c4d -o best.ann       (or .toml: its choices)
      ann-tui runs delete 1a2b3c4d
    """


@runs.command("list", hidden=True)
@click.argument("file", type=FILE, required=False)
@as_json
def list_runs(file: str | None, as_json: bool) -> int:
    """The runs of FILE, or of all tables, the newest first."""
    store = _store()
    if file is None:
        found = store.runs()
    else:
        check_table(file)
        found = store.of_table(_digest(file))
    if as_json:
        print_json({"runs": [_told(run) for run in found]})
    elif not found:
        of_it = "" if file is None else " of this table"
        say(f"no run{of_it} is kept yet: ann-tui train keeps its scores")
    else:
        from ann_tui.reports.run_table import run_table

        run_table(found, with_tables=file is None)
    return DONE


@runs.command()
@click.argument("id")
@as_json
def show(id: str, as_json: bool) -> int:
    """All that is kept of a run: its scores, its choices, and what was changed by hand."""
    run = _find(id)
    if as_json:
        print_json(_told(run))
    else:
        from ann_tui.reports.run_table import print_run

        print_run(run)
    return DONE


@runs.command()
@click.argument("id")
@click.option(
    "-o", "--output", metavar="FILE", required=True, type=FILE,
    help="NAME.ann for its network, NAME.toml for its choices.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Write over a file without asking.")
def export(id: str, output: str, force: bool) -> int:
    """Write the network of a run (.ann) or its choices with what was changed by hand (.toml) into a file."""
    run, suffix = _find(id), Path(output).suffix.casefold()
    if suffix not in (".ann", ".toml"):
        raise click.ClickException(f"end the name in .ann for the network or .toml for the choices: {output}")
    if suffix == ".ann" and run.model is None:
        raise click.ClickException(
            "only the scores of this run are kept: export its choices (.toml), and ann-tui train gives the same "
            "network again, to the bit"
        )
    check_output(output, [], suffix)
    if not force:
        confirm_overwriting(output)
    if suffix == ".toml":
        from ann_tui.experiments.experiment_writing import write_experiment

        write_experiment(run.experiment(), output)
    else:
        from ann_tui.model.storage import load_model, save_model

        assert run.model is not None
        save_model(load_model(run.model), output)
        _store().note_saved(run, output)
    say(f"saved: {output}")
    return DONE


@runs.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--force", is_flag=True, help="Delete without asking.")
def delete(ids: tuple[str, ...], force: bool) -> int:
    """Delete runs with all that is kept of them."""
    found = [_find(id) for id in ids]
    if not force:
        if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            raise click.ClickException("to delete without being asked, say --force")
        names = ", ".join(run.short_id for run in found)
        if not click.confirm(f"Delete {names}, with all that is kept?", err=True):
            raise click.ClickException("nothing was deleted")
    store = _store()
    for run in found:
        store.delete(run)
        say(f"deleted: {run.short_id}")
    return DONE


def _store() -> RunStore:
    from ann_tui.experiments.kept.run_store import RunStore

    return RunStore()


def _find(id: str) -> StoredRun:
    try:
        return _store().find(id)
    except LookupError as error:
        raise click.ClickException(str(error)) from None


def _digest(file: str) -> str:
    from ann_tui.data.plain_text import shown_path
    from ann_tui.model.trained_model import file_sha256

    digest = file_sha256(Path(file))
    if not digest:
        raise click.ClickException(f"{shown_path(file)}: there is no such file")
    return digest


def _told(run: StoredRun) -> dict[str, Any]:
    """What a script is told of a run."""
    record: dict[str, Any] = msgspec.to_builtins(run.record)
    del record["version"]
    return {"id": run.id, "network": run.model is not None} | record
