"""Run the command line as `python -m auditor`."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def leave_working_directory() -> None:
    """Take the working directory off the import path: it may be a data folder, and modules in it would run.

    It stays where this program itself lies in it, as in a checkout.
    """
    if not sys.path:
        return
    first = Path(sys.path[0] or os.curdir)
    if not sys.flags.safe_path and first.resolve() != Path(__file__).resolve().parents[1]:
        del sys.path[0]


def main() -> None:
    """Run as a console script; an interrupt while the program is loaded is one too."""
    try:
        from auditor.cli.main import run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: nothing was done; the same command starts over\n")
        sys.exit(130)


if __name__ == "__main__":
    leave_working_directory()
    main()
