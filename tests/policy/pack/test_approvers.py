"""Which waivers a pack takes: `waivers`, `approvers`, `threshold`."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.attest.keys import KeyType, new_key
from auditor.domain.rule import Pack
from auditor.domain.waiver import Approver, WaiverMode
from auditor.errors import PolicyError
from auditor.policy.pack.load import load_pack

BODY = "pack: {name}\nversion: '1'\ntitle: t\n{more}"
PEM = new_key(KeyType.ED25519).public().pem().decode()


def load(folder: Path, more: str, name: str = "p") -> Pack:
    path = folder / f"{name}.yaml"
    path.write_text(BODY.format(name=name, more=more))
    return load_pack(path).pack


@pytest.mark.parametrize(
    ("word", "mode"),
    [
        ("none", WaiverMode.NONE),
        ("named", WaiverMode.NAMED),
        ("signed", WaiverMode.SIGNED),
        ("allowed", WaiverMode.NAMED),
        ("true", WaiverMode.NAMED),
        ("false", WaiverMode.NONE),
    ],
)
def test_a_pack_says_which_waivers_it_takes(tmp_path: Path, word: str, mode: WaiverMode) -> None:
    assert load(tmp_path, f"include: [default]\nwaivers: {word}\n").waivers is mode


def test_the_packs_for_a_use_ask_for_signatures_and_the_general_one_for_names() -> None:
    for name in (
        "commercial-api",
        "internal-commercial",
        "open-weights-release",
        "research-only",
        "eu-placement",
        "teachers-allowed",
        "weights-only",
    ):
        assert load_pack(name).pack.waivers is WaiverMode.SIGNED
    assert load_pack("default").pack.waivers is WaiverMode.NAMED
    assert load_pack("disclosed-only").pack.waivers is WaiverMode.NONE


@pytest.mark.parametrize(
    "included", ["[commercial-api]", "[commercial-api, default]", "[default, commercial-api]"]
)
def test_a_pack_that_is_silent_takes_the_strictest_of_what_it_includes(tmp_path: Path, included: str) -> None:
    assert load(tmp_path, f"include: {included}\n").waivers is WaiverMode.SIGNED


def test_approvers_are_texts_files_beside_the_pack_or_ids(tmp_path: Path) -> None:
    (tmp_path / "counsel.pub").write_text(PEM)
    inline = "".join(f"      {line}\n" for line in PEM.splitlines())
    more = f"approvers:\n  - counsel.pub\n  - name: Bea\n    key: |\n{inline}  - {'ab' * 32}\nthreshold: 2\n"
    pack = load(tmp_path, f"include: [default]\nwaivers: signed\n{more}")
    assert pack.approvers == (Approver(PEM), Approver(PEM, "Bea"), Approver("ab" * 32))
    assert pack.threshold == 2
    above = load(tmp_path, "include: [p]\n", "q")
    assert (above.approvers, above.threshold) == (pack.approvers, 2)


def test_whose_signature_counts_is_part_of_the_digest(tmp_path: Path) -> None:
    digests = set()
    for more in (
        "waivers: named",
        "waivers: signed",
        f"approvers: [{'ab' * 32}]",
        f"approvers: [{'cd' * 32}]",
    ):
        load(tmp_path, f"include: [default]\n{more}\n")
        digests.add(load_pack(tmp_path / "p.yaml").digest)
    assert len(digests) == 4


@pytest.mark.parametrize(
    "more",
    [
        "waivers: sometimes",
        "waivers: 1",
        "waivers: [signed]",
        "approvers: counsel.pub",
        "approvers: []",
        "approvers: [nowhere.pub]",
        "approvers: [p.yaml]",
        "approvers: [7]",
        "approvers: [{name: Bea}]",
        "approvers: [{key: '', name: Bea}]",
        "approvers: [{key: nowhere.pub, mail: x}]",
        "approvers: ['-----BEGIN PRIVATE KEY-----']",
        "threshold: 0",
        "threshold: true",
        "threshold: two",
        f"approvers: [{'ab' * 32}]\nthreshold: 2",
        f"approvers: [{{name: Bea, key: {'ab' * 32}}}, {{name: Bea, key: {'cd' * 32}}}]\nthreshold: 2",
    ],
)
def test_what_says_nothing_sound_of_waivers_is_refused(tmp_path: Path, more: str) -> None:
    with pytest.raises(PolicyError):
        load(tmp_path, f"include: [default]\n{more}\n")


def test_a_pack_that_asks_less_of_waivers_than_what_it_includes_says_so(tmp_path: Path) -> None:
    listed = f"approvers: [{'ab' * 32}, {'cd' * 32}]\nthreshold: 2\n"
    assert load(tmp_path, f"include: [default]\nwaivers: signed\n{listed}", "strict").eased == ()
    assert load(tmp_path, "include: [strict]\n").eased == ()
    less = f"include: [strict]\nwaivers: named\napprovers: [{'ef' * 32}]\nthreshold: 1\n"
    assert load(tmp_path, less).eased == (
        "takes waivers that are named, where strict says signed",
        "takes waivers signed by 1, where strict asks for 2",
        "names other approvers of waivers than strict",
    )
