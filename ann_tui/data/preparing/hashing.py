"""Free text as hashed counts of words or letters."""

from __future__ import annotations

import msgspec
import numpy as np

from ann_tui.data.cells.values import Labels
from ann_tui.data.choices.texts import TEXT
from ann_tui.data.preparing.encoding import Matrix

SIZE = 64


class HashedText(msgspec.Struct, frozen=True):
    """Counts of the pieces into which an option of `TEXT` cuts a text, each added to one of `size` features.

    A hash of the piece chooses the feature and the sign; each text is scaled to length 1. Nothing is fitted.
    Weinberger et al., Feature Hashing for Large Scale Multitask Learning, 2009.
    """

    method: str
    size: int = SIZE

    def __post_init__(self) -> None:
        """Checks method and size. Raises ValueError."""
        if self.method not in TEXT or TEXT[self.method].cut is None or not 1 <= self.size <= 4096:
            raise ValueError(f"unknown hashing of text: '{self.method}' in {self.size} features")

    def names(self, column: str) -> tuple[str, ...]:
        """The name of each feature."""
        pieces = TEXT[self.method].pieces
        return tuple(f"{column} {pieces} {place + 1}" for place in range(self.size))

    def write(self, values: Labels, out: Matrix) -> None:
        """Fills `out`, float32 (n, size); zeros for a missing text."""
        from sklearn.feature_extraction.text import HashingVectorizer

        option = TEXT[self.method]
        vectorizer = HashingVectorizer(n_features=self.size, analyzer=option.cut, ngram_range=option.lengths)
        used = np.flatnonzero(values.counts())
        place = np.full(len(values.labels) + 1, -1, dtype=np.int64)
        place[used] = np.arange(len(used))
        features = np.zeros((len(used) + 1, self.size), dtype=np.float32)
        if len(used):
            features[:-1] = vectorizer.transform([values.labels[code] for code in used]).toarray()
        out[:] = features[place[values.codes]]

    @property
    def text(self) -> str:
        """What is done, in words."""
        return f"{self.method} in {self.size} columns"
