"""What the name of a column or member is to whoever looks for models, sets and hosts in its values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.domain.claim import ClaimKind
from auditor.domain.role import ROLE_SLOTS, TeacherRole
from auditor.samples.claims.column_names import MAKERS, TURNED, meaning, names_in, plain_name
from auditor.samples.claims.role_names import role_slot
from auditor.samples.parts import PROMPT_SLOT

_WORD = re.compile(r"[^a-z0-9]+")
_TEXTS = names_in(
    "role from content value text parts message body prompt prompts instruction instructions input inputs "
    "output outputs response responses completion completions answer answers question questions query "
    "problem chosen rejected target targets context title topic subject entity entities keyword keywords "
    "about headline caption concept summary choices options distractors generation generations description "
    "reasoning reasoning_content thinking refusal explanation solution story passage document term url"
)
"""Names under which a text stands: one that happens to be a model's name says nothing of its row."""
_ABOUT = names_in(
    "topic topics title titles subject theme genre category categories tag tags keyword keywords area field "
    "domain headline entity entities hashtag hashtags interest interests"
)
"""Words of columns that say what a text is about: a model there wrote it only where more is said."""
_TAGS = re.compile(r"(^|_)tags?$")
_OF_MODELS = re.compile(
    r"(?i)\s*(ai|llms?|nlp|chatbots?|openai|(machine|deep) learning|artificial intelligence|tech(nology)?|"
    r"software|news|language models?|benchmarks?|computing)\s*"
)
"""Tags beside which a model is what the text is about."""
_ADDRESSES = names_in("url uri link href homepage page_url")
"""Texts that may be the address of a set or of a service."""
CLOSED = names_in("tools functions arguments parameters args choices options distractors usage")
"""Members that are not looked into: what a model was given, or may choose from."""
_SILENT = names_in("student tokenizer tokenized tokens token embedding embeddings embedder encoder encoding")
"""Words of columns whose models did not write: they count, embed or learn."""
_HINTS = names_in(
    "model models llm generator generators teacher teachers engine source sources origin bot assistant by "
    "with via using agent chatbot backend deployment endpoint vendor tool api app application "
    "service platform"
)
"""Words of columns in which a short name is a model's."""
_SETS = names_in(
    "dataset datasets corpus corpora repo repository subset collection origin source sources provenance "
    "parent upstream derived hub hf mixture component ds config split"
)
"""Words of columns in which a bare name is a set's."""
_SERVED = names_in("vendor provider endpoint deployment inference backend")
_SERVICES = names_in(
    "api_base base_url api_url api api_host api_endpoint platform service server gateway served_by hosted_by "
    "host hosted_on llm_platform url_base"
)
"""Columns in which a bare name is that of a service."""
_MEASURES = names_in(
    "score scores rating ratings grade grades id ids len length count logprob logprobs time cost price label "
    "labels rank correct accuracy loss model models name date license version host provider flag is has num"
)
_SCORES = names_in(
    "score scores scored rating ratings elo rank ranks ranking rankings vote votes win wins loss losses "
    "accuracy grade grades leaderboard eval evals evaluation metric metrics benchmark"
)
"""Words of what holds a measure of each model, which says of none that it wrote."""
_HEADERS = names_in("header headers hdr hdrs")
_IS = names_in("is flag")
_MARKING = names_in("is by from generated written authored produced synthesized rewritten translated")
"""Words in the name of a truth value that say who wrote the row."""
YES = frozenset(("1", "true", "yes", "y"))
_MACHINE_MADE = re.compile(
    r"(is_|was_)?((ai|llm|machine|model|auto)_(generated|written|made)|synthetic|generated_by_(ai|llm|model))"
)
"""Truth values that say of a row that some model made it."""
_A_MACHINE = re.compile(r"(?i)\s*(synthetic|(machine|llm|ai|model)[ _-](generated|written|made))\s*")
_ORIGINS = names_in("source origin provenance creation creator author writer annotator created text_source")
_GOODS = names_in("vehicle vehicles car cars phone camera laptop printer aircraft product device bike truck")
"""Holders of goods, whose `model` is one of a maker's."""


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """What the name of a member is to the profile."""

    plain: str
    silent: bool
    """No model is looked for in its texts."""
    own: bool
    """A usual name of a teacher's column: read where it stands at the top of a row."""
    slot: str | None
    """What the model that stands there did, where the name tells."""
    hinted: bool
    about: bool
    """It says what the text is about."""
    read: bool
    """A usual name of a source's or host's column: read where it stands at the top of a row."""
    sets: int
    """Whether sets are looked for: not (0), by id and address (1), by bare name too (2)."""
    served: bool
    """A bare name there may be that of a service."""
    goods: bool = False
    """A usual name of a teacher's column beside the maker of a product, at the top of a row."""

    @property
    def searched(self) -> bool:
        """Tell whether its texts are looked at."""
        return not self.silent or self.sets > 0

    @property
    def hint(self) -> int:
        """Return how surely a model stands there: no word says so (0), its act is told (1), one does (2)."""
        return 2 if self.hinted else 1 if self.slot is not None else 0

    @property
    def makes(self) -> bool:
        """Tell whether whoever stands there made the row, or helped to, so that a set is no mere source."""
        return self.hint > 1 and self.sets == 1 and not self.read

    @property
    def asks(self) -> tuple[bool, int, bool, int, bool, bool]:
        """Return what an answer on a value depends on."""
        return (self.silent, self.hint, self.about, self.sets, self.served, self.goods)


@lru_cache(8192)
def kind_of(name: str) -> ColumnKind:
    """Return what a name is to the profile."""
    plain = plain_name(str(name))
    words = frozenset(_WORD.split(plain))
    said = meaning(plain)
    claimed = None if said is None else said[0]
    other = claimed not in (None, ClaimKind.TEACHER, ClaimKind.SOURCE)
    own = claimed is ClaimKind.TEACHER
    slot = said[1] if said is not None and own else role_slot(plain)
    hinted = own or not words.isdisjoint(_HINTS)
    ends = plain.rpartition("_")[2]
    about = not hinted and slot is None and ends in _ABOUT
    address = plain in _ADDRESSES
    silent = other or plain in _TEXTS or not words.isdisjoint(_SILENT)
    text = plain in _TEXTS and not address
    closed = text or about or (other and claimed is not ClaimKind.HOST)
    # Where a prompt is from says nothing of the answer.
    sets = 0 if closed or slot == PROMPT_SLOT else 2 if not words.isdisjoint(_SETS) else 1
    served = plain in _SERVICES or not words.isdisjoint(_SERVED)
    return ColumnKind(
        plain, silent, own, slot, hinted, about, claimed in (ClaimKind.SOURCE, ClaimKind.HOST), sets, served
    )


def is_text(kind: ColumnKind) -> bool:
    """Tell whether a text stands under a name, so that only objects there are looked through."""
    return kind.silent and kind.plain in _TEXTS


def may_be_named(kind: ColumnKind) -> bool:
    """Tell whether the name of a column may hold that of a model."""
    words = frozenset(_WORD.split(kind.plain))
    measures = words.isdisjoint(_MEASURES) or (marks(kind.plain) and words.isdisjoint(_MEASURES - _IS))
    return not kind.own and words.isdisjoint(_SILENT) and measures


@lru_cache(4096)
def marks(name: str) -> bool:
    """Tell whether a name says of a truth value that a model wrote the row: `is_gpt4`, `gpt4_generated`."""
    return not _MARKING.isdisjoint(_WORD.split(plain_name(name)))


def holds_goods(kind: ColumnKind, members: dict[str, object]) -> bool:
    """Tell whether an object is a maker's product, so that its `model` is no language model by its name."""
    return not _GOODS.isdisjoint(_WORD.split(kind.plain)) or not MAKERS.isdisjoint(members)


@lru_cache(1024)
def of_tags(kind: ColumnKind, about_models: bool) -> ColumnKind:
    """Return a kind as it is for the entries of a list: among tags of another subject a model is none."""
    return kind if about_models or not _TAGS.search(kind.plain) else replace(kind, about=False)


def are_about_models(entries: list[object]) -> bool:
    """Tell whether the entries of a list of tags show that a text is about models."""
    return any(isinstance(one, str) and _OF_MODELS.fullmatch(one) for one in entries)


@lru_cache(1024)
def of_goods(kind: ColumnKind) -> ColumnKind:
    """Return a kind as it is beside the maker of a product: there `model` is no usual name."""
    return replace(kind, own=False, slot=None, hinted=False) if kind.own else kind


_JUDGE = ROLE_SLOTS[TeacherRole.JUDGE]
_ANNOTATES = re.compile(r"(^|_)(annotat|label)")
_MEASURED = _SCORES | names_in(
    "preference preferences preferred feedback critique critiques verdict verdicts quality chosen rejected"
    " winner better best judgment judgement rationale reward rewards agreement toxicity"
)
"""Words of what somebody gave who judged a text and did not write it."""


def gave_text(plain: str, slot: str, names: Iterable[str]) -> bool:
    """Tell whether whoever annotated a row, by a plain name, may have given its text: nothing is scored."""
    if slot != _JUDGE or not _ANNOTATES.search(plain):
        return False
    return _MEASURED.isdisjoint(word for name in names for word in _WORD.split(plain_name(name)))


def of_annotators(kind: ColumnKind, names: Iterable[str]) -> ColumnKind:
    """Return a kind as it is among a row's columns: one who annotated and left no score may have written."""
    if kind.slot is None or not gave_text(kind.plain, kind.slot, names):
        return kind
    return replace(kind, slot="", own=False, hinted=kind.hinted)


def holds_scores(name: str) -> bool:
    """Tell whether what stands under a name measures models, each by its name."""
    return not _SCORES.isdisjoint(_WORD.split(plain_name(name)))


def holds_headers(name: str) -> bool:
    """Tell whether the headers of a call stand under a name, so that pairs of texts there are members."""
    return not _HEADERS.isdisjoint(_WORD.split(plain_name(name)))


def says_machine(name: str) -> bool:
    """Tell whether a column says of each row whether some model made it."""
    return _MACHINE_MADE.fullmatch(plain_name(name)) is not None


def names_machine(value: str, kind: ColumnKind) -> bool:
    """Tell whether a value says that some model made the row, where its column says who or what did."""
    return _A_MACHINE.fullmatch(value) is not None and not _ORIGINS.isdisjoint(_WORD.split(kind.plain))


def may_be_machine(value: str) -> bool:
    """Tell whether a value says in some columns that a model made the row."""
    return _A_MACHINE.fullmatch(value) is not None


def asks_more(name: str) -> bool:
    """Tell whether any word may be a service or an answer under a name, or what stands beside it counts."""
    known = kind_of(name)
    told = known.served or says_machine(name) or holds_headers(name)
    return told or of_tags(known, True) != of_tags(known, False)


def looks_at_texts(name: str, in_turn: bool = False) -> bool:
    """Tell whether a text under a name is looked at, in a row or in a turn; objects are in any case."""
    known = kind_of(name)
    searched = known.searched and (in_turn or not known.read)
    return searched or not known.silent or (not in_turn and known.plain in TURNED and not is_text(known))
