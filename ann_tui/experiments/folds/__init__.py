"""Cross-validation: rows put into folds, an experiment run in each of them, and what came of all."""
