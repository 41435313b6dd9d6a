# mypy: disable-error-code="untyped-decorator, no-untyped-call"
"""Steps in as many lanes as the processor has: permutations in registers, bits to places (numba only).

The results are the same on every processor. With AVX-512 all 128 permutations of a signature stay in
registers, and the places of a block's bits are packed by one instruction.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from auditor.jit.intrinsics import address, intrinsic

_I8, _I32, _I64 = ir.IntType(8), ir.IntType(32), ir.IntType(64)
PERMUTATION_BLOCK = 32
"""Signatures have a multiple of so many slots."""
WIDE_BLOCK = 128
_UNROLL = 2


def _has(context: Any, feature: str) -> bool:
    """Tell whether code is compiled for a processor with `feature`."""
    return f"+{feature}" in str(context.codegen().magic_tuple()[-1]).split(",")


def _splat(builder: Any, value: Any, kind: Any) -> Any:
    lane = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(_I32, 0))
    zeros = ir.Constant(ir.VectorType(_I32, kind.count), [ir.Constant(_I32, 0)] * kind.count)
    return builder.shuffle_vector(lane, ir.Constant(kind, ir.Undefined), zeros)


class _Permuter:
    """Builds the loop of `least_permuted`: minima of all vectors over pairs of hashes, in registers."""

    def __init__(self, context: Any, builder: Any, kinds: Any, args: Any, lanes: int, vectors: int) -> None:
        self.context, self.builder, self.kinds, self.args = context, builder, kinds, args
        self.lanes, self.vectors = lanes, vectors
        self.vector = ir.VectorType(_I32, lanes)
        self.most = ir.Constant(self.vector, [ir.Constant(_I32, 0xFFFFFFFF)] * lanes)

    def lane(self, array: int, k: int) -> Any:
        """Return the address of vector k of an argument, from the first permutation on."""
        index = self.builder.add(self.args[5], ir.Constant(_I64, k * self.lanes))
        return address(self.context, self.builder, self.kinds[array], self.args[array], index, self.vector)

    def step(
        self, at: Any, offset: int, factors: list[Any], offsets: list[Any], least: list[Any]
    ) -> list[Any]:
        """Return the minima after one more hash."""
        index = self.builder.add(at, ir.Constant(_I64, offset))
        place = address(self.context, self.builder, self.kinds[0], self.args[0], index, _I32)
        spread = _splat(self.builder, self.builder.load(place, align=4), self.vector)
        after = []
        for factor, addend, known in zip(factors, offsets, least, strict=True):
            permuted = self.builder.add(self.builder.mul(factor, spread), addend)
            smaller = self.builder.icmp_unsigned("<", permuted, known)
            after.append(self.builder.select(smaller, permuted, known))
        return after

    def build(self, first: int) -> None:
        """Write the loop over the vectors from `first` on and store the minima."""
        builder, count, zero = self.builder, self.args[1], ir.Constant(_I64, 0)
        mine = range(first, first + self.vectors)
        factors = [builder.load(self.lane(2, k), align=4) for k in mine]
        offsets = [builder.load(self.lane(3, k), align=4) for k in mine]
        entry = builder.block
        loop, done = builder.append_basic_block("loop"), builder.append_basic_block("done")
        builder.cbranch(builder.icmp_signed(">", count, zero), loop, done)
        builder.position_at_end(loop)
        at = builder.phi(_I64)
        at.add_incoming(zero, entry)
        least = [builder.phi(self.vector) for _ in mine]
        current: list[Any] = list(least)
        for offset in range(_UNROLL):
            current = self.step(at, offset, factors, offsets, current)
        following = builder.add(at, ir.Constant(_I64, _UNROLL))
        at.add_incoming(following, loop)
        for vector, value in zip(least, current, strict=True):
            vector.add_incoming(self.most, entry)
            vector.add_incoming(value, loop)
        builder.cbranch(builder.icmp_signed("<", following, count), loop, done)
        builder.position_at_end(done)
        results = [builder.phi(self.vector) for _ in mine]
        for result, value in zip(results, current, strict=True):
            result.add_incoming(self.most, entry)
            result.add_incoming(value, loop)
        for k, result in zip(mine, results, strict=True):
            builder.store(result, self.lane(4, k), align=4)


def _permute(context: Any, builder: Any, kinds: Any, args: Any, block: int) -> Any:
    lanes, vectors = (16, 8) if block == WIDE_BLOCK and _has(context, "avx512f") else (8, 4)
    permuter = _Permuter(context, builder, kinds, args, lanes, vectors)
    for first in range(0, block // lanes, vectors):
        permuter.build(first)
    return context.get_dummy_value()


@intrinsic
def least_permuted(typing: Any, hashes: Any, count: Any, a: Any, b: Any, out: Any, first: Any) -> Any:
    """Write min over i of a[k] * hashes[i] + b[k] (mod 2**32) for the 32 permutations k from `first`.

    `count` hashes are read, one more may be: repeat the last one. The minima stay in registers.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _permute(context, builder, signature.args, args, PERMUTATION_BLOCK)

    return types.void(hashes, types.int64, a, b, out, types.int64), codegen


@intrinsic
def least_permuted_wide(typing: Any, hashes: Any, count: Any, a: Any, b: Any, out: Any, first: Any) -> Any:
    """Do what `least_permuted` does for the 128 permutations from `first`."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _permute(context, builder, signature.args, args, WIDE_BLOCK)

    return types.void(hashes, types.int64, a, b, out, types.int64), codegen


def _pack(context: Any, builder: Any, kind: Any, bits: Any, offset: Any, out: Any, at: Any) -> Any:
    """Write the places of the set bits; 64 entries from `at` may be overwritten. Return how many."""
    bytes_, mask = ir.VectorType(_I8, 64), ir.VectorType(ir.IntType(1), 64)
    numbers = ir.Constant(bytes_, [ir.Constant(_I8, k) for k in range(64)])
    name = "llvm.x86.avx512.mask.compress.v64i8"
    shape = ir.FunctionType(bytes_, [bytes_, bytes_, mask])
    compress = cgutils.get_or_insert_function(builder.module, shape, name)
    nothing = ir.Constant(bytes_, [ir.Constant(_I8, 0)] * 64)
    packed = builder.call(compress, [numbers, nothing, builder.bitcast(bits, mask)])
    found = builder.ctpop(bits)
    words = ir.VectorType(_I32, 16)
    base = _splat(builder, builder.trunc(offset, _I32), words)

    def store(k: int) -> None:
        chosen = ir.Constant(words, [ir.Constant(_I32, 16 * k + lane) for lane in range(16)])
        part = builder.shuffle_vector(packed, packed, chosen)
        place = address(context, builder, kind, out, builder.add(at, ir.Constant(_I64, 16 * k)), words)
        builder.store(builder.add(builder.zext(part, words), base), place, align=4)

    store(0)
    store(1)
    with builder.if_then(builder.icmp_unsigned(">", found, ir.Constant(_I64, 32)), likely=False):
        store(2)
        store(3)
    return found


@intrinsic
def pack_bits(typing: Any, bits: Any, offset: Any, out: Any, at: Any) -> Any:
    """Write offset + place of every set bit of a uint64 to the int32 array `out` from `at` on.

    Returns how many; -1, with nothing done, where the processor has no such instruction. Up to 64 entries
    from `at` may be overwritten.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if not _has(context, "avx512vbmi2"):
            return ir.Constant(_I64, -1)
        return _pack(context, builder, signature.args[2], *args)

    return types.int64(types.uint64, types.int64, out, types.int64), codegen
