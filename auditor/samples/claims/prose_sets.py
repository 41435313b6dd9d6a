"""Which sets a sentence says the data was taken from; what is only compared with is no source.

What looks like the name of a set (`org/name`, an address, a coined word) is one wherever no word says what
else it is named for; other words are where a phrase leads to them, as in "a part of the Alpaca data set".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.samples.claims.known_names import MAX_ADDRESS, Models
from auditor.samples.claims.prose_models import is_about_prompts, is_taken_back

_TAKEN = (
    r"(?:version|subset|part|portion|selection|translation|mix(?:ture)?|combination|merge|union|copy|mirror|fork"
    r"|clone|re-?upload|extension|superset|adaptation|conversion|port|remix|derivative|blend|excerpt|sample|slice|half)s?"
)
_DONE = (
    r"(?:derived|translated|sampled|taken|took|extracted|adapted|converted|reformatted|filtered|selected|drawn"
    r"|collected|imported|gathered|pulled|downloaded|copied|distilled|compiled|assembled|created|made|cleaned|built"
    r"|deduplicated|comes?|came|originat\w+|borrowed|curated|stems?|rewritten|shortened|condensed|merged|mixed)"
)
_STATES = (
    r"(?:sources?|source data(?:sets?)?|data sources?|original (?:data)?sets?|originals?|upstream|parent"
    r"|datasets? used|origin|provenance|derived from|based on|taken from|includes?)"
)
_PHRASES = tuple(
    re.compile(rf"(?i){pattern}")
    for pattern in (
        rf"\b{_TAKEN}\b[^;.]{{0,40}}?\b(?:of|from|with)\b",
        r"\b(?:based|built|building|builds) (?:up)?on\b",
        rf"\b{_DONE}\b[^;.]{{0,60}}?\b(?:from|out of|with|using)\b",
        r"\b(?:extends?|extending|augments|combines?|merges?|mixes|reuses?|contains?|includes?|uses|using|use)\b",
        r"\b(?:cleaned|filtered|translated|shortened|deduplicated|converted|extended|corrected)\b(?= )",
        rf"^\W*(?:the )?{_STATES}\b\W{{1,4}}",
        r"(?a)(?:翻译自|来自|基于|源自)",
        r"(?:bersetzung von|basiert auf|stammen aus|version de|traduction de|basado en)\b",
    )
)
"""What stands before the name of a set that rows were taken from."""
_SAME_FORM = re.compile(
    r"(?i)\b(formats?|templates?|schemas?|layout|structure|style|licen[cs]e|names?|code|scripts?|tokenizer|method"
    r"|recipe|approach|pipeline|procedure|idea)\b"
)
"""What of a set may be used without its rows."""
_WORD = re.compile(r"(?:(?:https?|hf)://)?[\w%-]+(?:[./][\w%-]+)*")
_LONGEST = 4
"""Words of a name."""
_OWN = re.compile(r"[A-Z]|\d|[-_/]")
"""A name is written with one of these, other words are not."""
_COINED = re.compile(r"[a-z\d][A-Z]|[A-Za-z][-_.]?\d|\w/\w")
_ASIDE = re.compile(
    r"(?i)\b(see|also|cit(e|es|ed|ation\w*)|bibtex|another|others?|related|style|like|larger|smaller|bigger"
    r"|longer|shorter|better|worse|akin|spirit|modell?ed|follow(s|ing)"
    r"|alternativ\w*|paper|tools?|librar\w+|trained|fine-?tun\w+|train|evaluat\w+|scores?)\b"
)
"""What else a set may be named for."""
_REACH = 200
"""Characters behind a phrase in which its names stand."""


def sets_said(sentences: Iterable[str]) -> Iterator[str]:
    """Yield what may be the names of sets that sentences say the data was taken from."""
    for sentence in sentences:
        if is_about_prompts(sentence):
            continue
        yield from _by_looks(sentence)
        yield from _by_phrases(sentence)


def _by_phrases(sentence: str) -> Iterator[str]:
    told: set[int] = set()
    for phrase in _PHRASES:
        for found in phrase.finditer(sentence):
            reach = sentence[found.end() : found.end() + _REACH].partition(";")[0]
            for at, names in _names(reach, found.end()):
                if at not in told and not _is_aside(sentence, found.start(), at, names[-1]):
                    told.add(at)
                    yield from names


def _is_aside(sentence: str, start: int, at: int, name: str) -> bool:
    """Tell whether a name that a phrase leads to is that of a form, or is denied or compared with there."""
    return _SAME_FORM.search(sentence, start, at) is not None or is_taken_back(
        sentence, start, at + len(name)
    )


def _by_looks(sentence: str) -> Iterator[str]:
    if _ASIDE.search(sentence) is None and _SAME_FORM.search(sentence) is None:
        for word in _WORD.finditer(sentence):
            if _COINED.search(word[0]) and not is_taken_back(sentence, *word.span()):
                yield word[0]


def known_sets(names: Iterable[str], models: Models) -> Iterator[str]:
    """Yield the sets among names that are known, or bear the name of one that is."""
    for name in dict.fromkeys(names):
        if (known := models.source_named(name, True)) is not None:
            yield known


def _names(text: str, offset: int) -> Iterator[tuple[int, list[str]]]:
    """Yield where names may begin, with the names of one to four words there, the longest first."""
    words = list(_WORD.finditer(text))
    for start, word in enumerate(words):
        if _OWN.search(word[0]):
            ends = range(min(len(words), start + _LONGEST), start, -1)
            names = [" ".join(one[0] for one in words[start:end]) for end in ends]
            yield offset + word.start(), [name for name in names if len(name) <= MAX_ADDRESS] or [word[0]]
