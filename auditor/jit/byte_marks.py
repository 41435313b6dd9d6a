# mypy: disable-error-code="untyped-decorator, no-untyped-call"
"""Bits for the bytes of a block at which something may begin, for kernels over texts (numba only)."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types

from auditor.jit.intrinsics import address, intrinsic

_U8, _I64 = ir.IntType(8), ir.IntType(64)
_BLOCK = ir.VectorType(_U8, 64)
_FORM = b'\n"`\\='
_SPACES = b"\t\n\f\r "


def _all_of(value: int) -> Any:
    return ir.Constant(_BLOCK, [ir.Constant(_U8, value)] * 64)


class _Bytes:
    """64 bytes of a text, and what is true of each of them."""

    def __init__(self, context: Any, builder: Any, signature: Any, args: Any, offset: int) -> None:
        self._builder = builder
        at = builder.add(args[1], ir.Constant(_I64, offset))
        place = address(context, builder, signature.args[0], args[0], at, _BLOCK)
        self._raw = builder.load(place, align=1)
        self._small = builder.or_(self._raw, _all_of(0x20))

    def are(self, values: bytes) -> Any:
        """Tell which bytes are one of these."""
        found = [self._builder.icmp_unsigned("==", self._raw, _all_of(value)) for value in values]
        return self.any(*found)

    def letters(self, values: bytes) -> Any:
        """Tell which bytes are one of these lower-case letters, or its capital."""
        found = [self._builder.icmp_unsigned("==", self._small, _all_of(value)) for value in values]
        return self.any(*found)

    def between(self, low: int, high: int, *, small: bool = False) -> Any:
        """Tell which bytes lie in a range."""
        moved = self._builder.sub(self._small if small else self._raw, _all_of(low))
        return self._builder.icmp_unsigned("<=", moved, _all_of(high - low))

    def any(self, *masks: Any) -> Any:
        """Tell where any of some masks is set."""
        found = masks[0]
        for mask in masks[1:]:
            found = self._builder.or_(found, mask)
        return found


@intrinsic
def mark_block(typing: Any, source: Any, index: Any) -> Any:
    """Return bits of 64 bytes: (signs of form, no verse, where a telling phrase may begin, parts of words).

    Signs of form are line feeds, quotes, backquotes, backslashes, `=` and curly quotes. No verse has `:`,
    `|`, `*`, `-` or digits. A phrase may begin at `i'`, `i’`, `im`, `i `, `my`, `thi`, `as ` and `by `, in
    any case. Parts of words are ASCII letters, digits and `_`. So many as 66 bytes must be readable there.
    """
    masks = types.UniTuple(types.uint64, 4)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        first, second, third = (_Bytes(context, builder, signature, args, offset) for offset in range(3))
        spaced = third.any(third.are(_SPACES), third.are(b"\xbf"))  # `as` may end in a long s: C5 BF
        begins = first.any(
            builder.and_(first.letters(b"i"), second.any(second.are(b"'\xe2 "), second.letters(b"m"))),
            builder.and_(first.letters(b"m"), second.letters(b"y")),
            builder.and_(builder.and_(first.letters(b"t"), second.letters(b"h")), third.letters(b"i")),
            builder.and_(
                builder.and_(first.letters(b"a"), second.any(second.letters(b"s"), second.are(b"\xc5"))),
                spaced,
            ),
            builder.and_(builder.and_(first.letters(b"b"), second.letters(b"y")), third.are(_SPACES)),
        )
        digits = first.between(0x30, 0x39)
        words = first.any(first.between(0x61, 0x7A, small=True), digits, first.are(b"_"))
        curly = builder.and_(builder.and_(first.are(b"\xe2"), second.are(b"\x80")), third.are(b"\x9c\x9d"))
        found = (first.any(first.are(_FORM), curly), first.any(first.are(b":|*-"), digits), begins, words)
        bits = [builder.bitcast(mask, _I64) for mask in found]
        return context.make_tuple(builder, masks, bits)

    return masks(source, types.int64), codegen
