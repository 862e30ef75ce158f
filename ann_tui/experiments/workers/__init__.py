"""Processes here or on a cluster that work side by side on what they share."""
