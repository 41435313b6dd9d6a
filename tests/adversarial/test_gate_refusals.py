"""Every way to slip other data or another permit past the gate is refused, and the command never starts."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from evidence import PLAN, ROWS, sign, write_audit, write_jsonl

from auditor.cli.main import execute

ISSUED = str(int(time.time()))
"""Expiry is measured against no earlier time than the system's."""


class _Started(BaseException):
    """Stand for the process that the gate became."""


@dataclass(frozen=True)
class Case:
    """A permit over 24 rows, and what is needed to run the gate with it."""

    folder: Path
    weights: Path

    @property
    def data(self) -> Path:
        return self.folder / "data.jsonl"

    @property
    def permit(self) -> Path:
        return self.folder / "permit.intoto.json"

    @property
    def key(self) -> Path:
        return self.folder / "KEY.pub"

    def attest(self, outcome: str = "allow", *, options: tuple[str, ...] = (), **changes: object) -> None:
        out = write_audit(self.folder / "out", self.data, outcome, **changes)
        sign(out, self.folder / "KEY", self.permit, *options)

    def command(self, *options: str, data: Path | None = None, key: bool = True) -> list[str]:
        """Return `gate` and its arguments, before a training step that changes the weights."""
        train = f"open({str(self.weights)!r}, 'ab').write(b'one step')"
        named = ["--permit", str(self.permit), "--dataset", str(data or self.data)]
        named += ["--key", str(self.key)] if key else []
        return ["gate", *named, *options, "--", sys.executable, "-c", train]

    def gate(self, *options: str, **gate: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "auditor", *self.command(*options, **gate)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def passed(self, *options: str, **gate: Any) -> str:
        """Run the gate in this process up to the call that would replace it; return what it said."""
        command, said = self.command(*options, **gate), io.StringIO()
        kept = {number: signal.getsignal(number) for number in (signal.SIGPIPE, signal.SIGXFSZ)}
        never = mock.patch("os.execve", side_effect=_Started)
        with never as start, contextlib.redirect_stderr(said), contextlib.suppress(_Started):
            execute(command)
        for number, handler in kept.items():
            signal.signal(number, handler)
        assert [list(call.args[1]) for call in start.call_args_list] == [command[-3:]], said.getvalue()
        return said.getvalue()

    def refused(self, code: int, *words: str, options: tuple[str, ...] = (), **gate: Any) -> str:
        """Run the gate in this process: a refusal never comes to the call that would replace it.

        Returns:
            what it said.
        """
        before = self.weights.read_bytes()
        said = io.StringIO()
        never = mock.patch("os.execve", side_effect=AssertionError("the command was started"))
        with never as start, contextlib.redirect_stderr(said):
            returned = execute(self.command(*options, **gate))
        assert not start.called, said.getvalue()
        assert returned == code, said.getvalue()
        assert "Traceback" not in said.getvalue()
        for word in words:
            assert word in said.getvalue()
        assert self.weights.read_bytes() == before
        return said.getvalue()


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", ISSUED)
    monkeypatch.delenv("AUDITOR_KEY_PASSWORD", raising=False)
    assert execute(["keys", "new", "--out", str(tmp_path / "KEY")]) == 0
    write_jsonl(tmp_path / "data.jsonl", ROWS)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"untrained")
    made = Case(tmp_path, weights)
    made.attest()
    return made


def test_the_permitted_rows_are_trained_on(case: Case) -> None:
    done = case.gate()
    assert done.returncode == 0, done.stderr
    assert case.weights.read_bytes() == b"untrainedone step"


def test_a_refusal_ends_the_process_with_its_code_and_leaves_the_weights(case: Case) -> None:
    write_jsonl(case.data, ROWS[1:])
    done = case.gate()
    assert done.returncode == 1
    assert "1 missing (data.jsonl#0)" in done.stderr
    assert "Traceback" not in done.stderr
    assert case.weights.read_bytes() == b"untrained"


Change = Callable[[list[dict[str, object]]], list[dict[str, object]]]
ROW_CHANGES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "swapped": (
        lambda rows: [*rows[:5], {"id": "x", "prompt": "p", "answer": "a"}, *rows[6:]],
        ("1 not permitted (data.jsonl#5)", "1 missing (data.jsonl#5)"),
    ),
    "dropped": (lambda rows: rows[:7] + rows[8:], ("1 missing (data.jsonl#7)",)),
    "added": (lambda rows: [*rows, {"id": "x", "answer": "new"}], ("1 not permitted (data.jsonl#24)",)),
    "duplicated": (lambda rows: [*rows, rows[3]], ("1 not permitted (data.jsonl#24)",)),
    "one character": (
        lambda rows: [
            *rows[:9],
            {**rows[9], "answer": str(rows[9]["answer"]).replace("make", "made")},
            *rows[10:],
        ],
        ("1 not permitted (data.jsonl#9)",),
    ),
    "column added": (
        lambda rows: [{**row, "hint": "x"} for row in rows],
        ("24 not permitted (data.jsonl#0", "column 'hint' was added"),
    ),
    "column re-typed": (
        lambda rows: [{**row, "id": [row["id"]]} for row in rows],
        ("24 not permitted", "column 'id' has another type"),
    ),
}


@pytest.mark.parametrize("name", ROW_CHANGES)
def test_other_rows_are_refused_by_id(case: Case, name: str) -> None:
    change, words = ROW_CHANGES[name]
    write_jsonl(case.data, change([dict(row) for row in ROWS]))
    case.refused(1, *words)


def test_without_the_row_list_the_refusal_stands(case: Case) -> None:
    (case.folder / "permit.intoto.json.rows").unlink()
    write_jsonl(case.data, ROWS[1:])
    case.refused(1, "the permit covers 24 rows, there are 23")


def test_a_row_list_that_is_no_file_is_not_waited_for(case: Case) -> None:
    listed = case.folder / "permit.intoto.json.rows"
    listed.unlink()
    os.mkfifo(listed)
    case.refused(4, "not a regular file")


def test_an_edited_row_list_is_noticed(case: Case) -> None:
    listed = case.folder / "permit.intoto.json.rows"
    listed.write_bytes(listed.read_bytes().replace(b"#1\n", b"#99\n"))
    case.refused(4, "not the one that the permit names")


def _edit(permit: Path, change: Callable[[dict[str, object]], None]) -> None:
    envelope = json.loads(permit.read_text())
    statement = json.loads(base64.b64decode(envelope["payload"]))
    change(statement)
    envelope["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    permit.write_text(json.dumps(envelope))


def test_an_edited_permit_is_refused(case: Case) -> None:
    case.attest("deny")
    _edit(case.permit, lambda statement: statement["predicate"].update(verificationResult="PASSED"))  # type: ignore[attr-defined]
    case.refused(4, "changed after it was signed")


@pytest.mark.parametrize("outcome", ["review", "deny"])
def test_a_failed_permit_is_refused(case: Case, outcome: str) -> None:
    case.attest(outcome)
    case.refused(1, "FAILED", outcome)


def test_a_permit_over_a_part_of_the_set_is_refused(case: Case) -> None:
    case.attest(sampled=True)
    case.refused(1, "did not read and judge every row")


def test_a_permit_without_a_fair_use_sheet_is_refused(case: Case) -> None:
    case.attest(fair_use=None)
    case.refused(1, "no fair-use sheet")


def test_an_expired_permit_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.attest(options=("--expires", "30d"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(ISSUED) + 30 * 86_400 - 1))
    case.passed()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(ISSUED) + 30 * 86_400))
    case.refused(1, "expired")


def test_the_environment_does_not_set_the_gates_clock_back(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(ISSUED) - 86_400))
    case.attest(options=("--expires", "12h"))
    case.refused(1, "expired")


def test_a_permit_from_the_future_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(ISSUED) + 3600))
    case.attest()
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    case.refused(1, "begins at")


def test_a_revoked_permit_is_refused(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "verify",
        str(case.permit),
        "--dataset",
        str(case.data),
        "--key",
        str(case.key),
        "--format",
        "json",
    ]
    capsys.readouterr()
    assert execute(arguments) == 0
    digest = json.loads(capsys.readouterr().out)["permit"]
    revoked = case.folder / "revoked.txt"
    bare = digest.removeprefix("sha256:")
    key = json.loads(case.permit.read_text())["signatures"][0]["keyid"]
    dataset = statement(case.permit)["subject"][0]["digest"]["sha256"]
    for line in (f"payload:{bare}  # terms changed", f"payload:{digest}", f"key:{key}", f"dataset:{dataset}"):
        revoked.write_text(f"# withdrawn\n\n{line}\n")
        case.refused(1, f"revoked: {line.partition(':')[0]}:", options=("--revoked", str(revoked)))
    for line in (f"payload:{'0' * 64}", f"key:{bare}", f"dataset:{bare}", f"payload:{key}"):
        revoked.write_text(f"{line}\n")
        case.passed("--revoked", str(revoked))
    for line in ("permit 7", f"file:{bare}", f"payload:{bare[:-1]}", f"payload:{bare} key:{key}"):
        revoked.write_text(f"{line}\n")
        case.refused(2, "not a line of a revocation list", options=("--revoked", str(revoked)))
    revoked.unlink()
    os.mkfifo(revoked)
    case.refused(2, "cannot be read", options=("--revoked", str(revoked)))


def test_a_bare_digest_as_sha256sum_writes_it_is_no_revocation(case: Case) -> None:
    revoked = case.folder / "revoked.txt"
    found = hashlib.sha256(case.permit.read_bytes()).hexdigest()
    for line in (f"{found}  permit.intoto.json", found, f"sha256:{found}", found.upper(), f"{found} *p.json"):
        revoked.write_text(line)
        case.refused(
            2,
            "does not say what it revokes",
            "payload:SHA256",
            "auditor verify PERMIT --format json",
            options=("--revoked", str(revoked)),
        )


def test_a_revoked_permit_is_refused_however_it_is_written(case: Case) -> None:
    revoked = case.folder / "revoked.txt"
    payload = hashlib.sha256(base64.b64decode(json.loads(case.permit.read_text())["payload"])).hexdigest()
    revoked.write_text(f"payload:{payload}")
    options = ("--revoked", str(revoked))
    bundle = (case.folder / "permit.sigstore.json").read_bytes()
    envelope = json.loads(case.permit.read_text())
    (own,) = envelope["signatures"]
    variants = [
        {**envelope, "note": 1},
        {**envelope, "signatures": [{**own, "keyid": "x"}]},
        {**envelope, "signatures": [{"keyid": "x", "sig": "AAAA"}, own, own]},
    ]
    for content in (case.permit.read_bytes() + b" ", bundle, *(json.dumps(one).encode() for one in variants)):
        case.permit.write_bytes(content)
        case.passed()
        case.refused(1, "revoked: payload:", options=options)


def test_a_bundle_is_as_the_sigstore_spec_has_it(case: Case) -> None:
    bundle = json.loads((case.folder / "permit.sigstore.json").read_text())
    (own,) = bundle["dsseEnvelope"]["signatures"]
    two = {**bundle["dsseEnvelope"], "signatures": [own, own]}
    older = "application/vnd.dev.sigstore.bundle+json;version=0.3"
    for changed in (
        {**bundle, "dsseEnvelope": two},
        {**bundle, "mediaType": older},
        {**bundle, "mediaType": bundle["mediaType"].upper()},
        {name: part for name, part in bundle.items() if name != "mediaType"},
        {name: part for name, part in bundle.items() if name != "verificationMaterial"},
        {**json.loads(case.permit.read_text()), "mediaType": "text/plain"},
    ):
        case.permit.write_text(json.dumps(changed))
        case.refused(4, "not a DSSE envelope")
    case.permit.write_text(json.dumps(bundle))
    case.passed()


def statement(permit: Path) -> dict[str, Any]:
    """Return what a permit states."""
    found: dict[str, Any] = json.loads(base64.b64decode(json.loads(permit.read_text())["payload"]))
    return found


def test_a_statement_that_says_two_things_is_no_permit(case: Case) -> None:
    from auditor.attest.envelope import dump, seal
    from auditor.attest.keys import load_private

    statement = base64.b64decode(json.loads(case.permit.read_text())["payload"])
    passed = b'"verificationResult":"PASSED"'
    assert passed in statement
    for change in (
        (passed, b'"verificationResult":"FAILED",' + passed),
        (b'"verifiedLevels":["AUDITOR_ALLOW"]', b'"verifiedLevels":["FAILED"]'),
    ):
        assert change[0] in statement
        sealed = seal(statement.replace(*change), [load_private(case.folder / "KEY")])
        case.permit.write_bytes(dump(sealed.as_json()))
        case.refused(4, "not a permit of this kind")


def test_both_alphabets_of_base64_are_read_and_nothing_looser(case: Case) -> None:
    envelope = json.loads(case.permit.read_text())
    (own,) = envelope["signatures"]
    safe = str.maketrans("+/", "-_")
    case.permit.write_text(
        json.dumps(
            {
                **envelope,
                "payload": envelope["payload"].translate(safe),
                "signatures": [{**own, "sig": own["sig"].translate(safe)}],
            }
        )
    )
    case.passed()
    for payload in (envelope["payload"][:8] + "\n" + envelope["payload"][8:], envelope["payload"] + "===="):
        case.permit.write_text(json.dumps({**envelope, "payload": payload}))
        case.refused(4, "not a DSSE envelope")
    case.permit.write_text(json.dumps(envelope)[:-1] + ', "payload": "AAAA"}')
    case.refused(4, "not a DSSE envelope")


def test_a_strangers_signature_is_refused(case: Case) -> None:
    assert execute(["keys", "new", "--out", str(case.folder / "OTHER"), "--type", "ecdsa-p256"]) == 0
    case.refused(4, "no trusted key", options=("--key", str(case.folder / "OTHER.pub")), key=False)


def test_one_key_twice_is_not_two(case: Case) -> None:
    twin = case.folder / "TWIN.pub"
    twin.write_bytes(case.key.read_bytes())
    envelope = json.loads(case.permit.read_text())
    envelope["signatures"] = [{**envelope["signatures"][0], "keyid": name} for name in ("a", "b")]
    case.permit.write_text(json.dumps(envelope))
    case.passed()
    case.refused(4, "signed by 1 distinct", options=("--key", str(twin), "--threshold", "2"))
    case.refused(2, "trusts anybody", options=("--threshold", "0"))


def test_two_signers_meet_a_threshold_of_two(case: Case) -> None:
    second = case.folder / "SECOND"
    assert execute(["keys", "new", "--out", str(second), "--type", "ecdsa-p256"]) == 0
    options = ("--key", f"{second}.pub", "--threshold", "2")
    case.refused(4, "signed by 1 distinct", options=options)
    assert execute(["keys", "cosign", str(case.permit), "--key", str(second)]) == 0
    case.passed(*options)


def test_another_plan_or_policy_is_refused(case: Case) -> None:
    plan = case.folder / "plan.yaml"
    plan.write_text(json.dumps(PLAN))
    case.passed("--plan", str(plan))
    plan.write_text(json.dumps({**PLAN, "intended_use": "commercial-api"}))
    case.refused(1, "another plan", options=("--plan", str(plan)))
    case.refused(1, "another policy", options=("--policy", "research-only"))


def test_a_binding_that_was_asked_for_must_be_there(case: Case) -> None:
    collator = case.folder / "collator.py"
    collator.write_text("pass")
    bind = ("--bind", f"collator={collator}")
    case.refused(1, "binds no collator", options=bind)
    case.attest(options=bind)
    case.passed(*bind)
    assert "not compared here: collator" in case.passed()
    collator.write_text("pass # other")
    case.refused(1, "another collator", options=bind)


def test_a_replay_on_another_dataset_is_refused(case: Case) -> None:
    other = write_jsonl(case.folder / "other.jsonl", [{"id": "1", "answer": "else"}])
    case.refused(1, "not permitted (other.jsonl#0)", "missing", data=other)


@pytest.mark.parametrize("algorithm", ["sha1", "md5", "sha512"])
def test_a_permit_under_another_digest_algorithm_is_refused(case: Case, algorithm: str) -> None:
    from auditor.attest.envelope import dump, seal
    from auditor.attest.keys import load_private

    statement = json.loads(base64.b64decode(json.loads(case.permit.read_text())["payload"]))
    digest = statement["subject"][0]["digest"]
    digest[algorithm] = digest.pop("sha256")
    sealed = seal(json.dumps(statement).encode(), [load_private(case.folder / "KEY")])
    case.permit.write_bytes(dump(sealed.as_json()))
    case.refused(4, "not a permit of this kind")


def test_another_payload_type_is_refused(case: Case) -> None:
    envelope = json.loads(case.permit.read_text())
    case.permit.write_text(json.dumps({**envelope, "payloadType": "application/json"}))
    case.refused(4, "payload is of type")


def test_the_test_result_is_no_permit(case: Case) -> None:
    case.permit.write_bytes((case.folder / "permit.test-result.intoto.json").read_bytes())
    case.refused(4, "test-result")


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"null", b"[]", b'{"signatures": []}', b"\xff\x00", b"{" * 4000]
)
def test_a_damaged_permit_is_refused(case: Case, content: bytes) -> None:
    case.permit.write_bytes(content)
    case.refused(4, "not a DSSE envelope")


def test_a_missing_permit_is_refused(case: Case) -> None:
    case.permit.unlink()
    case.refused(4, "cannot read")


def test_missing_data_and_a_loop_of_links_are_bad_input(case: Case) -> None:
    case.data.unlink()
    case.refused(2)
    case.data.symlink_to(case.data)
    case.refused(2)


def test_a_link_to_other_rows_is_refused(case: Case) -> None:
    other = write_jsonl(case.folder / "elsewhere.jsonl", ROWS[1:])
    case.data.unlink()
    case.data.symlink_to(other)
    case.refused(1, "1 missing")


def test_order_shards_and_container_do_not_count(case: Case) -> None:
    write_jsonl(case.data, ROWS[::-1])
    case.passed()
    shards = case.folder / "shards"
    for number in range(3):
        write_jsonl(shards / f"part-{number}.jsonl", ROWS[number::3])
    case.passed(data=shards)
    parquet = case.folder / "data.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS), parquet)
    case.passed(data=parquet)


def test_a_link_beside_its_file_gives_the_rows_twice(case: Case) -> None:
    folder = case.folder / "linked"
    write_jsonl(folder / "a.jsonl", ROWS[:12])
    write_jsonl(folder / "b.jsonl", ROWS[12:])
    case.passed(data=folder)
    (folder / "c.jsonl").symlink_to("a.jsonl")
    case.refused(1, "12 not permitted (c.jsonl#0", data=folder)


def _mixed(case: Case) -> tuple[Path, list[str]]:
    folder = case.folder / "mixed"
    write_jsonl(folder / "a.jsonl", ROWS)
    assert "not read" not in case.passed(data=folder)
    names = [
        "rows_metadata.bin",
        "notes.txt",
        ".hidden.jsonl",
        ".git/x.jsonl",
        "sub/deep/x.bin",
        "a\x1b[31m\nb.txt",
    ]
    for name in names:
        write_jsonl(folder / name, [{"answer": "foreign"}])
    for number in range(5):
        (folder / f"0-empty-{number}.txt").touch()
    return folder, [
        "rows_metadata.bin",
        "notes.txt",
        ".hidden.jsonl",
        ".git/x.jsonl",
        "sub/deep/x.bin",
        "u001b",
    ]


def test_data_that_was_not_read_is_refused_and_all_of_it_is_named(case: Case) -> None:
    folder, names = _mixed(case)
    said = case.refused(1, "6 files in the data were not read", *names, data=folder)
    assert "\x1b" not in said


def test_data_that_was_not_read_is_accepted_by_an_option_and_named(case: Case) -> None:
    folder, names = _mixed(case)
    told = case.passed("--allow-unread", data=folder)
    said = next(line for line in told.splitlines() if "not read" in line)
    assert all(name in said for name in names)
    verify = ["verify", str(case.permit), "--dataset", str(folder), "--key", str(case.key)]
    assert execute(verify) == 1
    assert execute([*verify, "--allow-unread"]) == 0


def test_a_pack_can_forbid_to_start_beside_data_that_was_not_read(case: Case) -> None:
    policy = {
        "name": "strict",
        "version": "1",
        "digest": f"sha256:{'ab' * 32}",
        "permit": {"unread": "refuse"},
    }
    folder, _ = _mixed(case)
    case.attest(policy=policy)
    case.refused(1, "forbids --allow-unread", data=folder, options=("--allow-unread",))


def test_the_script_under_the_gate_starts_where_the_gate_did(case: Case) -> None:
    folder, _ = _mixed(case)
    command = [
        sys.executable,
        "-m",
        "auditor",
        "gate",
        "--permit",
        str(case.permit),
        "--dataset",
        str(folder),
    ]
    script = "from auditor.gate import require_permit; print(len(require_permit().unread))"
    command += ["--key", str(case.key), "--allow-unread", "--", sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "6\n", done.stderr


def test_the_gate_says_what_the_permit_rests_on_before_it_starts(case: Case) -> None:
    case.attest(options=("--expires", "3d"))
    told = case.passed()
    for said in (
        "gate: policy default@1.0 (sha256:",
        "gate: plan tiny, research-only (sha256:",
        "gate: waivers none",
        "gate: for training, evidence: rows",
        " ago, holds until ",
        "gate: the trainer's settings were not compared (see --trainer-config)",
    ):
        assert said in told


@pytest.mark.parametrize("option", ["--permit", "--plan", "--policy", "--threshold", "--revoked"])
def test_an_option_that_takes_one_value_is_given_once(case: Case, option: str) -> None:
    twice = (option, "1", option, "1") if option != "--permit" else (option, str(case.permit))
    case.refused(2, f"{option} is given twice", options=twice)


def _run(case: Case, program: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "auditor",
        "gate",
        "--permit",
        str(case.permit),
        "--dataset",
        str(case.data),
    ]
    return subprocess.Popen([*command, "--key", str(case.key), "--", sys.executable, "-c", program])


def test_a_script_under_the_gate_asks_for_all_that_the_gate_asked_for(case: Case) -> None:
    odd = case.folder / "12:00.jsonl"
    odd.write_bytes(case.data.read_bytes())
    revoked = case.folder / "revoked.txt"
    revoked.write_text("")
    other = case.folder / "other"
    write_audit(other, case.data)
    report = json.loads((other / "report.json").read_text())
    (other / "report.json").write_text(
        json.dumps({**report, "plan": {"intended_use": "internal-commercial"}})
    )
    sign(other, case.folder / "KEY", Path(f"{other}.intoto.json"))
    program = (
        "import base64, hashlib, json, os, pathlib\n"
        "from auditor.errors import RefusedError\n"
        "from auditor.gate import require_permit\n"
        "assert len(require_permit().digests) == 24\n"
        f"permit, other = (pathlib.Path(p) for p in ({str(case.permit)!r}, {f'{other}.intoto.json'!r}))\n"
        "kept = permit.read_bytes()\n"
        "payload = base64.b64decode(json.loads(kept)['payload'])\n"
        "digest = b'payload:' + hashlib.sha256(payload).hexdigest().encode()\n"
        "for content, listed in ((other.read_bytes(), b''), (kept, digest)):\n"
        f"    permit.write_bytes(content); pathlib.Path({str(revoked)!r}).write_bytes(listed)\n"
        "    try:\n        require_permit()\n"
        "    except RefusedError as error:\n        print(error)\n"
    )
    command = [sys.executable, "-m", "auditor", "gate", "--permit", str(case.permit), "--dataset", str(odd)]
    command += ["--key", str(case.key), "--revoked", str(revoked), "--", sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    swapped, withdrawn = done.stdout.splitlines()
    assert "not the permit that the gate verified" in swapped
    assert "revoked" in withdrawn


def test_signals_and_the_environment_reach_the_command_and_its_exit_code_comes_back(case: Case) -> None:
    ready = case.folder / "ready"
    program = (
        "import os, signal, sys, time, pathlib\n"
        "code = 41 if os.environ['AUDITOR_PERMIT'].endswith('permit.intoto.json') else 1\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(code))\n"
        f"pathlib.Path({str(ready)!r}).touch()\n"
        "time.sleep(30)"
    )
    process = _run(case, program)
    while not ready.exists():
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(20) == 41


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system has no /proc")
def test_the_command_finds_signals_and_stdin_as_the_gate_did_and_may_be_killed(case: Case) -> None:
    command = [sys.executable, "-m", "auditor", "gate", "--permit", str(case.permit)]
    command += ["--dataset", str(case.data), "--key", str(case.key), "--"]
    command += ["sh", "-c", "cat - /proc/self/status; kill -KILL $$"]
    killed = subprocess.run(command, input=b"from stdin\n", capture_output=True, check=False)
    status = killed.stdout.decode()
    assert status.startswith("from stdin\n")
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn:"))
    assert int(ignored.split()[1], 16) & (1 << (signal.SIGPIPE - 1)) == 0
    assert killed.returncode == -signal.SIGKILL


def test_a_program_that_is_not_there_is_a_usage_error(case: Case) -> None:
    arguments = ["gate", "--permit", str(case.permit), "--dataset", str(case.data), "--key", str(case.key)]
    assert execute([*arguments, "--", "no-such-program"]) == 2
    assert execute(arguments) == 2
