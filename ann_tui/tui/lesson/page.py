"""What a page of the lesson is: a screen as it is, some sentences on it, and something to try."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ann_tui.experiments.workbench import Step, Workbench

KEY = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Page:
    """A page lies on the screen of a step; `says` tells of what is seen there, in its own figures.

    `tries` is what to do, its keys between backticks, `tries_number` that of a number target, where it differs. A
    `small` page is about the lesson's network, and a `trained`
    one needs it trained; `there` are actions of the screen that lead to what the page speaks of.
    """

    title: str
    step: Step
    says: Callable[[Workbench], str]
    tries: str
    small: bool = True
    trained: bool = False
    there: tuple[str, ...] = ()
    tries_number: str = ""


@dataclass(frozen=True)
class PageInView:
    """A page as it is shown: the `number`th `of` so many, with its sentences."""

    number: int
    of: int
    title: str
    says: str
    tries: str
