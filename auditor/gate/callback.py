"""`PermitCallback`: refuse inside `transformers.Trainer` and TRL, before a step and before data is read.

A callback can be removed and `should_training_stop` would still train one step: so it raises in
`on_init_end`, and the boundary that counts stays the launcher with the stream guard.
"""

from __future__ import annotations

import json
from typing import Any

from transformers import TrainerCallback

from auditor.attest.binding import CHAT_TEMPLATE, TOKENIZER, template_digest, tokenizer_digest
from auditor.errors import RefusedError
from auditor.gate.grant import Grant, require_permit
from auditor.ids import Digest


class PermitCallback(TrainerCallback):  # type: ignore[misc]
    """Refuse a trainer whose data, tokenizer or evaluation set has no valid permit.

    Args:
        permit, dataset, **options: as for `auditor.gate.require_permit`.
        evaluation: the grant of the evaluation set; without one a trainer that evaluates is refused.
    """

    def __init__(
        self, permit: Any = None, dataset: Any = None, *, evaluation: Grant | None = None, **options: Any
    ) -> None:
        self._permit, self._dataset, self._options = permit, dataset, options
        self._evaluation = evaluation
        self.grant: Grant | None = None

    def on_init_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Check permit, rows and tokenizer; raise where they do not hold.

        Raises:
            RefusedError, EvidenceError, UsageError: as `require_permit`.
        """
        strategy = getattr(args, "eval_strategy", "no")
        evaluates = getattr(strategy, "value", strategy) != "no" or getattr(args, "eval_on_start", False)
        if evaluates and self._evaluation is None:
            raise RefusedError(
                "the evaluation set has no permit of its own",
                fix="give evaluation=require_permit(…) for it, or evaluate apart from training",
            )
        tokenizer = kwargs.get("processing_class") or kwargs.get("tokenizer")
        options = {**self._options, "bound": {**bound_by(tokenizer), **self._options.get("bound", {})}}
        held = require_permit(self._permit, self._dataset, **options)
        unseen = sorted(held.permit.bound.keys() - options["bound"].keys())
        if unseen:
            raise RefusedError(
                f"the permit binds a {unseen[0]}, which this trainer does not show",
                fix=f"give bound={{{unseen[0]!r}: …}}, or attest without this --bind",
            )
        self.grant = held

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Raise where `on_init_end` was skipped.

        Raises:
            RefusedError: there is no grant.
        """
        if self.grant is None:
            raise RefusedError("training starts without a checked permit")


def bound_by(tokenizer: Any) -> dict[str, Digest]:
    """Return the digests of a loaded tokenizer and its chat template."""
    found: dict[str, Digest] = {}
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is not None:
        found[TOKENIZER] = tokenizer_digest(json.loads(backend.to_str()))
    template = getattr(tokenizer, "chat_template", None)
    if isinstance(template, str):
        found[CHAT_TEMPLATE] = template_digest(template)
    return found
