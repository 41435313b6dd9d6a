"""The spellings of one name: its words, without the packaging, path, tag or address around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

MAX_EXPANDED = 400
"""Names that one pair of braces after another may stand for."""
_BRACES = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*(?:[a-z](?![a-z]))?")
_PLUS = re.compile(r"(?<=[a-z0-9])\+(?=$|[\s\-_/:@(),])")
_V = re.compile(r"(?<![^\W_])v(?=\d)")
_TAG = re.compile(
    r"[:@](latest|default|free|batch|nitro|floor|extended|beta|online|exacto|thinking|fastest|cheapest|\d{3})$|"
    r"-2[3-9][01]\d[0-3]\d$|-20[2-3]\d-?[01]\d-?[0-3]\d$|@(?:main|master|[0-9a-f]{40})$"
)
_PACKED = re.compile(
    r"[-_. :@(]+(?:gguf|ggml|awq|gptq|exl[23]|hqq|aqlm(?:-pv)?(?:-\dbit)?(?:-\dx\d+)?|marlin|mlx|onnx|"
    r"openvino|w\d+a\d+|int[348](?:mix)?|nf4|fp(?:4|6|8|16|32)|bf16|f(?:16|32)|nvfp4|mxfp[48]|bnb|"
    r"[2-8][- ]?bits?|i?q[1-8](?:_[0-9a-z]+)*|"
    r"imatrix|i1|quantized|quant|dynamic|unsloth|hf|safetensors|torchao|autoround|quark|compressed[-_]tensors|"
    r"(?:128|64|32)g|sym|gs128|tput|qat|maas|tee|togetherai)\)?$"
)
"""How the same weights are packed: it says nothing of who made them."""
_SERVED = re.compile(
    r"(?P<kept>.*(?:instruct|chat|[-_]it|thinking|\d{4}|(?:\d[bm]|fp8)(?=-fast)))-(?:turbo|lite|reference|fast|maas|basic)$"
)
"""Variants under which hosts serve the weights that stand before."""
_VERSIONED = re.compile(r"-v?\d+:\d+(?::\d+k)?$")
"""The version that a catalog of a cloud puts behind a name: `-v1:0`."""
_REGION = re.compile(r"^(?:us-gov|us|eu|apac|jp|au|ca|global|regional)\.(?=[a-z0-9]+\.)")
_ENDING = re.compile(r"\.(?:gguf|ggml|safetensors|bin|pth?|onnx|mlmodelc)$")
_HUB = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co|modelscope\.(?:cn|ai)/models|ollama\.com/library|"
    r"build\.nvidia\.com)/(?!datasets/|spaces/)([^/\s?#]+(?:/[^/\s?#]+)?)(?:/(?:tree|blob|resolve|raw|summary)/\S*)?$"
)
_CACHED = re.compile(r"(?:.*/)?models--([^/]+?)--([^/]+?)(?:/snapshots/[0-9a-f]+)?$")
_ON_DISK = re.compile(
    r"^(?:/|\.{1,2}/|~/|[a-z]:[\\/]|(?:models?|checkpoints?|ckpts?|weights|pretrained)/(?=[^/]+/[^/]))"
)
_ARN = re.compile(r"^arn:aws[a-z-]*:(?:bedrock|sagemaker):[^/]*/")
_WRITTEN_BY = re.compile(
    r"^(?:(?:generated|written|produced|created) )?(?:by|with|using|via) |"
    r" *\((?:x?high|low|medium|minimal|(?:non-)?(?:thinking|reasoning)[-\w ]*|preview|latest|api|azure|"
    r"[-\d/. ]+)\)$"
)
"""Words before a name, and what stands in brackets behind it where that is an effort, a date or a path."""
_OUTPUT_OF = re.compile(
    r"[-_ ](?:generated|outputs?|responses?|completions|answers|generations|verbose|concise)$"
)
_PROVIDED = re.compile(
    r"(?P<before>gateway/)?(?P<by>openai|anthropic|azure(?:_openai)?|bedrock(?:_converse)?|google[-_](?:gla|genai|vertex|"
    r"vertexai|cloud)|google|gemini|vertexai|groq|mistral|mistralai|cohere|deepseek|heroku|huggingface|hf|together(?:_ai)?|"
    r"fireworks(?:_ai)?|cerebras|openrouter|ollama|xai|grok|moonshotai|vercel|github|litellm|nebius|ovhcloud|sambanova|"
    r"deepinfra|replicate|perplexity|novita|nvidia):(?P<name>(?!//)(?!\d+(?:\.\d+)?(?:x\d+)?[bm](?![a-z])|latest$|v\d|"
    r"text|instruct).+)",
    re.IGNORECASE,
)
"""`groq:llama-3.3-70b-versatile`, as some clients write a provider; `mistral:7b` is a size of a model."""
_PROVIDERS = {
    "google": "gemini",
    "google-gla": "gemini",
    "google-genai": "gemini",
    "google-vertex": "vertex_ai",
    "google-vertexai": "vertex_ai",
    "google-cloud": "vertex_ai",
    "vertexai": "vertex_ai",
    "azure-openai": "azure",
    "moonshotai": "moonshot",
    "grok": "xai",
    "hf": "huggingface",
    "together": "together_ai",
    "vercel": "vercel_ai_gateway",
    "nvidia": "nvidia_nim",
    "litellm": "litellm_proxy",
}
"""Providers that go by another name before a slash."""
_TAGGED_KIND = re.compile(
    r"(?P<kept>.+:\d+(?:\.\d+)?(?:x\d+)?b)-(?:instruct|chat|it|qwen-distill|llama-distill)$"
)
"""The kind that a tag of Ollama puts behind the size: `gemma2:9b-instruct`."""
_P_DOT = re.compile(r"(?<=\d)[p_](?=\d)")
_HYPHEN_DOT = re.compile(r"(?<![\d.])(\d)-(\d)(?![\d.]|[bkm](?![a-z]))")


def expanded(text: str) -> list[str]:
    """Return the names that braces stand for: `Phi-{3,4}{,-mini}` is four.

    Raises:
        ValueError: a brace has no partner, or there are too many names.
    """
    parts = _BRACES.split(text)
    if any(mark in part for part in parts for mark in "{}"):
        raise ValueError("a brace has no partner")
    choices = [part.split(",") if at % 2 else [part] for at, part in enumerate(parts)]
    count = 1
    for one in choices:
        count *= len(one)
    if count > MAX_EXPANDED:
        raise ValueError(f"stands for {count:,} names, more than {MAX_EXPANDED}")
    return ["".join(one) for one in product(*choices)]


def words(name: str) -> tuple[str, ...]:
    """Return the words and numbers of a name; case, hyphens and blanks do not count, nor the `v` of `v2`."""
    plain = name.lower()
    if "+" in plain:
        plain = _PLUS.sub(" plus ", plain)
    return tuple(_WORD.findall(_V.sub("", plain) if "v" in plain else plain))


def is_on_disk(name: str) -> bool:
    """Tell whether a name is a path to weights on a machine of one's own."""
    plain = name.lower()
    return bool(_ON_DISK.match(plain)) or bool(_CACHED.match(name)) or bool(_ENDING.search(plain))


def located(name: str) -> str:
    """Return the model's own name of an address, a path or a file; the name itself where it is none."""
    if "/" not in name and "\\" not in name and "." not in name:
        return name
    plain = name.rstrip("/\\")
    if found := _HUB.fullmatch(plain):
        return found[1]
    if found := _CACHED.fullmatch(plain):
        return f"{found[1]}/{found[2]}"
    if _ARN.match(plain):
        return plain.rpartition("/")[2]
    low = plain.lower()
    if _ON_DISK.match(low):
        plain = re.split(r"[/\\]", plain)[-1]
    return _ENDING.sub("", plain, count=1) if plain.islower() else _without_ending(plain)


def after_provider(name: str) -> str:
    """Return a name with its provider before a slash, where a colon stood: `groq:llama…` is `groq/llama…`."""
    found = _PROVIDED.fullmatch(name)
    if found is None:
        return name
    by = found["by"].lower()
    return f"{found['before'] or ''}{_PROVIDERS.get(by.replace('_', '-'), by)}/{found['name']}"


def unpacked(name: str) -> str | None:
    """Return a lower-case name without its packaging; None where it has none."""
    shorter = name
    for _ in range(6):
        shorter = _PACKED.sub("", shorter)
    return shorter if shorter and shorter != name else None


def _without_ending(name: str) -> str:
    found = _ENDING.search(name.lower())
    return name[: found.start()] if found else name


def bare(name: str) -> Iterator[str]:
    """Yield a lower-case name with less and less around it: tag, version, packaging, host's variant."""
    plain = _REGION.sub("", name)
    if plain != name:
        yield plain
    for strip in (_TAG, _VERSIONED, _OUTPUT_OF, _WRITTEN_BY):
        shorter = strip.sub("", plain).strip()
        if shorter and shorter != plain:
            plain = shorter
            yield plain
    for _ in range(6):
        shorter = _SERVED.sub(r"\g<kept>", _PACKED.sub("", plain))
        if shorter == plain or not shorter:
            break
        plain = shorter
        yield plain
    if found := _TAGGED_KIND.fullmatch(plain):
        yield found["kept"]


def dotted(name: str) -> Iterator[str]:
    """Yield a lower-case name with the points that hosts write as `p`, `_` or `-`: `v3p1`, `3_1`, `3-1`."""
    for spelled in (_P_DOT.sub(".", name), _HYPHEN_DOT.sub(r"\1.\2", name)):
        if spelled != name:
            yield spelled
