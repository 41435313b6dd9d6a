"""Whether a script or log beside rows says nothing of who they are from, and holds no text to learn."""

from __future__ import annotations

import re

from auditor.samples.inputs.row_signs import shows_rows, words

_LOGS = frozenset((".log",))
PROGRAMS = frozenset((".py", ".sh", ".bash", ".zsh", ".r", ".jl", ".awk")) | _LOGS
"""Endings of scripts and logs; no loader of rows takes them."""
_PROSE, _MOST_PROSE, _LONGEST = 8, 20, 40
"""Words of a line that may be a sentence, how many such a script may hold, and words of the longest line."""
_SPEAKS = re.compile(
    r"(?i)gpt|claude|gemini|llama|mi[sx]tral|qwen|qwq|deepseek|gemma|grok|command-r|nova|phi-?\d|glm|kimi|o[134]-"
    r"|llm|openai|anthropic|cohere|bedrock|vertex|genai|groq|together|fireworks|replicate|ollama|azure"
    r"|model|teacher|generat|completion|chat|prompt|inference|distil|synth|translat|rewrit|paraphras|annotat"
    r"|licen[cs]e|spdx|copyright|commercial|rights|terms|://|api|load_dataset|from_pretrained|transformers"
    r"|hugging ?face|hf_|hub|wget|curl|git clone|download|requests|urllib|http|exec|eval|base64|decode|chr\("
)
"""Words of scripts that make or fetch rows, or say what they may be used for."""
_HUB_ID = re.compile(r"[A-Z][\w-]{1,40}/[A-Za-z][\w.-]{1,80}|[\w-]{2,40}/[\w.-]{0,60}\d{1,3}[bB]\b")
_LOG_LINE = re.compile(r"\[?\(?(\d{2,4}[-/:.]\d\d|DEBUG|INFO|WARN|ERROR|CRITICAL|NOTICE|\d{9,})")
_ESCAPED = re.compile(r"\\[xuUN0-7]")


def is_silent_program(data: bytes, suffix: str) -> bool:
    """Tell whether a script or log names no model, service, set or license, and holds no texts."""
    text = data.decode("utf-8-sig", "replace")
    if not text.isascii() or _SPEAKS.search(text) or _HUB_ID.search(text) or _ESCAPED.search(text):
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if shows_rows(text) or any(words(line) > _LONGEST for line in lines):
        return False
    if suffix in _LOGS:
        return all(_LOG_LINE.match(line) for line in lines)
    prose = [line for line in lines if words(line) >= _PROSE and not set("()=[]{}") & set(line)]
    return len(prose) <= _MOST_PROSE
