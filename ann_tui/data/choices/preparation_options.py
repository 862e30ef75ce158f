"""What can be chosen for each field of a preparation, with one line about each option."""

from __future__ import annotations

from ann_tui.choice_fields import Option, options

MISSING_NUMBER = options(
    ("median", "fill with the middle value of the training rows: extreme values don't move it"),
    ("mean", "fill with the average of the training rows"),
    ("most frequent", "fill with the value that occurs most often in the training rows"),
    Option("constant", "fill with a number of your own (fill_number)", ("fill_number",)),
    ("knn", "fill with the average of the 5 most similar training rows"),
    ("iterative", "fill with what a linear model makes of the other number columns"),
    ("drop rows", "leave training rows with a gap out; other rows are filled with the median"),
)
MISSING_DATE = {
    name: option
    for name, option in MISSING_NUMBER.items()
    if name in ("median", "mean", "most frequent", "drop rows")
}
MISSING_CATEGORY = options(
    ("most frequent", "fill with the category that occurs most often in the training rows"),
    Option(
        "constant",
        "fill with a word of your own (fill_category), which becomes a category",
        ("fill_category",),
    ),
    (
        "drop rows",
        "leave training rows with a gap out; other rows are filled with the most frequent category",
    ),
)
OUTLIERS = options(
    ("none", "look for no outliers"),
    ("iqr", "outside the middle half of the values by more than 1.5 times its width (outlier_limit)"),
    ("z-score", "more than 3 standard deviations from the mean (outlier_limit)"),
    ("isolation forest", "rows that random cuts separate quickly from all others, over all number columns"),
)
OUTLIER_ACTIONS = options(
    ("clip", "pull the value to the nearest allowed one"),
    ("drop", "leave the row out, training rows only: the test stays honest"),
    ("mark missing", "treat the value as missing, so that it is imputed"),
)
ENCODING = options(
    ("one-hot", "one 0/1 column for each frequent category, one for all the rare ones"),
    ("ordinal", "one column: the place of the category in its order"),
    ("target", "the mean target of the category, computed on other folds of the training rows"),
    ("binary", "the number of the category in 0/1 digits: few columns for many categories"),
)
DATE_PARTS = options(
    ("parts", "year, month, weekday and hour, as far as they vary; the last three as points on a circle"),
    ("number", "one number: days since 1970-01-01"),
    ("year", "the year alone"),
    ("leave out", "don't use dates"),
)
TEXT = options(
    ("leave out", "don't use free text, but for columns that you keep (as hashed words)"),
    ("hashed words", "count words and pairs of words in 64 hashed columns"),
    ("hashed letters", "count runs of 3 to 5 letters in 64 hashed columns: spelling may vary"),
)
KEPT_TEXT = "hashed words"
DUPLICATES = options(
    ("keep", "keep rows that repeat another one"),
    ("drop", "leave training rows out that repeat an earlier training row"),
    ("drop everywhere", "also leave validation and test rows out that repeat a training row"),
)
UNPARSEABLE = options(
    ("missing", "a cell that is no number (or date) in a number (or date) column counts as missing"),
    ("drop rows", "leave training rows with such a cell out; in other rows it counts as missing"),
    ("error", "stop and name the first such cell"),
)
TARGET_TRANSFORMS = options(
    ("none", "train on the number itself, standardized"),
    ("log", "train on its logarithm, for amounts that span powers of ten: sign(y) log(1 + |y|)"),
    ("quantile", "train on its rank, laid on a bell curve"),
)
CLASS_WEIGHTS = options(
    ("none", "every row counts the same"),
    ("balanced", "a row counts more the rarer its class: all classes weigh the same"),
    ("square root", "half way to balanced: weights are the square roots"),
)
SPLITS = options(
    ("stratified", "at random, with the same share of each class in every part"),
    ("random", "at random, whatever the target"),
    Option("group", "at random, rows with the same value in a column stay together", ("column",)),
    Option("time", "by the order of a column (or of the file): the newest rows are the test", ("column",)),
    Option("file", "a second file is the test", ("file",)),
)
INDICATOR = options(
    ("no", "no extra column"), ("yes", "a 0/1 column that says where the value was missing in the file")
)
"""What a switch means, off and on."""
LIKE_LABELS = options(("no", "don't"), ("yes", "do"))
