"""Code becomes tokens: for any bytes, as the languages have them, the same on every run."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.fingerprint.code import symbols
from auditor.fingerprint.code.tokens import Tokens, kinds_of, scan
from auditor.fingerprint.code.triage import FENCED, NOTHING, WHOLE
from auditor.fingerprint.code.views import runs_of

PYTHON = '''@cached
def total(rows: list[int], rate=1_000.5e-3):
    """Add up; it's done once."""
    path = r"C:\\temp" + 'a#b'  # not // a comment
    return {k: v // 2 for k, v in rows if k != 0x1F}
'''
C_LIKE = """#include <stdio.h>
/* it's
   long */
int main(void) {  // start
    char *url = "http://x//y"; float r = 1.5e+3f;
    return a[i]->b ? 'c' : '\\'';
}
"""
SCRIPT = """const f = async (a) => `x ${a}
y`; // done
let n = a?.b ?? 0; /* end */ color = "#fff";
"""
RUST = 'fn main() { let v: Vec<u8> = (0..10).collect(); println!("{}", v.len()); } // x\n'
GO = 'package main\nfunc add(a int, b int) (int, error) { s := `raw "x"`; return a + b, nil } // sum\n'
SQL = "SELECT a, count(*) FROM t -- it's all\nWHERE b = 'x' AND c >= 10; /* end */\n"
SHELL = 'for f in *.txt; do\n  echo "$f" # don\'t\ndone\n'
HTML = "<!-- it's --><div class=\"a\" id='b'>text</div><p>1 &lt; 2</p>\n"
JAVA = 'public final class A<T> { int n = 0xFFL; String s = "a\\"b"; /** doc */ void f() { n += 1; } }\n'
LANGUAGES = {
    "python": PYTHON, "c": C_LIKE, "javascript": SCRIPT, "rust": RUST, "go": GO, "sql": SQL, "bash": SHELL,
    "html": HTML, "java": JAVA,
}  # fmt: skip


def whole(*texts: str) -> Tokens:
    return scan(pa.array(texts, pa.large_string()), np.full(len(texts), WHOLE, np.uint8))


def pieces(text: str, marks: set[int]) -> list[str]:
    found = whole(text)
    places = zip(found.starts.tolist(), found.sizes.tolist(), found.marks.tolist(), strict=True)
    return [text[start : start + size] for start, size, mark in places if mark in marks]


def our_classes(text: str) -> str:
    """Return a letter for each character: comment, string or plain; blanks have none."""
    letters = [" "] * len(text)
    found = whole(text)
    for start, size, mark in zip(found.starts, found.sizes, found.marks, strict=True):
        for at in range(start, start + size):
            letters[at] = {symbols.PLAIN: "p", symbols.IN_COMMENT: "c"}.get(int(mark), "s")
    return "".join(" " if char.isspace() else letter for char, letter in zip(text, letters, strict=True))


def their_classes(text: str, language: str) -> str:
    """Return the same by pygments' lexer."""
    lexers, token = pytest.importorskip("pygments.lexers"), pytest.importorskip("pygments.token")
    lexer = lexers.get_lexer_by_name(language, stripnl=False, ensurenl=False)
    letters = []
    for kind, value in lexer.get_tokens(text):
        doc = kind in token.String.Doc
        comment = (kind in token.Comment and kind not in token.Comment.Preproc
                   and kind not in token.Comment.PreprocFile) or doc  # fmt: skip
        letters.append(("c" if comment else "s" if kind in token.String else "p") * len(value))
    found = "".join(letters)
    return "".join(" " if char.isspace() else letter for char, letter in zip(text, found, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_and_strings_are_those_of_pygments(language: str) -> None:
    text = LANGUAGES[language]
    ours, theirs = our_classes(text), their_classes(text, language)
    differ = [text[k] for k in range(len(text)) if ours[k] != theirs[k]]
    # What a string takes in from outside is code to pygments alone.
    assert "".join(differ) in {"", {"javascript": "a", "bash": "$f"}.get(language)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_but_blanks_is_in_one_token(language: str) -> None:
    text = LANGUAGES[language]
    covered = "".join(pieces(text, {0, 1, 2, 3}))
    assert "".join(covered.split()) == "".join(text.split())


def test_names_are_numbered_and_reserved_words_kept() -> None:
    found = whole("for (x = y; x < z; x++) return x;")
    first = symbols.FIRST_NAME
    names = [int(one) - first for one in found.symbols if one >= first]
    assert names == [0, 1, 0, 2, 0, 0]
    words = [
        symbols.RESERVED[int(one) - symbols.FIRST_KEYWORD] for one in found.symbols if 256 <= one < first
    ]
    assert words == ["for", "return"]


def test_new_names_change_no_blind_run_and_case_changes_no_wording() -> None:
    renamed = C_LIKE.replace("url", "where_it_is").replace("main", "begin")
    snake, camel = "total_rows = read_all(file_name) + 1;" * 2, "totalRows = readAll(fileName) + 1;" * 2
    shapes = [runs.keys[runs.keys > 0].tolist() for runs in runs_of(whole(C_LIKE))]
    assert [runs.keys[runs.keys > 0].tolist() for runs in runs_of(whole(renamed))][:2] == shapes[:2]
    assert runs_of(whole(snake))[2].keys.tolist() == runs_of(whole(camel))[2].keys.tolist() != []


def test_code_without_its_comments_has_the_same_bare_runs() -> None:
    bare = SCRIPT.replace("// done", "").replace("/* end */", "")
    for view in (1, 2):
        assert runs_of(whole(bare))[view].keys.tolist() == runs_of(whole(SCRIPT))[view].keys.tolist()


def test_fenced_blocks_are_code_and_what_is_around_them_is_not() -> None:
    text = f"Here it is:\n```python\n{PYTHON}```\nand (then)\n~~~\n{SHELL}~~~\n"
    found = scan(pa.array([text]))
    names = [text[s : s + n] for s, n in zip(found.starts.tolist(), found.sizes.tolist(), strict=True)]
    assert not {"Here", "then", "python", "`"} & {*names}
    assert {"total", "echo", "done"} <= {*names}
    assert (found.symbols == symbols.BREAK).sum() == 1


def test_an_open_fence_runs_to_the_end_and_a_longer_one_holds_a_shorter() -> None:
    open_ = scan(pa.array(["```\nx = 1\ny = 2"]))
    assert open_.symbols.size == 6
    nested = "````\na = 1\n```\nb = 2\n````\nrest"
    found = scan(pa.array([nested]))
    assert "rest" not in [nested[s : s + n] for s, n in zip(found.starts, found.sizes, strict=True)]


def test_prose_is_no_code_and_code_is() -> None:
    prose = "It was late, and nobody (as far as we know) had seen the letter; it lay there for a week."
    texts = pa.array([prose, C_LIKE, f"See:\n```\n{SHELL}```", "", None])
    assert kinds_of(texts).tolist() == [NOTHING, WHOLE, FENCED, NOTHING, NOTHING]


@given(st.lists(st.text(max_size=60) | st.text("`'\"/*#-<!>\\\n\r ab1.x{};:", max_size=60), max_size=6))
def test_any_text_has_tokens_that_cover_it_in_order(texts: list[str]) -> None:
    clean = [text.encode("utf-8", "ignore").decode() for text in texts]
    found = whole(*clean)
    assert found.bounds[-1] == found.symbols.size
    for text, begin, end in zip(clean, found.bounds[:-1], found.bounds[1:], strict=True):
        at = 0
        for start, size in zip(
            found.starts[begin:end].tolist(), found.sizes[begin:end].tolist(), strict=True
        ):
            assert text[at:start].strip(" \t\n\r\f\v") == ""
            at = start + size
        assert text[at:].strip(" \t\n\r\f\v") == ""
        assert at <= len(text)


def test_deep_repeats_are_read_in_one_pass() -> None:
    for unit in ("'\\", "/*", "`\\", '"""', "<!--", "--[[", "#a", "'", "\n```"):
        assert whole(unit * 20_000).symbols.size > 0


def test_the_same_code_has_the_same_hashes_for_good() -> None:
    found = hashlib.sha256()
    tokens = whole(*LANGUAGES.values())
    for part in (
        tokens.symbols,
        tokens.values,
        tokens.starts,
        tokens.marks,
        *(r.keys for r in runs_of(tokens)),
    ):
        found.update(np.ascontiguousarray(part).tobytes())
    assert found.hexdigest()[:16] == "7b9ea0b94e11390d"
