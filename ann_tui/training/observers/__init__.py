"""What looks at each epoch of a training, one concern a file."""
