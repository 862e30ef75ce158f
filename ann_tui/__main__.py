"""`python -m ann_tui` is `ann-tui`."""

from ann_tui.cli import main

if __name__ == "__main__":
    main()
