"""A trained model as ONNX: from the cells of one row to its answer, in one graph."""
