"""What each shell is offered: rounds, divisions, codes, options; and the lines it is set up by."""

import pytest

from pipeline.cli import main

SHELLS = ("bash", "zsh", "fish", "powershell")


@pytest.fixture
def asked(monkeypatch, capsys, root, tmp_path):
    """What a shell is offered for a line that is being typed; and in a folder without rounds."""
    monkeypatch.chdir(root)

    def of(shell, line, begun=None):
        words = line.split()
        last = words[-1] if begun is None else begun
        place = last if shell in ("fish", "powershell") else str(len(words) - (begun is None))
        monkeypatch.setenv("_PIPELINE_COMPLETE", f"{shell}_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", place)
        with pytest.raises(SystemExit) as ended:
            main.main(prog_name="pipeline")
        assert ended.value.code == 0
        return capsys.readouterr().out

    return of


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "offered", "unasked"),
    [
        ("pipeline run 2566-1", ("2566-12", "2566-12-messy"), "2566-06"),
        ("pipeline sta", ("status",), "run"),
        ("pipeline template 2566-12 --division 0", ("02", "กองคลัง"), "--mail"),
        ("pipeline check --division 0", ("03", "กองช่าง"), "--mark"),
        ("pipeline explain rf0", ("RF01", "RF09"), "XPL-01"),
        ("pipeline close 2566-12 --sig", ("--signed-on", "--signed-by"), "--undo"),
    ],
)
def test_each_shell_is_offered_what_there_is(asked, shell, line, offered, unasked):
    text = asked(shell, line)
    assert [each for each in offered if each not in text and shell != "bash"] == []
    assert offered[0] in text
    assert unasked not in text


@pytest.mark.parametrize("shell", SHELLS)
def test_a_file_is_left_to_the_shell(asked, shell):
    assert asked(shell, "pipeline check รายงาน").startswith("file")


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_the_lines_that_set_it_up(monkeypatch, capsys, shell):
    monkeypatch.setenv("_PIPELINE_COMPLETE", f"{shell}_source")
    with pytest.raises(SystemExit):
        main.main(prog_name="pipeline")
    text = capsys.readouterr().out
    assert f"{shell}_complete" in text
    assert "%(" not in text


def test_a_plan_that_cannot_be_read_offers_nothing_and_breaks_nothing(asked, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name, text in (("2566-06", "divisions = 3"), ("2566-12", "ก =")):
        (tmp_path / "inputs" / name).mkdir(parents=True)
        (tmp_path / "inputs" / name / "round.toml").write_text(text, "utf-8")
    assert asked("bash", "pipeline check --division 0").strip() == ""
    assert asked("bash", "pipeline run 25") == "plain,2566-12\nplain,2566-06\n"
