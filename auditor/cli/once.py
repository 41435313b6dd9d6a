"""Options that take one value are given once: of two values the last would win without a word."""

from __future__ import annotations

from typing import Any


def refuse_repeats(command: Any) -> None:
    """Make a command, and those below it, refuse an option that is given twice and takes one value."""
    for inner in getattr(command, "commands", {}).values():
        refuse_repeats(inner)
    make = command.make_parser

    def make_parser(context: Any) -> Any:
        parser = make(context)
        parse = parser.parse_args

        def parse_args(args: list[str]) -> Any:
            values, rest, order = parse(args=args)
            for option in order:
                if _takes_one(option) and order.count(option) > 1:
                    context.fail(f"{option.opts[0]} is given twice; it takes one value")
            return values, rest, order

        parser.parse_args = parse_args
        return parser

    command.make_parser = make_parser


def _takes_one(option: Any) -> bool:
    if option.param_type_name != "option" or option.multiple:
        return False
    return not (getattr(option, "is_flag", False) or getattr(option, "count", False))
