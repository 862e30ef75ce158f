"""How good a trained network is: metrics, confusion matrix, baselines."""
