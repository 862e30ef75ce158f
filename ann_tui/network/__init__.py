"""The neural network in NumPy alone: activations, costs, layers, initializers and the design that combines them."""
