"""The layers, one file a kind: its parameters, its forward pass and its backward pass together."""
