"""Made-up programs, and what people do to code that they pass off as theirs."""

from __future__ import annotations

import random
import re

NAMES = [
    f"{a}{b}" for a in ("load", "row", "mean", "edge", "cost", "key", "part", "step") for b in "ABCDEFGH"
]
RESERVED = {"def", "for", "in", "if", "else", "return", "while", "not", "and", "or", "is"}


def _value(rng: random.Random, names: list[str]) -> str:
    name = rng.choice(names)
    return rng.choice(
        [name, str(rng.randrange(2, 99)), f"{name}[{rng.choice(names)}]", f"{name}.{rng.choice(NAMES)}",
         f"{rng.choice(NAMES)}({name}, {rng.choice(names)})",
         f"({name} {rng.choice('+-*%')} {rng.choice(names)})"]
    )  # fmt: skip


def program(rng: random.Random, lines: int = 18) -> str:
    """Return a Python function of so many lines that nobody would write twice."""
    names = rng.sample(NAMES, 5)
    text = [f"def {names[0]}({names[1]}, {names[2]}):", f'    """{rng.choice(NAMES)} of {names[1]}."""']
    for _ in range(lines):
        name, first, second = rng.choice(names), _value(rng, names), _value(rng, names)
        sign = rng.choice(["<", ">=", "==", "!="])
        text += rng.choice(
            [[f"    {name} = {first} {rng.choice('+-*')} {second}  # {rng.choice(NAMES)} it"],
             [f"    if {first} {sign} {second}:", f"        {name} = {_value(rng, names)}"],
             [f"    for {name} in {first}:", f"        {rng.choice(names)}[{name}] = {second}"],
             [f"    # the {rng.choice(NAMES)}, {rng.choice(NAMES)}", f"    {name} -= {second}"]]
        )  # fmt: skip
    return "\n".join([*text, f"    return {names[3]}"]) + "\n"


def _name(number: int) -> str:
    return f"q{chr(97 + number // 26)}{chr(97 + number % 26)}"


def renamed(text: str) -> str:
    """Return code with every name changed, each always to the same one."""
    known: dict[str, str] = {}
    return re.sub(
        r"[A-Za-z_]\w*",
        lambda m: m[0] if m[0] in RESERVED else known.setdefault(m[0], _name(len(known))),
        text,
    )


def stripped(text: str) -> str:
    """Return code without comments and docstrings."""
    return re.sub(r'\s*#.*|\n\s*""".*"""', "", text)


def snake(text: str) -> str:
    """Return code with `meanA` as `mean_a`."""
    return re.sub(r"([a-z])([A-Z])", lambda m: f"{m[1]}_{m[2].lower()}", text)
