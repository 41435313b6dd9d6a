# mypy: disable-error-code="untyped-decorator, no-untyped-call"
"""Machine-level steps of the text kernel: 64-byte blocks, bit scans, wide multiplication (numba only)."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import extending, types

intrinsic: Any = extending.intrinsic
_U8, _I32, _I64 = ir.IntType(8), ir.IntType(32), ir.IntType(64)
_I128 = ir.IntType(128)
_BLOCK = ir.VectorType(_U8, 64)


def address(context: Any, builder: Any, kind: Any, array: Any, index: Any, target: Any) -> Any:
    """Return the address of array[index] as a pointer to `target`."""
    data = context.make_array(kind)(context, builder, value=array).data
    return builder.bitcast(builder.gep(data, [index]), target.as_pointer())


@intrinsic
def load_u64(typing: Any, array: Any, index: Any) -> Any:
    """Load 8 bytes, little-endian, from any position of a uint8 array."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _I64)
        return builder.load(place, align=1)

    return types.uint64(array, types.int64), codegen


@intrinsic
def store_u64(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Store 8 bytes, little-endian, at any position of a uint8 array."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _I64)
        builder.store(args[2], place, align=1)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.uint64), codegen


@intrinsic
def trailing_zeros(typing: Any, value: Any) -> Any:
    """Count trailing zero bits of a uint64 (64 for zero)."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), codegen


@intrinsic
def leading_zeros(typing: Any, value: Any) -> Any:
    """Count leading zero bits of a uint64 (64 for zero)."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctlz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), codegen


@intrinsic
def bit_count(typing: Any, value: Any) -> Any:
    """Count the set bits of a uint64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.uint64), codegen


@intrinsic
def fold_multiply(typing: Any, left: Any, right: Any) -> Any:
    """Multiply two uint64 to 128 bits and xor the halves."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        product = builder.mul(builder.zext(args[0], _I128), builder.zext(args[1], _I128))
        high = builder.trunc(builder.lshr(product, ir.Constant(_I128, 64)), _I64)
        return builder.xor(builder.trunc(product, _I64), high)

    return types.uint64(types.uint64, types.uint64), codegen


def _constant(value: int) -> Any:
    return ir.Constant(_BLOCK, [ir.Constant(_U8, value)] * 64)


def _in_range(builder: Any, block: Any, low: int, high: int) -> Any:
    return builder.icmp_unsigned("<=", builder.sub(block, _constant(low)), _constant(high - low))


@intrinsic
def scan_block(typing: Any, source: Any, index: Any, target: Any, position: Any) -> Any:
    """Lower-case 64 bytes into `target`; return the bit masks (word byte, not ASCII, opens a template).

    Word bytes are ASCII letters and digits and all from 0x80; `<` and `[` may open a chat template token.
    """
    masks = types.UniTuple(types.uint64, 3)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _BLOCK)
        block = builder.load(place, align=1)
        upper = _in_range(builder, block, 0x41, 0x5A)
        lowered = builder.or_(block, builder.select(upper, _constant(0x20), _constant(0)))
        out = address(context, builder, signature.args[2], args[2], args[3], _BLOCK)
        builder.store(lowered, out, align=1)
        beyond = builder.icmp_signed("<", block, _constant(0))
        word = builder.or_(_in_range(builder, lowered, 0x61, 0x7A), _in_range(builder, block, 0x30, 0x39))
        opens = builder.or_(
            builder.icmp_unsigned("==", block, _constant(0x3C)),
            builder.icmp_unsigned("==", block, _constant(0x5B)),
        )
        bits = [builder.bitcast(mask, _I64) for mask in (builder.or_(word, beyond), beyond, opens)]
        return context.make_tuple(builder, masks, bits)

    return masks(source, types.int64, target, types.int64), codegen


@intrinsic
def prefetch(typing: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of array[index] before it is needed."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _U8)
        kind = ir.FunctionType(ir.VoidType(), [_U8.as_pointer(), _I32, _I32, _I32])
        name = "llvm.prefetch.p0"
        function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        builder.call(function, [place, *(ir.Constant(_I32, value) for value in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(array, types.int64), codegen


_HALF = ir.VectorType(_U8, 32)


@intrinsic
def copy_block(typing: Any, source: Any, index: Any, target: Any, position: Any) -> Any:
    """Copy 32 bytes from any place of a uint8 array to any place of another."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _HALF)
        out = address(context, builder, signature.args[2], args[2], args[3], _HALF)
        builder.store(builder.load(place, align=1), out, align=1)
        return context.get_dummy_value()

    return types.void(source, types.int64, target, types.int64), codegen


@intrinsic
def copy_plain(typing: Any, source: Any, index: Any, target: Any, position: Any) -> Any:
    """Copy 32 bytes as `copy_block` does; return a bit for each that does not stand for itself in JSON text.

    These are quotes, backslashes, control characters and all beyond ASCII.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _HALF)
        out = address(context, builder, signature.args[2], args[2], args[3], _HALF)
        block = builder.load(place, align=1)
        builder.store(block, out, align=1)

        def all_of(value: int) -> Any:
            return ir.Constant(_HALF, [ir.Constant(_U8, value)] * 32)

        # As signed bytes all beyond ASCII are below zero, so below a space.
        signs = builder.icmp_signed("<", block, all_of(0x20))
        for value in (0x22, 0x5C):
            signs = builder.or_(signs, builder.icmp_unsigned("==", block, all_of(value)))
        return builder.zext(builder.bitcast(signs, _I32), _I64)

    return types.uint64(source, types.int64, target, types.int64), codegen


@intrinsic
def copy_to_sign(typing: Any, source: Any, index: Any, target: Any, position: Any, sign: Any) -> Any:
    """Copy 32 bytes as `copy_block` does; return a bit for each that is the byte `sign`."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _HALF)
        out = address(context, builder, signature.args[2], args[2], args[3], _HALF)
        block = builder.load(place, align=1)
        builder.store(block, out, align=1)
        one = builder.insert_element(ir.Constant(_HALF, ir.Undefined), builder.trunc(args[4], _U8), _I32(0))
        lanes = ir.Constant(ir.VectorType(_I32, 32), [ir.Constant(_I32, 0)] * 32)
        signs = builder.icmp_unsigned("==", block, builder.shuffle_vector(one, one, lanes))
        return builder.zext(builder.bitcast(signs, _I32), _I64)

    return types.uint64(source, types.int64, target, types.int64, types.int64), codegen


@intrinsic
def signs_of(typing: Any, source: Any, index: Any, first: Any, second: Any, third: Any) -> Any:
    """Return a bit for each of 32 bytes that is one of three signs."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _HALF)
        block = builder.load(place, align=1)
        lanes = ir.Constant(ir.VectorType(_I32, 32), [ir.Constant(_I32, 0)] * 32)
        found = ir.Constant(ir.VectorType(ir.IntType(1), 32), [ir.Constant(ir.IntType(1), 0)] * 32)
        for sign in args[2:]:
            one = builder.insert_element(ir.Constant(_HALF, ir.Undefined), builder.trunc(sign, _U8), _I32(0))
            every = builder.shuffle_vector(one, one, lanes)
            found = builder.or_(found, builder.icmp_unsigned("==", block, every))
        return builder.zext(builder.bitcast(found, _I32), _I64)

    return types.uint64(source, types.int64, types.int64, types.int64, types.int64), codegen


@intrinsic
def byte_at(typing: Any, array: Any, index: Any) -> Any:
    """Return the byte at a place of a uint8 array as an int64; the place must be in it."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _U8)
        return builder.zext(builder.load(place), _I64)

    return types.int64(array, types.int64), codegen


@intrinsic
def put_byte(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Write the low byte of an int64 at a place of a uint8 array; the place must be in it."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = address(context, builder, signature.args[0], args[0], args[1], _U8)
        builder.store(builder.trunc(args[2], _U8), place)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64), codegen
