"""Columns of words as ONNX: a list of the words that mean something, and a row of features for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd

from ann_tui.data.cells.values import read_labels
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.preparing.boolean_words import NO_WORDS, YES_WORDS
from ann_tui.data.preparing.columns import LabelColumn
from ann_tui.data.preparing.encoding import Matrix
from ann_tui.data.preparing.inaccurate import plain_spelling
from ann_tui.data.preparing.transform_report import TransformReport
from ann_tui.export.as_onnx.graph import ML, Graph

_SHORT = 4
"""A word of so many letters is tried in every way of capital and small ones."""
MOST_SPACES = 2
"""So many spaces before and behind a word are known, where the preparation takes it for the word without them."""
_ONE_SPACE = ((" ", ""), ("", " "))
_SPACES = tuple(
    (" " * before, " " * behind)
    for before, behind in product(range(MOST_SPACES + 1), repeat=2)
    if before or behind
)


def label_features(graph: Graph, column: LabelColumn, words: str) -> str:
    """The features, float32 (n, features), of a column of texts (n, 1), of which "" is a missing one.

    The rows of features are those that the column itself makes, so that every encoding is written as it is. Words in
    any case are known where the preparation takes them for one (of A to Z; other letters in the usual cases), and with
    up to `MOST_SPACES` spaces around them.
    """
    exact = known_words(column)
    cases = _in_any_case(column, set(exact))
    unknown = _unlike(exact)
    features = rows_of(column, [*exact, *cases.values(), unknown])
    kinds, places = np.unique(features, axis=0, return_inverse=True)
    places = places.ravel()
    flat = graph.add("Reshape", words, graph.whole([-1]))
    otherwise = int(places[-1])
    by_word = dict(zip(exact, places.tolist(), strict=False))
    if cases:
        by_case = dict(zip(cases, places[len(exact) : -1].tolist(), strict=True))
        plain = _look_up(graph, _lower(graph, flat), by_case, otherwise)
        found = _look_up(graph, flat, by_word, -1)
        found = graph.where(graph.add("Less", found, graph.whole(0)), plain, found)
    else:
        found = _look_up(graph, flat, by_word, otherwise)
    return graph.add("Gather", graph.single(kinds), found, axis=0)


def known_words(column: LabelColumn) -> list[str]:
    """The words that a column's preparation knows as they are spelt, with "" for a missing one, each once."""
    rules, encoder = column.rules, column.encoder
    named = (getattr(encoder, name, ()) for name in ("labels", "true", "false"))
    words: Sequence[str] = (
        *column.seen, *rules.merge, *rules.merge.values(), *rules.spellings.values(), *(rules.allowed or ()),
        column.fill, *(word for words in named for word in words), *_word_pairs(column),
    )  # fmt: skip
    found = ["", *(" " * length for length in range(1, 9)), *words]
    around = _SPACES if _ignores_spaces(column) else _ONE_SPACE
    found += [f"{before}{word}{behind}" for word in words for before, behind in around]
    return list(dict.fromkeys(found))


def rows_of(column: LabelColumn, words: Sequence[str]) -> Matrix:
    """The column's features of these words, float32 (n, features)."""
    features = np.empty((len(words), len(column.feature_names)), np.float32)
    column.write(read_labels(pd.Series(list(words), dtype=object)), features, TransformReport())
    return features


def _ignores_spaces(column: LabelColumn) -> bool:
    """Whether the preparation takes a word with spaces around it for the word itself."""
    return bool(column.kind == ColumnKind.BOOLEAN or column.rules.spellings or column.rules.allowed)


def words_known(column: LabelColumn) -> str:
    """How near a text must come to a word that the column knows, in words."""
    spaces = f"up to {MOST_SPACES} spaces around it don't matter, further ones around or within do"
    if column.kind == ColumnKind.BOOLEAN or column.rules.spellings:
        return f"in any case of A to Z; {spaces}"
    return (
        f"each letter as its file spells it; {spaces}"
        if column.rules.allowed
        else ("each letter and each space as its file spells it")
    )


def _word_pairs(column: LabelColumn) -> tuple[str, ...]:
    """The words for yes and no, where the column takes others for its own."""
    return (*sorted(YES_WORDS), *sorted(NO_WORDS)) if column.kind == ColumnKind.BOOLEAN else ()


def _in_any_case(column: LabelColumn, exact: set[str]) -> dict[str, str]:
    """Words with A to Z as small letters that stand for those of any case, each with one that is not `exact`."""
    found: dict[str, str] = {}
    spellings = column.rules.spellings
    for word in (*spellings, *spellings.values(), *_word_pairs(column)):
        for each, (before, behind) in product(
            (*_cases(plain_spelling(word)), *_cases(word)), (("", ""), *_SPACES)
        ):
            small = f"{before}{_small(each)}{behind}"
            if small not in found and plain_spelling(small) == plain_spelling(word):
                other = next((case for case in _cases(small) if case not in exact), None)
                if other is not None:
                    found[small] = other
    return found


def _cases(word: str) -> Iterator[str]:
    """A word in the usual cases; a short one in all."""
    yield from (word, word.upper(), word.title(), word.capitalize(), word.swapcase(), word.title().swapcase())
    if len(word) <= _SHORT:
        yield from ("".join(letters) for letters in product(*((each, each.upper()) for each in word)))


def _small(word: str) -> str:
    """With A to Z as small letters, and all others as they are."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in word)


def _unlike(words: Sequence[str]) -> str:
    """A word that is none of these in any case."""
    return "x" * (max(map(len, words)) + 1)


def _look_up(graph: Graph, words: str, places: dict[str, int], otherwise: int) -> str:
    return graph.add(
        "LabelEncoder",
        words,
        domain=ML,
        keys_strings=[word.encode() for word in places],
        values_int64s=list(places.values()),
        default_int64=otherwise,
    )


def _lower(graph: Graph, words: str) -> str:
    """With A to Z as small letters. The operation takes no empty list, which is why it gets a word more."""
    one_more = graph.add("Concat", words, graph.constant([""], object), axis=0)
    small = graph.add(
        "StringNormalizer", one_more, case_change_action="LOWER", is_case_sensitive=1, locale="C"
    )
    return graph.add("Slice", small, graph.whole([0]), graph.whole([-1]), graph.whole([0]))
