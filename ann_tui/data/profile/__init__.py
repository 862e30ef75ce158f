"""What is known of a table before anything is done to it: its columns, findings, and the target."""
