"""Blocks of code as queries: those of an index with what people do to code, and those of other models."""

from __future__ import annotations

import json
import keyword
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

_BLOCK = re.compile(r"^```[^\n`]*\n(.*?)^```", re.S | re.M)
_WORD = re.compile(r"[^\W_]+")
_LEAST, _EACH = 40, 400
_OTHERS = """
function var let const new this switch case default public private static
void int char string bool true false null catch throw do end
then local until using namespace include select where from package func fn
mut struct impl enum interface extends implements final
"""
_KEPT = {*keyword.kwlist, *_OTHERS.split()}


def blocks(text: str) -> list[str]:
    """Return the fenced blocks of a text."""
    return _BLOCK.findall(text)


def rename(code: str, rng: random.Random) -> str:
    """Give every name of two letters and more a new one."""
    known: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        word = match[0]
        if word in _KEPT or len(word) < 2:
            return word
        return known.setdefault(word, f"{rng.choice(['item', 'tmp', 'obj', 'node'])}_{len(known)}")

    return re.sub(r"(?<![\w\"'<#])[A-Za-z_]\w*", other, code)


def strip(code: str, _: random.Random) -> str:
    """Leave comments and docstrings out."""
    code = re.sub(r"(?m)(?:^|\s)(?:#|//|--)\s.*$", "", code)
    code = re.sub(r'(?s)""".*?"""|/\*.*?\*/|<!--.*?-->', "", code)
    return "\n".join(line for line in code.split("\n") if line.strip())


def reindent(code: str, _: random.Random) -> str:
    """Indent by tabs, with a blank line after each line and no blanks around operators."""
    code = re.sub(r" *([=+*<>,]+) *", r"\1", code)
    return "\n\n".join(
        re.sub(r"^(?: {2,4})+", lambda m: "\t" * (len(m[0]) // 2), c) for c in code.split("\n")
    )


def change_case(code: str, _: random.Random) -> str:
    """Turn camelCase into snake_case."""
    return re.sub(r"([a-z])([A-Z])", lambda m: f"{m[1]}_{m[2].lower()}", code)


def reorder(code: str, rng: random.Random) -> str:
    """Shuffle what stands at the left margin."""
    parts = re.split(r"\n(?=\S)", code)
    rng.shuffle(parts)
    return "\n".join(parts)


def change_literals(code: str, rng: random.Random) -> str:
    """Change every number, and the words of every string."""
    code = re.sub(r"\b\d+\b", lambda _: str(rng.randrange(2, 999)), code)
    return re.sub(r'"[^"\n]*"', lambda _: f'"{rng.choice(["red", "green", "blue"])}"', code)


def drop_annotations(code: str, _: random.Random) -> str:
    """Leave types out: of Python and TypeScript."""
    return re.sub(
        r"(?<=\w)\s*:\s*[A-Za-z_][\w.]*(?:\[[^\]\n]*\])?(?=\s*[,)=])|\s*->\s*[\w.\[\], ]+(?=:)", "", code
    )


def change_marks(code: str, _: random.Random) -> str:
    """Write line comments with the marks of another language."""
    return (
        re.sub(r"(?m)(^|\s)#\s", r"\1// ", code)
        if re.search(r"(?m)^\s*#\s", code)
        else code.replace("// ", "# ")
    )


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "code verbatim": lambda code, _: code,
    "code renamed": rename,
    "code stripped": strip,
    "code reformatted": reindent,
    "code camel to snake": change_case,
    "code renamed and stripped": lambda code, rng: rename(strip(code, rng), rng),
    "code reordered": reorder,
    "code other literals": change_literals,
    "code without types": drop_annotations,
    "code other comment marks": change_marks,
}


def _edited(table: pa.Table) -> Iterator[dict[str, Any]]:
    rows = [row for row in table.to_pylist() if "```" in row["text"]]
    for name, edit in EDITS.items():
        rng = random.Random(name)
        rng.shuffle(rows)
        made = 0
        for row in rows:
            found = [code for code in blocks(row["text"]) if len(_WORD.findall(code)) >= _LEAST]
            text = edit(max(found, key=len), rng) if found else ""
            if made < _EACH and text.strip() and (name == "code verbatim" or text != max(found, key=len)):
                made += 1
                yield {"text": text, "label": row["teacher"], "kind": "pos",
                       "transform": name, "params": "{}",
                       "source_prompt_id": float(row["prompt_id"]), "text_identical": False}  # fmt: skip


def code_queries(table: pa.Table, queries: pa.Table) -> pa.Table:
    """Return edited blocks of an index, and the blocks and the whole answers of those who are not in it."""
    found = list(_edited(table))
    for row in queries.to_pylist():
        if row["kind"] in ("neg_hard", "neg_teacher") and not row["text_identical"] and blocks(row["text"]):
            facts = {"label": None, "params": json.dumps({}), "source_prompt_id": row["source_prompt_id"]}
            facts |= {"transform": "", "text_identical": False}
            found.append({**facts, "text": row["text"], "kind": "neg answers with code"})
            for code in blocks(row["text"]):
                long = len(_WORD.findall(code)) >= _LEAST
                kind = f"neg blocks of {'40 words and more' if long else 'fewer words'}"
                found += [{**facts, "text": code, "kind": kind}]
    return pa.Table.from_pylist(found)
