"""License strings of several vocabularies: known, ambiguous, unknown, none and unreadable stay apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.domain.license import LicenseStatus
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.load import load_knowledge
from auditor.knowledge.read_licenses import Vocabulary
from tests.effort import tries

KNOWN, AMBIGUOUS, UNKNOWN = LicenseStatus.KNOWN, LicenseStatus.AMBIGUOUS, LicenseStatus.UNKNOWN
NONE, UNREADABLE = LicenseStatus.NONE, LicenseStatus.UNREADABLE


@pytest.mark.parametrize(
    ("text", "expression", "status"),
    [
        ("mit", "MIT", KNOWN),
        ("IT", "NOASSERTION", UNKNOWN),
        ("CC-BY-NC-4.0", "CC-BY-NC-4.0", KNOWN),
        ("CC BY-NC", "NOASSERTION", AMBIGUOUS),
        ("CC-BY-SA", "NOASSERTION", AMBIGUOUS),
        ("GPL", "NOASSERTION", AMBIGUOUS),
        ("cc", "NOASSERTION", AMBIGUOUS),
        ("modified-mit", "NOASSERTION", AMBIGUOUS),
        ("MIT AND Apache-2.0", "MIT AND Apache-2.0", KNOWN),
        ("MIT OR LicenseRef-foo", "MIT OR NOASSERTION", UNKNOWN),
        ("MIT AND NOASSERTION", "MIT AND NOASSERTION", UNKNOWN),
        ("MIT AND", "NOASSERTION", UNREADABLE),
        ("(MIT", "NOASSERTION", UNREADABLE),
        ("NONE", "NONE", NONE),
        ("No License", "NONE", NONE),
        ("NOASSERTION", "NOASSERTION", UNKNOWN),
        ("unknown", "NOASSERTION", UNKNOWN),
        ("proprietary", "NOASSERTION", UNKNOWN),
        ("some words that nobody put on a list", "NOASSERTION", UNKNOWN),
        ("Custom", "LicenseRef-Custom", UNKNOWN),
        ("Non Commercial", "LicenseRef-NonCommercial", KNOWN),
        ("", "NOASSERTION", UNKNOWN),
        (None, "NOASSERTION", UNKNOWN),
        ("x" * 501, "NOASSERTION", UNKNOWN),
        ("llama3", "LicenseRef-Llama-3-Community", KNOWN),
        ("llama3.1", "LicenseRef-Llama-3.1-Community", KNOWN),
        ("LicenseRef-scancode-llama-3.1-license-2024", "LicenseRef-Llama-3.1-Community", KNOWN),
        ("Creative Commons Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0", KNOWN),
        ("Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0", KNOWN),
        ("Creative Commons Attribution Share Alike", "NOASSERTION", AMBIGUOUS),
        ("Creative Commons", "NOASSERTION", AMBIGUOUS),
        ("CC BY 4.0 except for the images", "NOASSERTION", UNKNOWN),
        ("CC BY 9.9", "NOASSERTION", UNKNOWN),
        ("CC0", "CC0-1.0", KNOWN),
        ("CC Zero 1.0", "CC0-1.0", KNOWN),
        ("CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "CC0-1.0", KNOWN),
        ("cc0 1.0 non-commercial", "NOASSERTION", UNKNOWN),
        ("CC0 except the answers", "NOASSERTION", UNKNOWN),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "CC-BY-NC-SA-4.0", KNOWN),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0", KNOWN),
        ("https://creativecommons.org/licenses/by-nc/", "NOASSERTION", AMBIGUOUS),
        ("https://opensource.org/licenses/MIT", "MIT", KNOWN),
        ("https://opensource.org/licenses/MIT and CC-BY-NC-4.0", "NOASSERTION", UNKNOWN),
        ("not https://opensource.org/licenses/MIT", "NOASSERTION", UNKNOWN),
        ("CC BY https://creativecommons.org/licenses/by/4.0/deed.de", "CC-BY-4.0", KNOWN),
        ("CC BY-NC 4.0 https://creativecommons.org/licenses/by/4.0/", "NOASSERTION", UNKNOWN),
        (
            "https://creativecommons.org/licenses/by/4.0/ https://creativecommons.org/licenses/by-nc/4.0/",
            "NOASSERTION",
            UNKNOWN,
        ),
        ("https://example.com/creativecommons.org/licenses/by/4.0/", "NOASSERTION", UNKNOWN),
        ("https://spdx.org/licenses/Apache-2.0.html", "Apache-2.0", KNOWN),
        ("https://opensource.org/licenses/zzz", "NOASSERTION", UNKNOWN),
        ("//creativecommons.org/licenses/by-nc-nd/2.5/", "CC-BY-NC-ND-2.5", KNOWN),
        ("//opensource.org/license/mit/", "MIT", KNOWN),
        ("//example.com/creativecommons.org/licenses/by/4.0/", "NOASSERTION", UNKNOWN),
        ("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0", KNOWN),
        ("https://www.gnu.org/licenses/agpl-3.0.en.html", "AGPL-3.0-only", KNOWN),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL-1.0", KNOWN),
        ("CC BY-SA 3.0 (https://creativecommons.org/licenses/by-sa/3.0/)", "CC-BY-SA-3.0", KNOWN),
        ("CC BY 3.0 (https://creativecommons.org/licenses/by-nc/3.0/)", "NOASSERTION", UNKNOWN),
        ("Apache 2.0 License", "Apache-2.0", KNOWN),
        ("BSD License", "NOASSERTION", AMBIGUOUS),
        ("Python-2.0", "Python-2.0", KNOWN),
        ("GPL-3.0 WITH Classpath-exception-2.0", "GPL-3.0-only WITH Classpath-exception-2.0", KNOWN),
        ("GPL-3.0 WITH nobody-exception", "NOASSERTION", UNKNOWN),
    ],
)
def test_a_string_is_read_for_what_it_says(
    knowledge: Knowledge, text: str | None, expression: str, status: LicenseStatus
) -> None:
    read = knowledge.normalize_license(text)
    assert (read.expression, read.status) == (expression, status)
    assert bool(read.candidates) == (status is AMBIGUOUS)


def test_a_vocabulary_is_read_by_its_own_map_alone(knowledge: Knowledge) -> None:
    assert knowledge.normalize_license("No License", Vocabulary.SPDX).status is UNKNOWN
    assert knowledge.normalize_license("no license", Vocabulary.HF).status is UNKNOWN
    assert knowledge.normalize_license("No License", Vocabulary.DPI).status is NONE
    assert knowledge.normalize_license("qwen", Vocabulary.HF_NAME).expression == "LicenseRef-Qwen-2024"


def test_every_dpi_string_and_class_is_mapped(knowledge: Knowledge, shared: Path) -> None:
    classes = json.loads((shared / "data/dpi/_license_classes.json").read_text())
    unmapped = [text for text in classes if text.lower() not in knowledge.strings[Vocabulary.DPI]]
    assert unmapped == []


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=tries(200))
def test_no_text_breaks_the_reader_and_unknown_is_never_known(text: str) -> None:
    read = _KNOWLEDGE.normalize_license(text)
    if read.status is KNOWN:
        assert read.expression not in ("NOASSERTION", "NONE")
        assert _KNOWLEDGE.normalize_license(read.expression).expression == read.expression


_KNOWLEDGE = load_knowledge()
