"""Groups of options: a command gets one object, and help shows each option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from auditor.cli.option_groups import grouped


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is."""

    town: Annotated[str, typer.Option(help="The town.")]
    street: Annotated[str | None, typer.Option("--street", help="The street.")] = None


@dataclass(frozen=True, slots=True)
class House(Place):
    """A place with a number."""

    number: Annotated[int, typer.Option(help="The number.")] = 1


@grouped
def visit(name: Annotated[str, typer.Argument()], at: House, loud: bool = False) -> None:
    """Visit somebody."""
    typer.echo(f"{name} {at} {loud}")


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None)
    app.command()(visit)
    return app


def test_options_of_a_group_reach_the_command_as_one_object(app: typer.Typer) -> None:
    done = CliRunner().invoke(app, ["ann", "--town", "Ulm", "--number", "7", "--loud"])
    assert done.stdout == f"ann {House('Ulm', None, 7)} True\n"


def test_an_option_without_a_default_is_still_asked_for(app: typer.Typer) -> None:
    assert CliRunner().invoke(app, ["ann"]).exit_code == 2


def test_help_shows_the_options_in_the_order_of_the_group_and_of_what_it_extends(app: typer.Typer) -> None:
    shown = CliRunner().invoke(app, ["--help"]).stdout
    places = [shown.index(option) for option in ("--town", "--street", "--number", "--loud")]
    assert places == sorted(places)
