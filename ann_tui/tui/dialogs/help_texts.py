"""What each screen is for, and what the words on it mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HelpText:
    """A screen's question, how it is answered, and the words that a newcomer meets on it."""

    title: str
    purpose: str
    words: tuple[tuple[str, str], ...]


HELP: dict[str, HelpText] = {
    "start": HelpText(
        "Open a table",
        "Choose a sample file, a file that you opened before, or any other one. A table is a text file with one "
        "row a line and a delimiter between the columns (CSV, TSV …). Six steps follow: look at the data, prepare "
        "it, choose the layers, train, evaluate on rows that were kept away, predict for new ones. Every step has "
        "a sensible default, so t trains at once. Theme, keys and bounds stand in a settings file: ctrl+p, "
        "Settings file, says where.",
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
        (
            ("feature", "a column that the network may look at"),
            ("target", "the column that it learns to predict: a class (word) or a number"),
            ("class", "one of the values of a target of words"),
            (
                "histogram",
                "how many rows have a value in each bar's range: the higher the bar, the more rows",
            ),
            (
                "outlier",
                "a number more than 1.5 times the middle half's width beyond that half; it may be right, or a mistake",
            ),
            ("missing value", "a cell without a value: empty, or a mark such as NA"),
            ("identifier", "a column that only names the row; a network would learn it by heart"),
        ),
    ),
    "prepare": HelpText(
        "2 Prepare: what will be changed, and how much?",
        "A network takes only numbers of similar size, and none may be missing. On the left stand the choices for "
        "all columns, on the right what they do to each; enter on a column makes an exception for it, and on the line "
        "of the unchanged columns shows them. Below stands the column under the cursor: all rows as they are read, and "
        "what the network gets of it in its training, validation and test rows. Every "
        "statistic (a mean, a list of categories …) comes from the training rows alone, so that nothing of the "
        "validation and test rows leaks into the network.",
        (
            ("imputation", "filling a missing value with a likely one"),
            ("outlier", "a value far away from the others, often a mistake"),
            ("scaling", "bringing numbers to one size, so that none drowns the others"),
            (
                "number encoding",
                "piecewise linear: beside a number stands an input for each of its bins (age 31–38), 0 below it, 1 "
                "above, a straight line within, so that a year more may count otherwise at 30 than at 60",
            ),
            ("encoding", "making numbers of words: one-hot gives each category its own 0/1 column"),
            ("training rows", "the rows that the network learns from"),
            ("validation rows", "rows kept aside to see when training is at its best"),
            ("test rows", "rows kept aside to the very end, to judge the network honestly"),
            ("seed", "a number that decides which rows are drawn; the same seed draws the same ones"),
        ),
    ),
    "layers": HelpText(
        "3 Layers: what am I building, and how big is it?",
        "The input layer has one unit for each column after preparing, the output layer follows from the target. "
        "In between you choose. The cost and training plan says how the network will be trained: tab goes to it.",
        (
            (
                "presets",
                "p: plain is the lesson's network; good, with which you begin, adds what makes it about as good as "
                "boosted trees; strong trains eight of these that answer together, and takes far longer",
            ),
            ("shapes", "l: lists of layers that suit many tables"),
            (
                "code",
                "c: the network as a script in PyTorch, Keras, scikit-learn or ann-tui, which follows what you choose; "
                "▌ marks the lines that have changed, ← → go to another framework, y copies, w writes it",
            ),
            ("unit", "a neuron: it weighs its inputs, adds a bias and bends the sum by its activation"),
            ("weight, bias", "the numbers that training changes: how much each input counts, and an offset"),
            ("activation", "the bend: without it all layers together would be one straight line"),
            ("dropout", "silences a random share of the units in each batch, against learning by heart"),
            ("cost", "how wrong the answers are, as one number (also called loss); training makes it small"),
            ("gradient", "how the cost changes with each weight: training goes the other way"),
            ("optimizer", "the rule that makes a step of a gradient; Adam is a good first choice"),
            ("learning rate", "how long a step is"),
            ("batch", "how many rows one step looks at"),
            ("epoch", "one pass over all training rows"),
            ("early stopping", "ends training when the validation cost no longer falls"),
            (
                "schedule, warm-up",
                "how the learning rate falls in the course of training, and rises at its start",
            ),
            ("L1, L2, weight decay", "hold the weights small, against learning by heart"),
            ("momentum, betas", "how much of the past gradients goes into each step"),
            ("input scale", "one learnt factor for each input, so that useless ones can fade out"),
            (
                "start",
                "a short table's network begins as the linear model of its rows: pairs of units pass that one on, the "
                "others learn what it misses",
            ),
            (
                "members",
                "networks of the same layers that begin apart; the mean of what they say is the answer",
            ),
            ("average weights", "what is measured and kept is a mean of the last weights, which jumps less"),
            (
                "train again",
                "when the validation rows have told which epoch is best, a network is trained anew for as long on "
                "them, too: it answers new rows, and their score is that of the network before",
            ),
            ("label smoothing", "asks for a little less than certainty, so that wrong labels mislead less"),
            ("clipping", "shortens a gradient that is too long, so that no step jumps too far"),
        ),
    ),
    "train": HelpText(
        "4 Train: is it learning, and can I trust it?",
        "The thin line is the cost on the training rows, the thick one on the validation rows. Both fall: it is "
        "learning. Only the thin one falls: it learns rows by heart, and the weights of the best epoch (│) are "
        "kept. The matrix counts the validation rows: a row for each true class, a column for each prediction.",
        (
            (
                "confusion matrix",
                "how often each true class was given each predicted class; right answers lie on the diagonal",
            ),
            ("recall", "of the rows of a class, the share that was found"),
            ("precision", "of the answers for a class, the share that was right"),
            ("overfitting", "the training cost goes on falling while the validation cost rises"),
            ("gap", "the validation cost less the training cost: the wider, the more was learned by heart"),
            (
                "class shares, mean, linear model",
                "what answering without looking at the features costs on the validation rows, and what a linear model "
                "does: a network that does not get below has learned nothing, or nothing worth its trouble. ↑ lies "
                "above the picture",
            ),
            ("weight", "how much an input counts in a unit: above 0 it speaks for it, below 0 against it"),
            ("bias", "what a unit adds of its own, whatever comes in"),
            (
                "delta",
                "by how much the cost changes when a sum does; the gradient of a weight is its value times that",
            ),
            (
                "gradient descent",
                "each weight goes a little against its gradient: downhill; S shows one such step",
            ),
            (
                "landscape",
                "the cost over a plane through the weights as they are: of the many directions in which weights can go "
                "it shows two, those in which the training went most, or two by chance",
            ),
            ("fires", "a unit gives something: its sum lies where the activation lets it through"),
            (
                "relevance",
                "by how much the validation cost rises when a unit always gives its mean, or when the values of a "
                "column are shuffled among the rows: what it falls by is noise",
            ),
            ("boundary", "where the answer changes when two columns change and all others stand still"),
            (
                "dead, saturated",
                "a unit that no row can teach any more; one whose curve is flat where the rows are",
            ),
            (
                "update",
                "by how much an epoch changes a layer's weights, as a share of their size: some 0.1 to 10 %",
            ),
            ("smoothed", "a moving average of the epochs, the newest counting most; dots are the raw costs"),
            ("R²", "for numbers: 1 is perfect, 0 is no better than the mean"),
        ),
    ),
    "evaluate": HelpText(
        "5 Evaluate: how good is it, and does it earn its keep?",
        "The test rows were kept away from training: each look at them by another network makes them flatter a little, "
        "so that the looks are counted. A baseline is what you get without a network: always the most frequent class "
        "(or the mean), a linear model, and boosted trees. A network that does not beat them is not worth its trouble. "
        "Of many rows they are fitted on a sample, said under their names. The 95 % column says how far a figure would "
        "move with other rows: a difference whose interval holds zero may be chance. What is known against a score is "
        "named in the verdict, and told in full under the figures.",
        (
            (
                "split by group, by time",
                "where rows belong together, some of them in training tell of the others in the test: the same network "
                "is trained after both splits of the training and validation rows to show what that is worth",
            ),
            ("accuracy", "the share of right answers"),
            (
                "balanced accuracy",
                "the mean recall of the classes: a rare class counts as much as a frequent one",
            ),
            ("log cost", "how surprised the network is by the truth, on average; 0 is perfect"),
            ("ROC AUC", "how well the probabilities sort the classes: 1 is perfect, 0.5 is chance"),
            (
                "average precision",
                "the precision over all thresholds: 1 is perfect, the class's share is chance",
            ),
            ("F1", "precision and recall in one: high only where both are (their harmonic mean)"),
            ("macro, weighted", "averaged over classes: each counting the same, or by its rows"),
            ("Matthews correlation", "answers and truth compared in one number: 1 is perfect, 0 is chance"),
            ("calibration", "whether of the answers given with 80 % some 80 % are right"),
            (
                "threshold",
                "with two classes: the probability from which on the second is the answer. It belongs to the network: "
                "Predict, written files and the saved model decide by it. c lets the validation rows choose it",
            ),
            ("R²", "the share of the target's variance that is explained; 1 is perfect"),
            (
                "RMSE, MAE",
                "how far off the predictions are, in the target's unit: root mean square, and mean",
            ),
        ),
    ),
    "predict": HelpText(
        "6 Predict: what does it say, and how sure is it?",
        "Each line is a feature of one row, filled with a typical value of the training rows. Change it and the "
        "answer follows. A probability is the network's own opinion of its answer, not a promise.",
        (("probability", "how sure the network is; over all classes they add up to 100 %"),),
    ),
}
