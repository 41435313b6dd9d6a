"""What the names of members say of the text in them: asked, answered, instructed, or about a text.

Names are compared in lower case with `_` between their words. The closed sets hold whole names; a longer name
(`chatgpt_answers`, `deepseek_reasoning_trace`) is told by its words, the last one first.
"""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.domain.role import TeacherRole, role_of
from auditor.domain.sample import PartRole
from auditor.samples.claims.column_names import names_in
from auditor.samples.parts import PROMPT, TEACHER

PROMPTS = names_in(
    "text_input input_text utterance prompter human context story passage document 问题 提问 prompt "
    "prompts instruction instructions question questions query problem input inputs request ask "
    "asks user user_input user_message user_prompt task source_text input_messages model_input"
)
SOURCES = names_in("context story passage document source_text task input inputs human")
"""Prompts beside an answer; alone, they may be what is learned."""
ANSWERS = names_in(
    "text_output output_text 回答 答案 completion completions response responses output outputs "
    "answer answers target targets generation generations generated_text reply replies say says "
    "assistant bot model_output model_answer model_response final_answer chosen rejected "
    "preferred_output non_preferred_output suggestion rewritten translated candidates choices "
    "output_messages rollout_results reasoning reasoning_content thinking chain_of_thought "
    "thinking_trajectories cot thought thoughts refusal result attempt attempts solution solutions sampled "
    "rejected_response chosen_response rejected_messages chosen_messages"
)
SIDES = names_in(
    "chosen rejected preferred_output non_preferred_output rejected_response chosen_response "
    "rejected_messages chosen_messages"
)
"""Answers that stand against each other: each is a slot of its own."""
SYSTEMS = names_in("system system_prompt system_message system_instruction system_instructions")
TURNS = names_in(
    "messages conversation conversations dialogue dialogues dialog dialogs chat turns history "
    "data utterances trajectory trace chat_history chat_messages full_conversation"
)
FACTS = names_in(
    "id uuid type content_type name model model_name model_id models license licence licenses "
    "created created_at timestamp date url host finish_reason stop_reason usage score scores "
    "rating ratings rationale rationales label language lang category tags tag status object "
    "index generator teacher provider access error custom_id hash locale country timestamp schema_version "
    "tools functions"
)
"""Members that speak of a text; their own text is not a part of the conversation."""
BODIES = ("content", "value", "text", "parts", "message", "body", "blocks", "utterance", "mes", "steps")
THOUGHTS = ("reasoning_content", "reasoning", "thinking", "thought", "thoughts", "refusal")
RESULTS = names_in("observation observations tool_result tool_results tool_use_result tool_output")
"""Members of a turn, or beside one, in which a tool answers."""
SPEAKERS = ("role", "from", "author", "speaker", "sender", "source", "type", "name")
NUMBERED = re.compile(
    r"(response|answer|completion|output|generation|reply|conversation|candidate|chosen|rejected|(model_)?side)"
    r"s?[_.-]?(\d+|[ab]|left|right)"
)
"""One of several answers, `response_0`, `output_b`."""

_ANSWER_WORDS = names_in(
    "answer answers response responses completion completions output outputs generation "
    "generations reply replies reasoning thinking thought thoughts cot trajectory trajectories "
    "trace traces solution solutions attempt attempts suggestion explanation summary translation"
)
_PROMPT_WORDS = names_in(
    "prompt prompts question questions query queries instruction instructions problem request"
)
_FACT_WORDS = names_in(
    "model models source metadata meta score scores id ids type rating ratings length len tokens "
    "count license date url agent index format language name version time hash domain category "
    "writer generator teacher policy is has num at start end usage reason"
)
_ASKED_WORDS = names_in("is has num")
_COUNTED = names_in("usage tokens score scores rating ratings logprobs time length len count")
_SILENT_WORDS = (_FACT_WORDS - names_in("metadata meta")) | names_in(
    "uuid timestamp indices offset offsets position positions lang by"
)
"""Last words of names whose text or number is about a text; an object under the first of them is too."""
_NAMESPACE = re.compile(
    r"^(gen_ai|llm|ai|mlflow|langfuse\.observation|langfuse|traceloop\.entity)\.(span(?=[A-Z_]))?"
)
_PROVIDER = "gen_ai.system"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BREAKS = re.compile(r"[-.\s]+")


@lru_cache(4096)
def plain(name: str) -> str:
    """Return a name in lower case, its words joined by `_`, however it is spelled.

    What a tracing tool puts before its names is left out: `gen_ai.output.messages` is `output_messages`.
    """
    if name == _PROVIDER:
        return "provider"
    return _BREAKS.sub("_", _HUMP.sub("_", _NAMESPACE.sub("", name.strip()))).lower()


@lru_cache(4096)
def is_fact(name: str, is_object: bool = False) -> bool:
    """Tell whether a member of a plain name speaks of a text, and holds none."""
    words = name.split("_")
    silent = _COUNTED if is_object else _SILENT_WORDS
    return name in FACTS or (len(words) > 1 and (words[-1] in silent or words[0] in _ASKED_WORDS))


@lru_cache(4096)
def role_by_words(name: str) -> PartRole | None:
    """Return the role that the words of a plain name of several tell; the last word weighs most."""
    words = name.split("_")
    if len(words) < 2 or not _FACT_WORDS.isdisjoint((words[0], words[-1])):
        return None
    for word in reversed(words):
        if word in _ANSWER_WORDS:
            return TEACHER
        if word in _PROMPT_WORDS:
            return PROMPT
    return None


@lru_cache(4096)
def role_by_name(name: str) -> TeacherRole | None:
    """Return the act whose result a plain name says that a text is: a `judgment` is a judge's."""
    return role_of(name.split("_")[-1])


@lru_cache(4096)
def answer_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names whose members may hold answers."""
    return tuple(name for name in names if _answers(plain(name)))


def _answers(name: str) -> bool:
    # What only the words of a longer name tell (`better_answer`) is a question: see the map of columns.
    return name in ANSWERS or name in TURNS or bool(NUMBERED.fullmatch(name))
