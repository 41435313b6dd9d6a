"""Words of older packs: read as the new ones, at the place where they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.bundled import bundled
from auditor.errors import PolicyError
from auditor.policy.pack.load import load_pack
from auditor.policy.pack.older_words import RENAMED, current_words
from tests.policy.packs import RULE, pack, write

OF_TERMS = RULE.format(id="a").replace("applies_to: plan", "applies_to: origin\n  for_each: terms")


@pytest.mark.parametrize(
    ("source", "now"),
    [
        ('fit.family == "yes" && plan.given', 'assessment.family == "yes" && plan.given'),
        ('!(fit.scale in ["over"])', '!(assessment.scale in ["over"])'),
        ('fit.scale == "over" || "fit.scale" == "x"', 'assessment.scale == "over" || "fit.scale" == "x"'),
        ("terms.id == 'a\\'fit.family'", "terms.id == 'a\\'fit.family'"),
        ('plan.missing.exists(fit, fit.startsWith("x"))', 'plan.missing.exists(fit, fit.startsWith("x"))'),
        ("benefit.family == outfit.fit.family", "benefit.family == outfit.fit.family"),
        ('fit.scale == "over" // not fit.family', 'assessment.scale == "over" // not fit.family'),
    ],
)  # fmt: skip
def test_old_words_are_read_as_new_ones_outside_of_quotes_and_comments(source: str, now: str) -> None:
    assert current_words(source) == now


def test_a_fault_behind_an_old_word_is_placed_as_it_is_written(tmp_path: Path) -> None:
    places = []
    for word in ("fit.family", "assessment.family"):
        when = f'{word} == "yes" && plan.use == "flying"'
        rule = OF_TERMS.replace("'plan.given'", f"'{when}'")
        with pytest.raises(PolicyError, match="is never `flying`") as caught:
            load_pack(write(tmp_path, "p", pack(rule)))
        column = caught.value.column
        assert column is not None
        places.append(column - len(word))
    assert places[0] == places[1]


def test_no_shipped_pack_has_an_old_word() -> None:
    for path in bundled("policies").rglob("*.yaml"):
        assert not [word for word in RENAMED if word in path.read_text(encoding="utf-8")]
