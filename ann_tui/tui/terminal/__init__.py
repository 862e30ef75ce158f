"""The terminal: what its bytes mean, and how it is taken and given back."""
