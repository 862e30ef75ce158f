"""Definitions for a fitted preparation, each as it stands in a script that uses it."""

from __future__ import annotations

from ann_tui.data.preparing.multivariate_imputation import NEIGHBOURS
from ann_tui.data.preparing.scaling import WIDEST
from ann_tui.export.code_text import Helper

HELPERS: dict[str, Helper] = {
    name: Helper(0, code)
    for name, code in {
        "smooth_clip": '''
def smooth_clip(x, middle, factor):
    """Robust scaling, then a soft squeeze between -3 and 3."""
    x = np.clip((x - middle) * factor, -{widest}, {widest})
    return x / np.sqrt(1 + (x / 3) ** 2)
'''.replace("{widest}", f"{WIDEST:.0e}".replace("e+0", "e")),
        "ranked": '''
def ranked(x, known):
    """The rank among the training values as the quantile of a normal distribution."""
    known, ranks = np.array(known), np.linspace(0, 1, len(known))
    rank = (np.interp(x, known, ranks) - np.interp(-x, -known[::-1], -ranks[::-1])) / 2
    rank = np.where(x <= known[0], 0, np.where(x >= known[-1], 1, rank))
    return np.clip(norm.ppf(rank), -5.199337582290661, 5.199337582290661)
''',
        "in_bins": '''
def in_bins(x, edges):
    """One input a bin: 0 below it, 1 above it, linear within."""
    edges = np.array(edges, np.float32)
    return np.clip((x.astype(np.float32)[:, None] - edges[:-1]) / np.diff(edges), 0, 1)
''',
        "circle": '''
def circle(values, period):
    """Sine and cosine, so that the last value stands beside the first."""
    angle = 2 * np.pi * np.asarray(values, float) / period
    return np.column_stack([np.sin(angle), np.cos(angle)])
''',
        "nearest": '''
def nearest(numbers, known):
    """Gaps are filled with the mean of the nearest kept training rows; of equally near ones, any."""
    center, scale, donors = (np.array(known[each], float) for each in ("center", "scale", "donors"))
    imputer = KNNImputer(n_neighbors={neighbours}).fit(donors)
    gaps = numbers[numbers.isna().any(axis=1)]
    if not len(gaps):
        return numbers
    guessed = imputer.transform(((gaps - center) / scale).to_numpy()) * scale + center
    return numbers.fillna(pd.DataFrame(guessed, gaps.index, numbers.columns))
'''.replace("{neighbours}", str(NEIGHBOURS)),
        "chained": '''
def chained(numbers, known):
    """Gaps are filled by linear models of the other columns, one after the other."""
    center, scale = np.array(known["center"]), np.array(known["scale"])
    x = (numbers.to_numpy() - center) / scale
    gaps = np.isnan(x)
    x[gaps] = 0
    for column, others, weights, bias in known["equations"]:
        guess = np.clip(x[:, others] @ np.array(weights) + bias, known["low"][column], known["high"][column])
        x[:, column] = np.where(gaps[:, column], guess, x[:, column])
    return numbers.fillna(pd.DataFrame(x * scale + center, numbers.index, numbers.columns))
''',
        "plain": '''
def plain(label):
    """A label without differences of case and spaces."""
    return " ".join(label.casefold().split())
''',
    }.items()
}
"""By the name that calls for them."""
