"""The help pages of both programs: every command once, in its own words, and examples that are commands."""

from __future__ import annotations

import shlex

import pytest

from registry_tool.cli import puppy, registry
from registry_tool.cli.groups import SectionedGroup
from tests.cli.invoked import invoke

PROGRAMS = [puppy.cli, registry.cli]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_every_command_is_in_one_section_with_the_beginning_of_its_own_words(
    program: SectionedGroup,
) -> None:
    shown = [pair for section in program.sections for pair in section.commands.items()]
    assert sorted(name for name, _ in shown) == sorted(program.commands)
    for name, sentence in shown:
        assert (program.commands[name].help or "").startswith(sentence), name


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_every_sections_example_parses_and_is_of_the_section(program: SectionedGroup) -> None:
    for section in program.sections:
        for part in section.example.split(" && "):
            first, name, *words = shlex.split(part)
            assert first == program.name
            assert name in section.commands, section.title
            command = program.commands[name]
            command.make_context(name, words, resilient_parsing=True)
            known = {
                option for one in command.params for option in (*one.opts, *one.secondary_opts)
            }
            assert {word for word in words if word.startswith("--")} <= known


def test_the_page_has_titles_and_examples() -> None:
    output = invoke("--help").output
    for section in puppy.cli.sections:
        assert f"\n{section.title}:\n" in output
        assert section.example.split(" && ")[0][:60] in " ".join(output.split())
