"""`ann-tui export`: a network for elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from ann_tui.commands.export_targets import EXPORT_TARGETS
from ann_tui.commands.options import FILE
from ann_tui.commands.running import DONE, check_output, confirm_overwriting, print_notes


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Choice(list(EXPORT_TARGETS)),
    help="; ".join(f"{name}: {target.summary}" for name, target in EXPORT_TARGETS.items()) + ".",
)
@click.option("-o", "--output", metavar="OUT", type=click.Path(), required=True, help="The file to write.")
@click.option(
    "--force",
    is_flag=True,
    help="Write over OUT, and over files of other exports that stand beside it, without asking.",
)
def export(file: str, target: str, output: str, force: bool) -> int:
    """Write the network of FILE for elsewhere: as code, or as a model that other programs run.

    FILE is a model (.ann), of which the trained weights and the preparation are written as well, or an experiment
    (.toml), of which a script is written that trains it anew on the same rows. What belongs beside OUT is named after
    it: penguins.parts.csv beside penguins.py.

    PyTorch can say every preset. scikit-learn's MLP and ann-tui's own estimators can't say the usual one (adamw,
    cosine, refit): their refusal names the --set options to train with so that they can.

    \b
    Examples:
      ann-tui export penguins.toml --to pytorch -o penguins.py
      ann-tui export penguins.ann --to keras -o penguins_keras.py
    """
    from ann_tui.data.plain_text import shown_path

    chosen, path, out = EXPORT_TARGETS[target], Path(file), Path(output)
    if out.suffix.casefold() != chosen.suffix:
        raise click.ClickException(f"{shown_path(output)}: choose a name that ends in {chosen.suffix}")
    check_output(output, [file], chosen.suffix)
    if not force:
        confirm_overwriting(output)
    if path.suffix.casefold() == ".toml":
        from ann_tui.experiments.experiment_file import read_experiment

        if chosen.of_experiment is None:
            raise click.ClickException(
                f"{shown_path(file)} is an experiment, and --to {target} takes a trained model: "
                "ann-tui train … --save MODEL.ann makes one"
            )
        notes = chosen.of_experiment(read_experiment(file), out, force)
    else:
        from ann_tui.model.storage import load_model

        notes = chosen.of_model(load_model(file), path, out, force)
    print_notes(notes)
    return DONE
