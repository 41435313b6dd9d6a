"""`PermitCallback`: refuse inside `transformers.Trainer` and TRL, before a step and before data is read.

A callback can be removed and `should_training_stop` would still train one step: so it raises in
`on_init_end`, and the boundary that counts stays the launcher with the stream guard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from transformers import TrainerCallback

from auditor.attest.binding import CHAT_TEMPLATE, TOKENIZER, template_digest, tokenizer_digest
from auditor.domain.permit import PermitPurpose
from auditor.errors import RefusedError
from auditor.gate.grant import Grant, require_permit
from auditor.gate.loaders import is_cut_of, source_of
from auditor.gate.teachers import check_teachers
from auditor.gate.trainer import find_trainer, made_by_library, used_models
from auditor.gate.trainer_rows import check_rows_of
from auditor.ids import Digest

_LOADING = ("get_train_dataloader", "_get_dataloader", "get_batch_samples")


class PermitCallback(TrainerCallback):  # type: ignore[misc]
    """Refuse a trainer whose data, tokenizer or evaluation set has no valid permit.

    Args:
        permit, dataset, **options: as for `auditor.gate.require_permit`.
        evaluation: the grant of the evaluation set, which is compared with it; without one a trainer that
            evaluates is refused.
        prepared_from: the raw rows, where the trainer's own set holds tokens, which tell nothing of them.
        code: names of reward functions that are plain code and ask no model.
        evaluation_from: the raw rows of the evaluation set, where it holds tokens.
        trainer: the trainer, where something between it and the callback hides it; see `guard_trainer`.
    """

    def __init__(
        self,
        permit: Any = None,
        dataset: Any = None,
        *,
        evaluation: Grant | None = None,
        prepared_from: Any = None,
        code: Sequence[str] = (),
        evaluation_from: Any = None,
        trainer: Any = None,
        **options: Any,
    ) -> None:
        self._permit, self._dataset, self._options = permit, dataset, options
        self._evaluation, self._trainer = evaluation, trainer
        self._prepared_from, self._code = prepared_from, code
        self._evaluation_from, self._evaluated = evaluation_from, None
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
        self._compare(held, args, kwargs)
        self.grant = held

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Raise where `on_init_end` was skipped.

        Raises:
            RefusedError: there is no grant.
        """
        if self.grant is None:
            raise RefusedError("training starts without a checked permit")
        self._compare(self.grant, args, kwargs)

    def _compare(self, held: Grant, args: Any, given: Mapping[str, Any]) -> None:
        """Hold the trainer's models, rows and loader against the permit.

        Raises:
            RefusedError: one of them is not in it.
        """
        found, variables = find_trainer(self)
        trainer = self._trainer if found is None else found
        if trainer is None:
            raise RefusedError(
                "the callback cannot see the trainer that it belongs to",
                fix="give trainer=, or call guard_trainer(trainer, grant)",
            )
        check_teachers(held.permit, used_models(args, trainer, variables, self._code))
        own = getattr(trainer, "train_dataset", None)
        if own is not None:
            check_rows_of(own, held, "train_dataset", self._prepared_from)
        loader = given.get("train_dataloader")
        if loader is not None and not (own is not None and _reads(loader, own)):
            check_rows_of(loader, held, "train_dataloader", self._prepared_from)
        for name, rows in _sets(getattr(trainer, "eval_dataset", None)):
            self._compare_evaluation(held, rows, name)

    def _compare_evaluation(self, held: Grant, rows: Any, name: str) -> None:
        if self._evaluation is None:
            return
        both = replace(self._evaluation, digests=self._evaluation.digests | held.digests)
        check_rows_of(rows, both, name, self._evaluation_from)

    def on_prediction_step(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Hold a loader of evaluation rows against its grant, the first time that it is seen.

        Raises:
            RefusedError: its rows are not permitted.
        """
        loader = kwargs.get("eval_dataloader")
        if self._evaluation is None or self.grant is None or loader is None or loader is self._evaluated:
            return
        found, _ = find_trainer(self)
        sets = _sets(getattr(self._trainer if found is None else found, "eval_dataset", None))
        if not any(_reads(loader, rows) for _, rows in sets):
            self._compare_evaluation(self.grant, loader, "eval_dataloader")
        self._evaluated = loader


def guard_trainer(trainer: Any, grant: Grant, *, prepared_from: Any = None, code: Sequence[str] = ()) -> None:
    """Hold a trainer that is made and not yet started against a grant; for trainers without callbacks too.

    A loader that the trainer's own class makes is made once and compared too.

    Raises:
        RefusedError: its models or its rows are not in the permit.
    """
    if grant.permit.purpose is not PermitPurpose.TRAINING:
        raise RefusedError("the permit is not for training", fix="give the grant of the training rows")
    check_teachers(grant.permit, used_models(getattr(trainer, "args", None), trainer, {}, code))
    own = getattr(trainer, "train_dataset", None)
    if own is None:
        raise RefusedError("the trainer shows no train_dataset", fix="give it guard(rows, grant)")
    check_rows_of(own, grant, "train_dataset", prepared_from)
    if all(made_by_library(trainer, name) for name in _LOADING):
        return
    loader = trainer.get_train_dataloader()
    if not _reads(loader, own):
        check_rows_of(loader, grant, "train_dataloader", prepared_from)


def _sets(held: Any) -> list[tuple[str, Any]]:
    if held is None:
        return []
    # `datasets.DatasetDict` is a dict of sets too.
    if isinstance(held, dict):
        return [(f"eval_dataset {name}", rows) for name, rows in held.items()]
    return [("eval_dataset", held)]


def _reads(loader: Any, rows: Any) -> bool:
    """Tell whether a loader reads a data set that was checked, or the trainer's cut of its columns."""
    source = source_of(loader)
    return source is rows or source is source_of(rows) or is_cut_of(source, rows)


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
