"""Command lines that are shown are what a shell reads them as."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.commands.shell_words import shell_line
from ann_tui.data.plain_text import visible

ODD = "a\x1b[31m'\\\n\t\x7f\u202e\u200d\xa0é\udcff7$`\" "

WORDS = st.lists(st.text(st.sampled_from(ODD) | st.characters(min_codepoint=1, codec="utf-8")), max_size=4)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_a_shell_reads_the_words_from_what_is_shown(words: list[str]) -> None:
    line = shell_line([*words, ODD])
    assert visible(line) == line and "\n" not in line
    read = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    ).stdout
    assert read == b"".join(os.fsencode(word) + b"\0" for word in (*words, ODD))
