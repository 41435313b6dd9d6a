"""What each question of the fair-use sheet rests on: a provision, or a decision in which it counted.

As read on 2026-11-24; a citation says why a question is asked, not how it is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ROSS = "Thomson Reuters v. ROSS, 3d Cir. No. 25-2153 (2026-09-29)"
_GEMA = "GEMA v. OpenAI, Munich (2025-11-11, on appeal)"
_BARTZ = "Bartz v. Anthropic, N.D. Cal. (2025-06)"

AUTHORITIES: Mapping[str, str] = MappingProxyType(
    {
        "Is the use commercial?": f"17 U.S.C. 107(1); {_ROSS}: commercial use was weighed",
        "Is the student released openly?": "17 U.S.C. 107(1); no decision on open weights is on file",
        "Does the student serve the purpose of its source?": (
            f"17 U.S.C. 107(1); {_ROSS}: same purpose, barely transformed"
        ),
        "Was the copied text needed?": f"17 U.S.C. 107(1); {_ROSS}: not needed, the opinions were free",
        "Was a free source available?": f"17 U.S.C. 107(1); {_ROSS}: the opinions themselves were free",
        "How much has a human author?": (
            "17 U.S.C. 102(a); Thaler v. Perlmutter, cert. denied (2026-03-02): no author, no copyright"
        ),
        "How much of the set did a teacher write, and in which role?": (
            "17 U.S.C. 102(a); Copyright Office, Part 2 (2025): what a machine wrote"
        ),
        "Is the text factual or creative?": f"17 U.S.C. 107(2); {_ROSS}: this factor slightly for the user",
        "Are the copied works published?": "17 U.S.C. 107(2) and its last sentence on unpublished works",
        "How much of registered text is in the rows?": (
            f"17 U.S.C. 107(3); {_ROSS}: each headnote counted as a whole work"
        ),
        "What is the longest matched span?": f"17 U.S.C. 107(3); {_GEMA}: memorized lyrics are copies",
        "Does the student give source text back?": f"17 U.S.C. 107(3); {_GEMA}: memorized lyrics are copies",
        "Is such text licensed for training?": (
            f"17 U.S.C. 107(4); {_ROSS}: a market for the text as training data"
        ),
        "Does the student replace its source?": f"17 U.S.C. 107(4); {_ROSS}: a competing product",
        "Is text in the works' style sold in volume?": (
            "17 U.S.C. 107(4); Kadrey v. Meta, N.D. Cal. (2025-06): dilution of the market"
        ),
        "Are the sources open?": f"17 U.S.C. 106; {_BARTZ}: how copies were come by",
        "Was each source acquired lawfully?": f"{_BARTZ}: bought books apart from a pirated library",
        "EU, Art. 4 of Directive 2019/790: were rights reserved in a machine-readable way?": (
            "Directive (EU) 2019/790, Art. 4(3); OLG Hamburg, 5 U 104/24 (2025-12-10)"
        ),
        "EU, Art. 3: is the miner a research organization?": (
            "Directive (EU) 2019/790, Art. 3; OLG Hamburg, 5 U 104/24 (2025-12-10)"
        ),
        "JP, Art. 30-4: is the owner's interest unreasonably harmed?": "Copyright Act of Japan, Art. 30-4",
        "SG, s. 244: was there lawful access?": "Copyright Act 2021 of Singapore, s. 244",
        "UK, s. 29A: is it non-commercial research?": "CDPA 1988, s. 29A",
    }
)
"""By question, so that no line of the sheet goes without."""
