"""What each screen is for, and the words on it."""

from __future__ import annotations

from dataclasses import dataclass

from ann_tui.tui.words.of_answers import EVALUATE_WORDS, PREDICT_WORDS
from ann_tui.tui.words.of_data import DATA_WORDS, PREPARE_WORDS
from ann_tui.tui.words.of_layers import LAYERS_WORDS
from ann_tui.tui.words.of_sweeps import SWEEP_WORDS
from ann_tui.tui.words.of_train import TRAIN_WORDS
from ann_tui.tui.words.word import Word


@dataclass(frozen=True)
class HelpText:
    """A screen's question, how it is answered, and the words that a newcomer meets on it."""

    title: str
    purpose: str
    words: tuple[Word, ...]


HELP: dict[str, HelpText] = {
    "start": HelpText(
        "Open a table",
        "Choose a sample file, a file that you opened before, or any other one. A table is a text file with one "
        "row a line and a delimiter between the columns (CSV, TSV …). Six steps follow: look at the data, prepare "
        "it, choose the layers, train, evaluate on rows that were kept away, predict for new ones. Every step has "
        "a sensible default, so t trains at once. L begins a lesson on the first sample, or on the table that is open: "
        "twelve pages, each on the real screen with something to try. Theme, keys and bounds stand in a settings file: "
        "ctrl+p, Settings file, says where.",
        (),
    ),
    "data": HelpText(
        "1 Data: what is in this file, and what is wrong with it?",
        "Each line above is a column of the file, with marks of what was found about it: ! a warning, · a note. That "
        "under the cursor stands below in full: its histogram with a strip for each class of the target, each as high "
        "as its own highest bar; for words a bar each, in which each letter is a class; for a number target its mean "
        "in each bar. Under it stand the findings, and the lines of the file that they are about. tab goes on to it "
        "and to the rows; in the histogram ↑ and ↓ go to other columns. The column marked ◎ is the target, which the "
        "network learns to predict; ✕ marks columns that are left out. Where the table does not say which column that "
        "is, the target is a guess, and is asked for before the first training; g sets it.",
        DATA_WORDS,
    ),
    "prepare": HelpText(
        "2 Prepare: what will be changed, and how much?",
        "A network takes only numbers of similar size, and none may be missing. On the left stand the choices for "
        "all columns, on the right what they do to each; enter on a column makes an exception for it, and on the line "
        "of the unchanged columns shows them. Below stands the column under the cursor: all rows as they are read, and "
        "what the network gets of it in its training, validation and test rows. Every "
        "statistic (a mean, a list of categories …) comes from the training rows alone, so that nothing of the "
        "validation and test rows leaks into the network.",
        PREPARE_WORDS,
    ),
    "layers": HelpText(
        "3 Layers: what am I building, and how big is it?",
        "The input layer has one unit for each column after preparing, the output layer follows from the target. "
        "In between you choose. The cost and training plan says how the network will be trained: tab goes to it.",
        LAYERS_WORDS,
    ),
    "train": HelpText(
        "4 Train: is it learning, and can I trust it?",
        "The thin line is the cost on the training rows, the thick one on the validation rows. Both fall: it is "
        "learning. Only the thin one falls: it learns rows by heart, and the weights of the best epoch (│) are "
        "kept. The matrix counts the validation rows: a row for each true class, a column for each prediction.",
        TRAIN_WORDS,
    ),
    "evaluate": HelpText(
        "5 Evaluate: how good is it, and does it earn its keep?",
        "The test rows were kept away from training: each look at them by another network makes them flatter a little, "
        "so that the looks are counted. A baseline is what you get without a network: always the most frequent class "
        "(or the mean), a linear model, and boosted trees. A network that does not beat them is not worth its trouble. "
        "Of many rows they are fitted on a sample, said under their names. The 95 % column says how far a figure would "
        "move with other rows: a difference whose interval holds zero may be chance. What is known against a score is "
        "named in the verdict, and told in full under the figures.",
        EVALUATE_WORDS,
    ),
    "predict": HelpText(
        "6 Predict: what does it say, and how sure is it?",
        "Each line is a feature of one row, filled with a typical value of the training rows. Change it and the "
        "answer follows. A probability is the network's own opinion of its answer, not a promise.",
        PREDICT_WORDS,
    ),
    "sweep": HelpText(
        "Sweep: would another design do better?",
        "Many designs of what is set are tried beside all else: layers, rate, batch, scaling … A line is a trial, the "
        "best ones first, with its cost and score on the rows that choose, and how it differs from what is set; enter "
        "takes one over, u undoes that. Test rows are not looked at: train what you took over and see Evaluate. All of "
        "it is kept, so that a sweep that was stopped goes on later, here or with ann-tui sweep --resume.",
        SWEEP_WORDS,
    ),
}
