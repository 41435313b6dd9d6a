"""Which keys of a trainer's settings name a model that teaches, rewards or judges: one table of them.

A key that speaks of a teacher and stands in no row names one: what is not known is held against the permit.
"""

from __future__ import annotations

import re
from typing import Any

from auditor.domain.role import TeacherRole

_NAMES, _OTHER = True, False
_KEYS = (
    (_NAMES, r"(teacher|reward|judge)(_model)?(_name|_path|_id|_name_or_path|_pretrain)?"),
    (_NAMES, r"teachers|judges|reward_models|reward_funcs?|orm|prm"),
    (_NAMES, r"(teacher|reward|judge)_(model_)?"
             r"(server|adapters|pretrain|url|server_urls?|base_url|api_base)"),
    (_NAMES, r"kd_online_server_base_url|remote_rm_url|agent_func_path|(teacher|reward)_lora_path"),
    (_NAMES, r"(expert|grader|verifier|oracle|critic|rm|kd|distill(ation)?|t)_(model|llm|lm|net)s?"
             r"(_(name|path|id|name_or_path|url))?"),
    (_OTHER, r"(.*_)?(temperature|(max|min|num|n|top|batch)_(?!.*(path|name|model|url|id)$)[a-z_]+)"),
    (_OTHER, r"(.*_)?(weights?|normalization|reduction|enabled?)"),
    (_OTHER, r"(.*_)?(alpha|beta|gamma|lambda|coef|seed|port|timeout|size|scale|clip|clip_range)"),
    (_OTHER, r"(.*_)?((torch_)?dtype|precision|quantization|attn_implementation|device(_map)?|parallel)"),
    (_OTHER, r"(.*_)?(deepspeed|strategy|fsdp_config|load_format|revision|kind|type|role|keys?)"),
    (_OTHER, r"(.*_)?(column|field|format|method|loss|mode|func_names|processing_class(es)?|attn_impl)"),
    (_OTHER, r"(.*_)?(template|prompt|instruction|tokenizer(_name|_path|_name_or_path)?|processor)"),
    (_OTHER, r"(.*_)?((log|logging|output|save|cache)(_dir|_path|_file)?|level|reward_manager)"),
    (_OTHER, r"scale_rewards|kd_online_server|reward_loop_source|competes_with_teacher_provider"),
    (_OTHER, r"access|license|generated_at"),
)  # fmt: skip
"""By the last part of a key: does it name a model, or is it another setting of one? The first row decides."""
_TABLE = tuple((names, re.compile(pattern)) for names, pattern in _KEYS)
_OTHER_BELOW = re.compile(
    r"(.*[._])?((custom_reward_function|reward_manager|module|rollout|inference|engine|optimizer|scheduler)"
    r"\.name|reward_manager\.source|(generation_config|sampling_params|optimizer|scheduler|profiler)\..*)"
)
"""By the whole key: settings of a model that lie deeper."""
_WORKS = re.compile(
    r"(?:^|[._])(teachers?|rewards?|judges?|graders?|verifiers?|genrm|rm|kd_online|orm|prm|agent_func|"
    r"external_plugins?)(?=$|[._\[])"
)
_TEACHES = re.compile(r"teacher|reward|judge")
_VAGUE = re.compile(r"backend|provider|_component_|_target_|checkpoint_files|recipe_checkpoint")
"""Say who answers or what builds the model; a name of the model beside them says more."""
_EXACT = re.compile(r"(teacher|reward|judge)(_model)?(_name|_path|_name_or_path)?")
_SHARE = re.compile(r"((?:.*[._])?(?:teachers|judges|graders|(?:teacher|reward|judge)_models|reward_funcs))\."
                    r"([^.]+|.*\d\.\d.*)", re.IGNORECASE)  # fmt: skip
"""A model as the key of its share: `teachers: {NAME: 0.5}`."""
_NOTHING = re.compile(r"|null|none|~|true|false|[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_]+\d{0,2}")
_ROLES_OF_A_TEACHER = {
    TeacherRole.LOGITS, TeacherRole.WRITER, TeacherRole.REWRITER, TeacherRole.TRANSLATOR,
    TeacherRole.PROMPT_WRITER,
}  # fmt: skip
_ROLES_OF_A_JUDGE = {TeacherRole.REWARD, TeacherRole.JUDGE, TeacherRole.FILTER}


def names_model(key: str, value: Any) -> bool:
    """Tell whether a setting names a model that teaches, rewards or judges; one that is not known does."""
    lowered = lowered_key(key)
    leaf = lowered.rpartition(".")[2]
    if not isinstance(value, str):
        return False
    if _NOTHING.fullmatch(value.strip()):
        return value.strip().isdigit() and _EXACT.fullmatch(leaf) is not None
    names = _names(leaf)
    if names or not teaches(key):
        return names is _NAMES
    if leaf.endswith(("_kind", "_type")) and not _WORD.fullmatch(value.strip()):
        return True
    return names is not _OTHER and not _OTHER_BELOW.fullmatch(lowered)


def _names(leaf: str) -> bool | None:
    """Return what the table says of the last part of a key; None where it says nothing."""
    return next((names for names, pattern in _TABLE if pattern.fullmatch(leaf)), None)


def teaches(name: str) -> bool:
    """Tell whether a name speaks of a teacher, reward or judge."""
    return word_in(name) is not None or _WORKS.search(lowered_key(name)) is not None


def word_in(name: str) -> str | None:
    """Return the plain word by which a name speaks of one: teacher, reward or judge."""
    found = _TEACHES.search(name.lower())
    return None if found is None else found[0]


def lowered_key(key: str) -> str:
    """Return a key in one spelling: `--teacher-model`, `teacherModel` and `teacher_model[0]` are the same."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.lstrip("-").replace("-", "_"))
    return re.sub(r"\[\d+\]", "", re.sub(r"[@/]", ".", parted.lower()))


def share_of(key: str) -> tuple[str, str] | None:
    """Return the key and the name where a model is the key of its share: `teachers: {NAME: 0.5}`."""
    share = _SHARE.fullmatch(key)
    return None if share is None or _names(lowered_key(share[2])) is _OTHER else (share[1], share[2])


def is_vague(key: str, value: str) -> bool:
    """Tell whether a setting says who answers or what builds the model, not which model it is."""
    return "/" not in value and _VAGUE.fullmatch(lowered_key(key).rpartition(".")[2]) is not None


def numbered(key: str, value: Any) -> Any:
    """Return a number as text where it can only be a name: a folder may be called `7`."""
    number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if number and _EXACT.fullmatch(lowered_key(key).rpartition(".")[2]) else value


def roles_of(key: str) -> set[TeacherRole]:
    """Return the roles that a model named by a key may have in a permit."""
    lowered = key.lower()
    judges = any(
        word in lowered
        for word in ("reward", "judge", "agent_func", "grader", "verifier", "plugin", "critic")
    )
    judges = judges or re.search(r"(^|[._])(remote_|gen)?(rm|orm|prm)(?=$|[._\[])", lowered) is not None
    return _ROLES_OF_A_JUDGE if judges and "teacher" not in lowered else _ROLES_OF_A_TEACHER
