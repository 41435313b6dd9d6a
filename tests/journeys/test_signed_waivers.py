"""Waivers that are signed: from the finding to the gate, with real commands, and whatever must not count."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.cli.main import execute

PLAN = """\
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: commercial-api
student_release_license: proprietary
student_name: Acme
competes_with_teacher_provider: 'yes'
"""
APPROVED = ("--approver-key", "bea.pem.pub")
HOUSE = "pack: house\nversion: '1'\ntitle: t\ninclude: [default]\nwaivers: signed\n"
ROWS = [
    {"instruction": "Say ho", "output": "Ho there.", "model": "nobody-knows-this", "license": "MIT"},
    {"instruction": "Say hum", "output": "Hum.", "model": "gpt-4", "access": "api", "license": "MIT"},
]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    Path("plan.yaml").write_text(PLAN)
    Path("house.yaml").write_text(HOUSE)
    Path("data").mkdir()
    Path("data/a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    for name in ("ann", "bea", "cem", "ci"):
        assert execute(["keys", "new", "--out", f"{name}.pem"]) == 0


def audit(*options: str) -> int:
    return execute(["audit", "data", "--plan", "plan.yaml", "--policy", "house.yaml", "--quiet", *options])


def report() -> dict[str, Any]:
    return dict(json.loads(Path("auditor-out/report.json").read_text()))


def waive(*options: str) -> None:
    assert audit() == 1
    for finding in report()["findings"]:
        who = ["--author", "ann", "--approver", "bea", "--expires", "2026-12-31", *options]
        text = ["--reason", "counsel-decided", "--text", "counsel has read the vendor's contract"]
        assert execute(["waive", finding["id"], *who, *text]) == 0


def approve(name: str, *options: str) -> int:
    return execute(["waive", "approve", "waivers.yaml", "--key", f"{name}.pem", *options])


def trusting(*names: str) -> tuple[str, ...]:
    return (
        "--waivers",
        "waivers.yaml",
        *(part for name in names for part in ("--approver-key", f"{name}.pem.pub")),
    )


def rules() -> set[str]:
    return {finding["rule"] for finding in report()["findings"] if not finding["waived_by"]}


def signed_permit() -> None:
    waive()
    assert approve("bea") == 0
    assert audit(*trusting("bea")) == 0
    assert execute(["attest", "auditor-out", "--key", "ci.pem"]) == 0


def verify(*options: str) -> int:
    return execute(["verify", "permit.intoto.json", "--dataset", "data", "--key", "ci.pem.pub", *options])


def test_a_signed_waiver_holds_up_to_the_gate_and_is_said_everywhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    waive()
    assert audit(*trusting("bea")) == 1
    assert "waiver-unsigned" in rules()
    assert report()["waivers"] == []
    assert approve("bea") == 0
    assert audit(*trusting("bea")) == 0
    held = report()["waivers"]
    assert {(one["approved_by"], one["author"], one["expires"]) for one in held} == {
        ("bea", "ann", "2026-12-31")
    }
    assert all(len(one["signed_by"]) == 1 and one["digest"].startswith("sha256:") for one in held)
    assert execute(["attest", "auditor-out", "--key", "ci.pem"]) == 0
    capsys.readouterr()
    trusted = ["--key", "ci.pem.pub", "--approver-key", "bea.pem.pub"]
    assert execute(["verify", "permit.intoto.json", "--dataset", "data", *trusted]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    for words in (
        "PASSED with waivers",
        "accepted by bea",
        "asked for by ann",
        "until 2026-12-31",
        "waivers.yaml",
    ):
        assert words in first


def test_every_format_and_the_gate_say_first_what_was_waived(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from auditor.gate import require_permit

    waive()
    assert approve("bea") == 0
    assert audit(*trusting("bea")) == 0
    for format in ("terminal", "markdown", "github", "junit", "sarif", "html", "json"):
        capfd.readouterr()
        assert execute(["report", "auditor-out", "--format", format]) == 0
        text = capfd.readouterr().out
        assert "bea" in text
        assert "2026-12-31" in text
        assert "waivers.yaml" in text
        assert report()["waivers"][0]["digest"][:19] in text
        if format in ("terminal", "markdown", "github"):
            assert "allowed with waivers" in text.splitlines()[0].lower()
    assert execute(["attest", "auditor-out", "--key", "ci.pem"]) == 0
    gate = "from auditor.cli.main import run; run()"
    keys = ["--key", "ci.pem.pub", "--approver-key", "bea.pem.pub"]
    options = ["--permit", "permit.intoto.json", "--dataset", "data", *keys, "--", "true"]
    done = subprocess.run([sys.executable, "-c", gate, "gate", *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "with waivers (1 row of F-" in done.stderr
    held = require_permit("permit.intoto.json", "data", keys=["ci.pem.pub"], approver_keys=["bea.pem.pub"])
    assert {one.author for one in held.permit.waivers} == {"ann"}
    assert "holds with waivers (1 row of F-" in caplog.text


def test_a_waiver_is_named_where_its_finding_is_explained_and_nowhere_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("house.yaml").write_text(HOUSE.replace("signed", "named"))
    with Path("data/a.jsonl").open("a") as rows:
        rows.write(json.dumps({**ROWS[1], "model": "claude-3-opus", "output": "Hum hum."}) + "\n")
    waive()
    held = yaml.safe_load(Path("waivers.yaml").read_text())
    same = [one for one in held["waivers"] if one["rule"] == "outputs-compete"]
    assert len(same) == 2
    Path("waivers.yaml").write_text(yaml.safe_dump({"waivers": same[:1]}))
    assert audit("--waivers", "waivers.yaml") > 0
    for one, waived in ((same[0], True), (same[1], False)):
        capsys.readouterr()
        assert execute(["explain", one["finding"]]) == 0
        lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  waiver ")]
        assert bool(lines) is waived
        assert all(same[0]["finding"] in line for line in lines)


def test_a_waiver_for_one_use_is_not_taken_for_another() -> None:
    waive()
    assert approve("bea") == 0
    Path("plan.yaml").write_text(PLAN.replace("commercial-api", "internal-commercial"))
    assert audit(*trusting("bea")) == 1
    assert report()["waivers"] == []
    assert "waiver-stale" in rules()


def test_the_trusted_key_is_named_by_the_user_and_never_found(tmp_path: Path) -> None:
    waive()
    assert approve("bea") == 0
    for place in (".", "data", "auditor-out"):
        shutil.copy("bea.pem.pub", Path(place, "approver.pub"))
    assert audit("--waivers", "waivers.yaml") == 1
    assert "waiver-unsigned" in rules()
    assert audit(*trusting("cem")) == 1
    assert audit(*trusting("nowhere")) == 2


def test_an_edit_after_the_signature_voids_it() -> None:
    waive()
    assert approve("bea") == 0
    held = yaml.safe_load(Path("waivers.yaml").read_text())
    for one in held["waivers"]:
        one["expires"] = "2027-06-30"
    Path("waivers.yaml").write_text(yaml.safe_dump(held))
    assert audit(*trusting("bea")) == 1
    assert "waiver-unsigned" in rules()


def test_signatures_of_other_waivers_are_not_replayed() -> None:
    waive()
    assert approve("bea") == 0
    held = yaml.safe_load(Path("waivers.yaml").read_text())
    first, second = (one["approvals"] for one in held["waivers"][:2])
    held["waivers"][0]["approvals"], held["waivers"][1]["approvals"] = second, first
    Path("waivers.yaml").write_text(yaml.safe_dump(held))
    assert audit(*trusting("bea")) == 1


def test_the_author_signs_nothing_and_two_are_two_people() -> None:
    waive("--author-key", "ann.pem.pub")
    assert approve("ann") == 2
    assert approve("bea", "--name", "Ann") == 2
    Path("house.yaml").write_text(HOUSE + "threshold: 2\n")
    assert approve("bea") == 0
    assert approve("cem") == 0
    assert audit(*trusting("bea", "cem")) == 1
    assert audit(*trusting("bea", "bea")) == 1
    assert "waiver-unsigned" in rules()
    assert approve("cem", "--name", "cem") == 0
    assert audit(*trusting("bea", "cem")) == 0
    assert {one["approved_by"] for one in report()["waivers"]} == {"bea and cem"}


def test_a_pack_that_lists_its_approvers_takes_no_others() -> None:
    Path("house.yaml").write_text(HOUSE + "approvers: [{name: Bea, key: bea.pem.pub}]\n")
    waive()
    assert approve("cem") == 0
    assert audit("--waivers", "waivers.yaml") == 1
    assert audit(*trusting("cem")) == 2
    assert approve("bea") == 0
    assert audit("--waivers", "waivers.yaml") == 0


def test_a_key_that_is_given_asks_for_signatures_where_names_would_do() -> None:
    Path("house.yaml").write_text(HOUSE.replace("signed", "named"))
    waive()
    assert audit("--waivers", "waivers.yaml") == 0
    assert audit(*trusting("bea")) == 1


def test_a_pack_that_takes_none_says_that_they_were_not_applied() -> None:
    Path("house.yaml").write_text(HOUSE.replace("signed", "none"))
    waive()
    assert approve("bea") == 0
    assert audit(*trusting("bea")) == 1
    assert report()["waivers"] == []
    assert any("takes no waivers" in note for note in report()["notes"])


def test_who_approved_does_not_sign_the_permit_alone(capsys: pytest.CaptureFixture[str]) -> None:
    waive()
    assert approve("bea") == 0
    assert audit(*trusting("bea")) == 0
    assert execute(["attest", "auditor-out", "--key", "bea.pem"]) == 2
    assert "approved a waiver" in capsys.readouterr().err
    assert execute(["attest", "auditor-out", "--key", "ci.pem", "--key", "bea.pem"]) == 0
    assert verify(*APPROVED) == 0
    by_approver = ["verify", "permit.intoto.json", "--dataset", "data", *APPROVED, "--key", "bea.pem.pub"]
    assert execute(by_approver) == 1


def test_a_permit_ends_with_the_first_waiver_that_it_rests_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    from auditor.attest.keys import load_public
    from auditor.attest.verify import Expectation, check_permit, open_permit
    from auditor.errors import RefusedError

    waive()
    assert approve("bea") == 0
    assert audit(*trusting("bea")) == 0
    assert execute(["attest", "auditor-out", "--key", "ci.pem"]) == 0
    permit = open_permit(Path("permit.intoto.json"), [load_public(Path("ci.pem.pub"))])
    check_permit(permit, Expectation(datetime(2026, 12, 31, 23, tzinfo=UTC)))
    with pytest.raises(RefusedError, match="waiver"):
        check_permit(permit, Expectation(datetime(2027, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize("arguments", [["approve", "none.yaml"], ["approve", "empty.yaml"], ["approve"], []])
def test_what_cannot_be_signed_is_refused(arguments: list[str]) -> None:
    Path("empty.yaml").write_text("waivers: []\n")
    assert execute(["waive", *arguments, *(["--key", "bea.pem"] if arguments else [])]) == 2


def test_the_revoked_key_of_an_approver_carries_no_waiver_any_more() -> None:
    from auditor.errors import RefusedError
    from auditor.gate import require_permit

    signed_permit()
    assert verify(*APPROVED) == 0
    key = report()["waivers"][0]["signed_by"][0]
    Path("revoked.txt").write_text(f"key:{key}\n")
    assert verify(*APPROVED, "--revoked", "revoked.txt") == 1
    with pytest.raises(RefusedError, match="revoked"):
        require_permit(
            "permit.intoto.json",
            "data",
            keys=["ci.pem.pub"],
            approver_keys=["bea.pem.pub"],
            revoked="revoked.txt",
        )
    Path("revoked.txt").write_text(f"key:{'0' * 64}\n")
    assert verify(*APPROVED, "--revoked", "revoked.txt") == 0
