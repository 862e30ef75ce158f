"""An experiment, what follows from it, its runs and their tree, its file, and the workbench of the app."""
