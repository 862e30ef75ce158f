"""What lies over a screen: questions, lists, help, how a file is read."""
