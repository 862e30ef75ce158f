"""Shapes: lists of hidden layers that suit many tables, as the line of text that a person types."""

from __future__ import annotations

SHAPES = {
    "": "no hidden layer: a linear model of the inputs, logistic regression for classes",
    "8 tanh": "one small layer: easy to look into",
    "32 relu": "one layer: enough for most small tables",
    "64 relu, 32 relu": "two layers: the usual ones",
    "input scale, 64 relu, 32 relu": "the same, in which useless features can fade out",
    "128 relu, 64 relu, 32 relu": "three layers, for tables with many rows",
    "128 relu, dropout 0.2, 64 relu, dropout 0.2": "wide, held back by dropout",
    "64 tanh, 64 tanh": "two smooth layers: curved borders such as spirals",
}
"""Each with what it is good for."""
