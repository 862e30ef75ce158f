"""From a table to the float32 matrices that a network learns from, fitted on training rows alone."""
