"""A fingerprint index on disk and in memory: what it holds, how it is kept and opened."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint import index_file
from auditor.fingerprint.code.lane import CodeLane
from auditor.fingerprint.code.views import SPEC as CODE_SPEC
from auditor.fingerprint.index_file import ladder, typed
from auditor.fingerprint.minhash.lane import MinhashLane
from auditor.fingerprint.search import ngrams
from auditor.fingerprint.search.calibrate import Calibration
from auditor.fingerprint.search.lanes import Lane
from auditor.fingerprint.search.ngrams import NgramIndex
from auditor.fingerprint.style.sample import StyleSample
from auditor.fingerprint.tokens.words import U8, U32, Words

FORMAT = "auditor.fingerprint/1"
SPEC = "fold1-unicode14-mum64-w3-w8"
"""The specification that indexes must share to be joined: folding, Unicode version, word hash, n-gram."""
DEFAULT_RATE = 0.001


@dataclass(frozen=True, slots=True)
class ReferenceIndex:
    """Reference texts of known teachers, ready to be searched.

    Attributes:
        teachers: the labels, in the order of their numbers; families likewise.
        prompts: the words of the prompts whose n-grams weigh nothing.
        uninformative: uint8[W], 1 for words of the references that say little.
        calibration: thresholds; None until calibrated, and then no text is called copied.
        style: style features of a sample of the texts, where they were asked for at the build.
        near: the MinHash lane; without n-grams beside it, `ngrams` is empty.
        near_teachers: uint32[D], the teacher number of each text; empty where `ngrams` has them.
        public: its texts are nobody's own: none of them is evidence of a teacher.
        code: the code lane, where there is code among the texts.
    """

    ngrams: NgramIndex
    uninformative: U8
    teachers: tuple[str, ...]
    families: tuple[str, ...]
    prompts: Words
    ids: tuple[U8, NDArray[np.int64]]
    calibration: Calibration | None = None
    path: Path | None = None
    style: StyleSample | None = None
    near: MinhashLane | None = None
    near_teachers: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))
    public: bool = False
    code: CodeLane | None = None

    def __len__(self) -> int:
        """Return the number of reference texts."""
        return len(self.text_teachers)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Return the ways in which a text is searched."""
        only = self.near is not None and not len(self.ngrams)
        there = {Lane.NGRAMS: not only, Lane.MINHASH: self.near is not None, Lane.CODE: self.code is not None}
        return tuple(lane for lane in Lane if there[lane])

    @property
    def text_teachers(self) -> U32:
        """Return the teacher number of each text."""
        return self.ngrams.teachers if Lane.NGRAMS in self.lanes else self.near_teachers

    @property
    def spec(self) -> str:
        """Return the specification id every result is made under; it tells scaled indexes apart."""
        grams = [_spec(self.ngrams.scale)] if Lane.NGRAMS in self.lanes else []
        code = [CODE_SPEC] if self.code else []
        return "+".join([*grams, *([self.near.spec.id] if self.near else []), *code])

    @property
    def calibrated(self) -> bool:
        """Tell whether all lanes have thresholds."""
        grams = self.calibration is not None or Lane.NGRAMS not in self.lanes
        lanes = [lane for lane in (self.near, self.code) if lane is not None]
        return grams and all(lane.calibration is not None for lane in lanes)

    @property
    def thresholds(self) -> dict[float, float]:
        """Return rate to least score, of the n-grams where there are any, else to least similarity."""
        known = self.calibration or (self.near.calibration if self.near else None)
        return known.thresholds if known else {}

    def promised(self, rate: float) -> float:
        """Return the rate to promise where `rate` is asked for, no less than the least calibrated one."""
        lanes = [lane.calibration for lane in (self.near, self.code) if lane is not None]
        known = (self.calibration, *lanes)
        return max((one.promised(rate) for one in known if one is not None), default=rate)

    def reference_id(self, number: int) -> str:
        """Return the id a reference text was given at the build."""
        return index_file.unpack_string(*self.ids, number)

    def reference_ids(self, start: int, stop: int) -> list[str]:
        """Return the ids of consecutive reference texts."""
        return index_file.unpack_strings(*self.ids, np.arange(start, stop))

    def save(self, path: Path) -> None:
        """Write the index as one file, atomically.

        Raises:
            EnvironmentFault: the file cannot be written.
        """
        header: dict[str, Any] = {
            "format": FORMAT,
            "spec": self.spec,
            "scale": self.ngrams.scale,
            "teachers": list(self.teachers),
            "families": list(self.families),
            "calibration": self.calibration.to_json() if self.calibration else None,
        }
        arrays: dict[str, NDArray[Any]] = {"id_data": self.ids[0], "id_offsets": self.ids[1]}
        if Lane.NGRAMS in self.lanes:
            header["spec"] = _spec(self.ngrams.scale)
            arrays |= self.ngrams.arrays() | {"low": self.uninformative}
            arrays |= {"prompt_bounds": self.prompts.bounds, "prompt_ids": self.prompts.ids}
        else:
            arrays["teachers"] = self.near_teachers
        if self.near is not None:
            header |= {"lanes": list(self.lanes), "minhash": self.near.header()}
            arrays |= self.near.arrays()
        if self.public:
            header["public"] = True
        if self.code is not None:
            header |= {"lanes": list(self.lanes), "code": self.code.header()}
            arrays |= self.code.arrays()
        if self.style is not None:
            header["style"] = self.style.header()
            arrays |= self.style.arrays()
        index_file.write(path, header, arrays)

    @classmethod
    def open(cls, path: Path) -> ReferenceIndex:
        """Map an index from disk.

        Raises:
            FingerprintError: missing, broken, or built to another specification.
        """
        header, arrays = index_file.read(path)
        try:
            wanted = _wanted(header)
            if header.get("format") != FORMAT or header.get("spec") != wanted:
                raise FingerprintError(
                    f"the index follows {header.get('format')} {header.get('spec')}, not {FORMAT} {wanted}",
                    where=str(path),
                    fix="build it again with `auditor index build`",
                )
            index = cls._from_arrays(header, arrays, path)
            sound = index._sound()
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError, UsageError) as error:
            raise FingerprintError(
                "the index is broken", where=str(path), fix="build it again with `auditor index build`"
            ) from error
        if not sound:
            raise FingerprintError(
                "the index contradicts itself",
                where=str(path),
                fix="build it again with `auditor index build`",
            )
        return index

    @classmethod
    def _from_arrays(
        cls, header: dict[str, Any], arrays: dict[str, NDArray[Any]], path: Path
    ) -> ReferenceIndex:
        calibration, near, grams = header["calibration"], header.get("minhash"), _lists_grams(header)
        if grams and not typed(arrays["prompt_ids"], "uint32"):
            raise ValueError("prompt_ids")
        return cls(
            ngrams=NgramIndex.from_arrays(arrays, int(header["scale"])) if grams else ngrams.empty(),
            uninformative=arrays["low"] if grams else np.zeros(0, np.uint8),
            teachers=tuple(map(str, header["teachers"])),
            families=tuple(map(str, header["families"])),
            prompts=_prompt_words(arrays["prompt_bounds"], arrays["prompt_ids"])
            if grams
            else ngrams.join_words([]),
            ids=(arrays["id_data"], arrays["id_offsets"]),
            calibration=Calibration.from_json(calibration) if calibration else None,
            path=path,
            style=StyleSample.from_arrays(header["style"], arrays) if "style" in header else None,
            near=MinhashLane.from_arrays(near, arrays) if near is not None else None,
            near_teachers=np.zeros(0, np.uint32) if grams else arrays["teachers"],
            public=header.get("public") is True,
            code=CodeLane.from_arrays(header["code"], arrays) if "code" in header else None,
        )

    def _sound(self) -> bool:
        """Tell whether the arrays have their types and none leads outside another."""
        grams, (texts, offsets), prompts, style = self.ngrams, self.ids, self.prompts, self.style
        return (
            grams.scale >= 1
            and grams.sound(len(self.teachers))
            and len(self.families) == len(self.teachers)
            and typed(self.uninformative, "uint8")
            and self.uninformative.size == grams.words.size
            and typed(texts, "uint8")
            and typed(offsets, "int64")
            and offsets.size == len(self) + 1
            and ladder(offsets, texts.size)
            and (style is None or int(style.teachers.max(initial=0)) < len(self.teachers))
            and typed(prompts.bounds, "int64")
            and ladder(prompts.bounds, prompts.hashes.size)
            and typed(self.near_teachers, "uint32")
            and int(self.near_teachers.max(initial=0)) < max(1, len(self.teachers))
            and (self.near is None or (self.near.sound() and len(self.near) == len(self)))
            and (self.code is None or self.code.sound(len(self)))
        )

    def with_calibration(self, calibration: Calibration) -> ReferenceIndex:
        """Return the same index with other thresholds."""
        return replace(self, calibration=calibration)

    def with_style(self, style: StyleSample) -> ReferenceIndex:
        """Return the same index with style features."""
        return replace(self, style=style)

    def with_near(self, near: MinhashLane) -> ReferenceIndex:
        """Return the same index with a MinHash lane of its texts."""
        return replace(self, near=near)

    def with_code(self, code: CodeLane | None) -> ReferenceIndex:
        """Return the same index with a code lane of its texts."""
        return replace(self, code=code)


def _lists_grams(header: dict[str, Any]) -> bool:
    """Tell whether an index of this header has n-grams; older ones have nothing else."""
    lanes = header.get("lanes", [Lane.NGRAMS])
    if not {*lanes} <= {*Lane} or not lanes:
        raise ValueError("an unknown lane")
    return Lane.NGRAMS in lanes


def _wanted(header: dict[str, Any]) -> str:
    """Return the specification id that an index of this header must have."""
    return _spec(header.get("scale")) if _lists_grams(header) else str(header["minhash"]["spec"])


def _spec(scale: Any) -> str:
    """Return the specification id of an index that keeps one n-gram in `scale`."""
    return SPEC if scale == 1 else f"{SPEC}-1in{scale}"


def open_index(path: Path | str) -> ReferenceIndex:
    """Map an index from disk (see `ReferenceIndex.open`)."""
    return ReferenceIndex.open(Path(path))


def _prompt_words(bounds: NDArray[np.int64], ids: U32) -> Words:
    zeros = np.zeros(ids.size, np.uint32)
    return Words(bounds, ids.astype(np.uint64) << np.uint64(32), zeros, zeros, np.zeros(ids.size, np.uint8))
