"""A release: `make dist` builds and tries both archives, `make notes` takes its words from the changelog."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import auditor

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    environment = {**os.environ, "PYTHON": sys.executable, "OUT": str(out), "CI": "1"}
    done = subprocess.run([ROOT / ".ci" / "dist"], env=environment, capture_output=True, text=True)
    if "No matching distribution found for hatchling" in done.stderr:
        pytest.skip("the build backend cannot be fetched here")
    assert done.returncode == 0, done.stderr
    return out


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_release_has_a_wheel_an_archive_and_their_checksums(dist: Path) -> None:
    version = auditor.__version__
    built = {f"auditor-{version}-py3-none-any.whl", f"auditor-{version}.tar.gz"}
    assert {path.name for path in dist.iterdir()} == {*built, "SHA256SUMS"}
    sums = dict(reversed(line.split()) for line in (dist / "SHA256SUMS").read_text().splitlines())
    assert sums == {name: hashlib.sha256((dist / name).read_bytes()).hexdigest() for name in built}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_archive_holds_tests_pages_and_how_to_report_a_fault(dist: Path) -> None:
    [archive] = dist.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    for name in ("tests/packaging/test_dist.py", "docs/releasing.md", "SECURITY.md", "policies/default.yaml"):
        assert name in names


def notes(version: str) -> str:
    command = ["make", "--silent", "--no-print-directory", "notes", f"VERSION={version}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_the_notes_of_a_version_are_its_section_of_the_changelog() -> None:
    section = CHANGELOG.split("## [Unreleased]\n")[1].split("\n## [")[0]
    assert notes("Unreleased").strip() == section.strip()
    assert notes("99.0.0") == ""


def test_the_changelog_has_the_form_that_the_notes_are_taken_by() -> None:
    headings = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    for heading in headings[1:]:
        assert re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading)


def test_the_page_and_the_makefile_name_the_same_steps() -> None:
    page = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"make (?:--silent )?([a-z]+)", page)) <= targets
