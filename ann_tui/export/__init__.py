"""A network as a script for those who know a framework and nothing of this project."""
