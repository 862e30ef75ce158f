"""What goes on inside a network: functions of its weights and of rows, for pictures of it."""
