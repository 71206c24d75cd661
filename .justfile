# What is done often, by name; `just` lists it. Everything runs in the environment .venv.
set dotenv-load := false
bin := if os_family() == "windows" { ".venv/Scripts" } else { ".venv/bin" }

# What there is to run
default:
    @just --list

# The main job on the example
run round="2566-12":
    {{bin}}/python -m pipeline run {{round}}

# All tests
test *args:
    {{bin}}/python -m pytest -n auto {{args}}

# The quick half: no LibreOffice, no browser, no server, no command typed, no round after round
quick *args:
    {{bin}}/python -m pytest -n auto -m "not office" {{args}}

# Lint and format, as .ci/run checks them
lint:
    {{bin}}/ruff check
    {{bin}}/ruff format --check

# Types, floors and doors
types:
    {{bin}}/mypy
    {{bin}}/lint-imports

# Every command that the pages show, run in order on a copy
docs:
    {{bin}}/python -m pytest tests/whole/test_pages.py

# The example rounds and what they must come to, written anew
golden:
    {{bin}}/python -m tests.example.generate
    {{bin}}/python -m tests.example.messy
    {{bin}}/python -m tests.example.golden

# The pictures of README, drawn anew
pictures:
    {{bin}}/python -m tests.support.pictures
