"""The README's table of words: its keys lead from the first screen to the thing itself, on any table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from app_driver import Driver, Open

README = Path(__file__).resolve().parents[2] / "README.md"
SEEN = {
    "neuron": ("adds them up, then bends: relu", "fires for"),
    "weight": ("listens to", "over the epochs"),
    "activation function": ("then bends: relu", "sum"),
    "hidden layer": ("hidden 1", "→"),
    "cost function": ("cost: -ln", "The further from the right answer"),
    "gradient descent": ("w ←", "this step went"),
    "relevance of neurons": ("Relevance", "Most relevant:"),
    "confusion matrix": ("Confusion matrix · validation", "recall"),
    "test on new data": ("test rows", "the network"),
}
"""What is on the screen when the keys of a word were pressed."""


def keys_of_words() -> dict[str, list[str]]:
    """The words and keys of the table, as they stand in the README."""
    lines = README.read_text(encoding="utf-8").split("\n")
    begin = lines.index("| word | keys | there it is |")
    rows = []
    for line in lines[begin + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return {word: re.findall(r"`([^`]+)`", keys) for word, keys, _ in rows}


def test_the_readme_lists_the_nine_words() -> None:
    assert list(keys_of_words()) == list(SEEN)


@pytest.mark.parametrize("word", SEEN)
async def test_the_keys_lead_there(open_app: Open, sample_data: Path, word: str) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await follow(app, keys_of_words()[word])
        await app.sees(*SEEN[word])


async def follow(app: Driver, keys: list[str]) -> None:
    """Press keys; a training is waited for."""
    for key in keys:
        await app.press(key)
        if key == "t":
            await app.trained()
        await app.ready()
