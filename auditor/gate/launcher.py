"""Replace the gate by the command it guards: same process, so signals and the exit code are the command's."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from typing import NoReturn

from auditor.errors import UsageError


def find_command(command: Sequence[str]) -> str:
    """Return the program's path, looked up before anything is hashed.

    Raises:
        UsageError: no command, or no such program.
    """
    if not command:
        raise UsageError("no command to guard", fix="give it after `--`, e.g. -- torchrun train.py")
    found = shutil.which(command[0])
    if found is None:
        raise UsageError(f"no such program: {command[0]}", fix="check the command after `--`")
    return found


def launch(program: str, command: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Become `command`; returns only by raising.

    Raises:
        UsageError: the system cannot run it.
    """
    # Python ignores these two, and what is ignored stays so across exec: a closed pipe would end no writer.
    for kept in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(kept, signal.SIG_DFL)
    try:
        os.execve(program, list(command), dict(environment))
    except OSError as error:
        raise UsageError(f"cannot run {program}: {error.strerror}", fix="check the command") from error
