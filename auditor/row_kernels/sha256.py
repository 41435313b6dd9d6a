# mypy: disable-error-code="untyped-decorator, no-untyped-call"
"""SHA-256 by the processor's own instructions, without Python objects (numba only; FIPS 180-4).

`available` tells whether this processor has them; without them nothing here may be called.
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding, ir
from numba import types

from auditor.jit.compile import part
from auditor.jit.intrinsics import address, intrinsic

_I32, _I64 = ir.IntType(32), ir.IntType(64)
_WORDS = ir.VectorType(_I32, 4)
_BYTES = ir.VectorType(ir.IntType(8), 16)
_PRIMES = [p for p in range(2, 312) if all(p % q for q in range(2, p))]


def _root_bits(prime: int, power: int) -> int:
    """Return the first 32 bits of the fraction of a prime's square (2) or cube (3) root."""
    scaled, root = prime << (32 * power), 0
    for bit in range(40, -1, -1):
        if (root | 1 << bit) ** power <= scaled:
            root |= 1 << bit
    return root & 0xFFFFFFFF


INITIAL = tuple(_root_bits(prime, 2) for prime in _PRIMES[:8])
ROUNDS = tuple(_root_bits(prime, 3) for prime in _PRIMES[:64])


def available() -> bool:
    """Tell whether this processor has the instructions that are used here."""
    features = binding.get_host_cpu_features()
    return bool(features.get("sha") and features.get("sse4.1"))


def _lanes(*places: int) -> Any:
    return ir.Constant(ir.VectorType(_I32, len(places)), [ir.Constant(_I32, place) for place in places])


def _call(builder: Any, name: str, *args: Any) -> Any:
    kind = ir.FunctionType(_WORDS, [_WORDS] * len(args))
    full = f"llvm.x86.sha256{name}"
    function = builder.module.globals.get(full) or ir.Function(builder.module, kind, full)
    return builder.call(function, list(args))


def _rounds(builder: Any, states: tuple[Any, Any], message: list[Any]) -> tuple[Any, Any]:
    """Work through one block: 64 rounds over four vectors of the message, by four."""
    abef, cdgh = states
    for group in range(16):
        if group >= 4:
            shifted = builder.shuffle_vector(message[2], message[3], _lanes(1, 2, 3, 4))
            partial = builder.add(_call(builder, "msg1", message[0], message[1]), shifted)
            message = [*message[1:], _call(builder, "msg2", partial, message[3])]
            words = message[3]
        else:
            words = message[group]
        keys = [ir.Constant(_I32, key) for key in ROUNDS[4 * group : 4 * group + 4]]
        mixed = builder.add(words, ir.Constant(_WORDS, keys))
        cdgh = _call(builder, "rnds2", cdgh, abef, mixed)
        mixed = builder.shuffle_vector(mixed, mixed, _lanes(2, 3, 0, 0))
        abef = _call(builder, "rnds2", abef, cdgh, mixed)
    return abef, cdgh


@intrinsic
def compress(typing: Any, state: Any, data: Any, index: Any) -> Any:
    """Take one block of 64 bytes at data[index] into a state of eight uint32, kept as (ABEF, CDGH) lanes."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kinds = signature.args
        zero, four = ir.Constant(_I64, 0), ir.Constant(_I64, 4)
        first = address(context, builder, kinds[0], args[0], zero, _WORDS)
        second = address(context, builder, kinds[0], args[0], four, _WORDS)
        swap = _lanes(*(4 * (k // 4) + 3 - k % 4 for k in range(16)))
        message = []
        for quarter in range(4):
            at = builder.add(args[2], ir.Constant(_I64, 16 * quarter))
            raw = builder.load(address(context, builder, kinds[1], args[1], at, _BYTES), align=1)
            message.append(builder.bitcast(builder.shuffle_vector(raw, raw, swap), _WORDS))
        before = builder.load(first, align=4), builder.load(second, align=4)
        abef, cdgh = _rounds(builder, before, message)
        builder.store(builder.add(abef, before[0]), first, align=4)
        builder.store(builder.add(cdgh, before[1]), second, align=4)
        return context.get_dummy_value()

    return types.void(state, data, types.int64), codegen


_LANES = (5, 4, 1, 0, 7, 6, 3, 2)
"""Which word of the state stands in each lane: the instructions want F E B A and H G D C."""


@intrinsic
def start_state(typing: Any, state: Any) -> Any:
    """Set a state to that of the empty text."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        for half in range(2):
            words = [ir.Constant(_I32, INITIAL[word]) for word in _LANES[4 * half : 4 * half + 4]]
            at = address(context, builder, signature.args[0], args[0], ir.Constant(_I64, 4 * half), _WORDS)
            builder.store(ir.Constant(_WORDS, words), at, align=4)
        return context.get_dummy_value()

    return types.void(state), codegen


@intrinsic
def put_state(typing: Any, state: Any, digests: Any, row: Any) -> Any:
    """Write a state as the 32 bytes of a digest, row number `row` of a C-ordered array (rows, 32)."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kinds = signature.args
        both = [
            builder.load(address(context, builder, kinds[0], args[0], ir.Constant(_I64, at), _WORDS), align=4)
            for at in (0, 4)
        ]
        swap = [4 * (k // 4) + 3 - k % 4 for k in range(16)]
        for half in range(2):
            words = builder.shuffle_vector(*both, _lanes(*(_LANES.index(4 * half + k) for k in range(4))))
            raw = builder.bitcast(words, _BYTES)
            at = builder.add(builder.mul(args[2], ir.Constant(_I64, 32)), ir.Constant(_I64, 16 * half))
            place = address(context, builder, kinds[1], args[1], at, _BYTES)
            builder.store(builder.shuffle_vector(raw, raw, _lanes(*swap)), place, align=1)
        return context.get_dummy_value()

    return types.void(state, digests, types.int64), codegen


@part
def put_digest(form: Any, size: int, state: Any, tail: Any, digests: Any, row: int) -> None:
    """Write the SHA-256 of the first `size` bytes of a form as digest number `row`."""
    start_state(state)
    at = 0
    while at + 64 <= size:
        compress(state, form, at)
        at += 64
    rest = size - at
    for k in range(128):
        tail[k] = form[at + k] if k < rest else 0
    tail[rest] = 0x80
    length = 64 if rest < 56 else 128
    for k in range(8):
        tail[length - 1 - k] = (size * 8 >> (8 * k)) & 0xFF
    compress(state, tail, 0)
    if length == 128:
        compress(state, tail, 64)
    put_state(state, digests, row)
