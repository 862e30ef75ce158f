"""Many designs tried on one table: their space, proposals, halving, and the trial that is chosen."""
