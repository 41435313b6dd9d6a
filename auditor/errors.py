"""Every error the program raises on purpose, as one tree.

    AuditorError
    ├── UsageError                an option, argument or configuration is wrong
    ├── InputError                a data file, folder or index cannot be used
    │   ├── UnreadableInputError  a whole file cannot be opened or parsed
    │   ├── NoRowsError           the input holds no row
    │   └── FingerprintError      an index is broken, or built to another specification
    ├── KnowledgeError            a knowledge entry breaks the schema
    ├── PolicyError               a policy pack does not compile (carries line and column)
    ├── PlanError                 plan.yaml cannot be used
    ├── RefusedError              the evidence was read and says no
    ├── EvidenceError             evidence is missing, unreadable, forged, or cannot be written
    ├── LedgerError               the ledger is broken, locked, or cannot be opened
    └── EnvironmentFault          disk, permissions, a missing optional package

The first six are the user's to mend (exit 2), `RefusedError` is a verdict (exit 1), the last three are
the tool's side (exit 4); `auditor.cli.exit_codes` does that mapping and nothing else does.
"""

from __future__ import annotations


class AuditorError(Exception):
    """Say what is wrong, where, and how to mend it.

    Args:
        message: what is wrong, one sentence without a trailing period.
        where: the place, e.g. `train.jsonl#17` or `plan.yaml:4:3`.
        fix: what the user can do, one sentence.
    """

    def __init__(self, message: str, *, where: str | None = None, fix: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message}"


class UsageError(AuditorError):
    """Refuse an option, argument or configuration value."""


class InputError(AuditorError):
    """Refuse a data file, folder or index."""


class UnreadableInputError(InputError):
    """Report a whole file that cannot be opened or parsed."""


class NoRowsError(InputError):
    """Report an input without a single row: nothing was judged, so nothing may pass."""


class FingerprintError(InputError):
    """Report a fingerprint index that is broken or follows another specification."""


class KnowledgeError(AuditorError):
    """Report a knowledge entry that breaks the schema."""


class PolicyError(AuditorError):
    """Report a policy pack that does not compile.

    Args:
        line: 1-based line in the pack's file, when known.
        column: 1-based column, when known.
    """

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        fix: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.line = line
        self.column = column
        place = ":".join(str(part) for part in (where, line, column) if part is not None)
        super().__init__(message, where=place or None, fix=fix)


class PlanError(AuditorError):
    """Report a plan file that cannot be used."""


class RefusedError(AuditorError):
    """Refuse: the evidence was read and says no."""


class EvidenceError(AuditorError):
    """Report evidence that is missing, unreadable, forged, or cannot be written."""


class LedgerError(AuditorError):
    """Report a ledger that is broken, locked, or cannot be opened."""


class EnvironmentFault(AuditorError):
    """Report a fault on the tool's side: disk, permissions, a missing optional package."""
