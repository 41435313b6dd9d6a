"""Make an index of chosen lanes from texts and from other indexes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.fingerprint.minhash.signature import MinHashSpec
    from auditor.fingerprint.search.index_builder import IndexBuilder
    from auditor.fingerprint.search.lanes import Lane
    from auditor.fingerprint.search.minhash_builder import MinhashBuilder
    from auditor.fingerprint.search.reference_index import ReferenceIndex

Builder: TypeAlias = "IndexBuilder | MinhashBuilder"


@dataclass(slots=True)
class Making:
    """An index that grows.

    Attributes:
        public: its texts are nobody's own.
        spec: of the MinHash lane, where there is one.
        scale: of the n-grams, where there are any.
    """

    lanes: tuple[Lane, ...]
    builder: Builder
    scale: int = 1
    spec: MinHashSpec | None = None
    public: bool = False

    @classmethod
    def asked(cls, lanes: tuple[Lane, ...], scale: int, out: Path, *, public: bool = False) -> Making:
        """Begin an index of these lanes.

        Raises:
            UsageError: a scale or a public index without n-grams.
        """
        from auditor.fingerprint.minhash.signature import MinHashSpec
        from auditor.fingerprint.search.lanes import Lane

        if Lane.NGRAMS not in lanes and scale != 1:
            raise UsageError("--scale is one of n-grams", fix="leave it out, or build with --lanes ngrams")
        if Lane.NGRAMS not in lanes and public:
            raise UsageError("a public index needs the lane ngrams", fix="leave --lanes out")
        making = cls._of(lanes, scale, MinHashSpec() if Lane.MINHASH in lanes else None, out)
        return replace(making, public=public)

    @classmethod
    def like(cls, index: ReferenceIndex, out: Path) -> Making:
        """Begin an empty index of the lanes of another."""
        making = cls._of(index.lanes, index.ngrams.scale, index.near.spec if index.near else None, out)
        return replace(making, public=index.public)

    @classmethod
    def _of(cls, lanes: tuple[Lane, ...], scale: int, spec: MinHashSpec | None, out: Path) -> Making:
        from auditor.fingerprint.code.lane_builder import CodeBuilder
        from auditor.fingerprint.search.index_builder import IndexBuilder
        from auditor.fingerprint.search.lanes import Lane
        from auditor.fingerprint.search.minhash_builder import MinhashBuilder

        if spec is not None and Lane.NGRAMS not in lanes:
            folder = out.absolute().parent
            return cls(lanes, MinhashBuilder(spec, folder if folder.is_dir() else None), scale, spec)
        return cls(lanes, IndexBuilder(code=CodeBuilder() if Lane.CODE in lanes else None), scale, spec)

    def include(
        self, index: ReferenceIndex, teachers: Collection[str] = (), ids: Collection[str] = ()
    ) -> int:
        """Add what an index holds, without some teachers and ids; return how many texts were left out.

        From n-grams a MinHash lane is made where another index has one.

        Raises:
            UsageError: one index has n-grams and another none, only one is public, or scale or specification
                differ.
        """
        from auditor.fingerprint.search.index_builder import IndexBuilder
        from auditor.fingerprint.search.lanes import Lane

        grams, held = Lane.NGRAMS in self.lanes, Lane.NGRAMS in index.lanes
        spec = index.near.spec if index.near else self.spec
        self.spec = self.spec or spec
        for what, one, other in (
            ("whether their texts are public", self.public, index.public),
            ("lanes", self.lanes if grams != held else (), index.lanes if grams != held else ()),
            ("scale", self.scale, index.ngrams.scale),
            ("MinHash specification", self.spec, spec),
        ):
            if one != other:
                told = ", ".join(sorted({_word(one), _word(other)}))
                fix = "build them again with the same --lanes and --scale"
                raise UsageError(f"the indexes differ in {what}: {told}", fix=fix)
        if not isinstance(self.builder, IndexBuilder):
            return self.builder.include(index, teachers, ids)
        self.builder.include(index)
        return self.builder.remove(teachers, ids) if teachers or ids else 0

    def build(self) -> ReferenceIndex:
        """Build the index, uncalibrated."""
        from auditor.fingerprint.search.index_builder import IndexBuilder
        from auditor.fingerprint.search.thresholds import with_minhash

        if not isinstance(self.builder, IndexBuilder):
            return self.builder.build()
        index = replace(self.builder.build(self.scale), public=self.public)
        return with_minhash(index, self.spec) if self.spec else index


def _word(value: object) -> str:
    """Return how a value is told to people."""
    if isinstance(value, tuple):
        return "+".join(map(str, value))
    return str(getattr(value, "id", value))


def missing_names(index: ReferenceIndex, names: Collection[str]) -> list[str]:
    """Return the names that are neither teacher nor text of an index."""
    missing = set(names).difference(index.teachers)
    step = 1 << 16
    for start in range(0, len(index), step):
        if not missing:
            break
        missing.difference_update(index.reference_ids(start, min(start + step, len(index))))
    return sorted(missing)
