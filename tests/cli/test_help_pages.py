"""`--help` in both languages: every word there, nothing cut, nothing wider than a terminal."""

import re
from collections import Counter

import click
import pytest

from pipeline.cli import main
from pipeline.cli.help_pages import _WHO, _width
from pipeline.cli.screen_words import LANGUAGES, help_words

PAGES = [[], *([name] for name in main.commands)]
THAI = re.compile("[ก-๙]")


def page(command, lang):
    words = ["--lang", lang, *command, "--help"]
    with pytest.raises(click.exceptions.Exit), main.make_context("pipeline", words) as ctx:
        main.invoke(ctx)


@pytest.fixture
def printed(capsys):
    def of(command, lang):
        page(command, lang)
        return capsys.readouterr().out

    return of


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", PAGES, ids=lambda words: "".join(words) or "pipeline")
def test_a_page_fits_the_terminal_and_is_in_one_language(printed, command, lang):
    text = printed(command, lang)
    lines = text.splitlines()
    assert [line for line in lines if _width(line) > 80 or line != line.rstrip()] == []
    assert bool(THAI.search(text)) is (lang == "th")
    told = [line for line in lines if line.startswith("  -")]
    assert len(told) == len(set(told)) > 2
    if lang == "th":
        assert [line for line in told if not THAI.search(line)] == []


def test_every_command_stands_below_who_uses_it_once():
    named = Counter(name for names in _WHO.values() for name in names)
    assert named == Counter(main.commands.keys())


def test_no_word_is_there_that_no_page_shows():
    """What is left behind when a command or an option goes is found here."""
    names = {
        name: {max(o.opts, key=len).lstrip("-").replace("-", "_") for o in command.params}
        for name, command in main.commands.items()
    }
    options = help_words()["option"]
    own = {key: set(value) for key, value in options.items() if key in main.commands}
    assert [(c, key) for c, keys in own.items() for key in keys - names[c]] == []
    everywhere = {key for key, value in options.items() if set(value) == set(LANGUAGES)}
    assert everywhere - set().union(*names.values()) == {"help", "version"}
    assert help_words()["about"].keys() == {"pipeline", *main.commands}
    assert help_words()["forms"].keys() <= main.commands.keys()
    metavars = [str(p.metavar) for c in main.commands.values() for p in c.params if p.metavar]
    metavars += ["COMMAND", "[OPTIONS]"]
    asked = {word for metavar in metavars for word in re.findall("[A-Z]+", metavar)}
    assert help_words()["word"].keys() == asked - {"N"}


def test_a_long_text_goes_on_below_itself(printed):
    lines = printed(["collect"], "th").splitlines()
    first = next(n for n, line in enumerate(lines) if "--from" in line)
    inset = lines[first].index("ไฟล์หรือ") - sum(_width(s) == 0 for s in lines[first][:30])
    assert lines[first + 1].startswith(" " * inset)
    assert lines[first + 1].strip() == "ตู้อีเมลของรอบ)"
