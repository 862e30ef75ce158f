"""The words of the panel of a sweep."""

from __future__ import annotations

from ann_tui.tui.words.word import Word

SWEEP_WORDS = (
    Word(
        "trial",
        "one design of many that are tried: the choices as they are, but for some that are drawn from what varies. "
        "The first one is what is set, and differs in nothing",
    ),
    Word(
        "stopped early",
        "a trial that was not among the better half of its eight after a quarter, or after half, of the epochs; the "
        "others go on from where they stood, so that poor designs take little time",
        "successive halving, pruning",
    ),
    Word(
        "waiting, under way",
        "a trial that is being trained is under way; one that waits has come to a rung, and goes on or is stopped as "
        "soon as the others of its eight are there",
    ),
    Word(
        "cost",
        "what trials are compared by, at the best epoch of each: the cost on the validation rows, or in folds the mean "
        "on the rows that judge",
        "objective",
    ),
    Word(
        "●, chance",
        "the trial that wins. Of many trials the best one is partly the luckiest: it takes the place of what is set "
        "only where it is better, row by row, than the luckiest of so many would be by chance",
        "selection bias, Bonferroni",
    ),
    Word(
        "folds",
        "f: each trial is trained five or ten times, each time judged by other rows, of all but the test's. That tells "
        "more of a small table, and takes as many times as long",
        "cross-validation",
    ),
    Word(
        "what mattered",
        "how far a setting's values tell the good trials from the poor ones, at the first rung, where all of them "
        "stood; ahead is the value whose trials stood best there, which favours what learns fast",
        "importance of hyperparameters",
    ),
)
