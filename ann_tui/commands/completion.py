"""`ann-tui completion`: the tab key completes commands, options and files."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from ann_tui.commands.running import DONE, say

VARIABLE = "_ANN_TUI_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print what teaches SHELL to complete `ann-tui` with the tab key.

    \b
    Examples (a line for ~/.bashrc, ~/.zshrc, config.fish):
      eval "$(ann-tui completion bash)"
      eval "$(ann-tui completion zsh)"
      ann-tui completion fish | source
    """
    found = get_completion_class(shell)
    assert found is not None
    say(found(context.find_root().command, {}, "ann-tui", VARIABLE).source())
    return DONE
