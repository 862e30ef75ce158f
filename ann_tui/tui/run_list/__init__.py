"""The list of runs: its lines, its table, the dialog that shows it, and two runs side by side."""
