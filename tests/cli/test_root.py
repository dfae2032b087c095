"""The command line as a whole: its help, its languages, its exit codes."""

import json
from pathlib import Path

import click
import pytest
import structlog

from services.cli.errors import CliError, ExitCode
from services.cli.parts import Noun
from services.cli.root import scout
from services.cli.texts import TEXTS
from tests.cli.front import Scout


def commands(group: Noun, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every command and group."""
    found = [path]
    for name, command in group.commands.items():
        found += commands(command, (*path, name)) if isinstance(command, Noun) else [(*path, name)]
    return found


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("path", commands(scout), ids=" ".join)
def test_every_command_explains_itself_in_both_languages(run_scout: Scout, path: tuple[str, ...], lang: str) -> None:
    """`--help` is there for every command, and every option of it has a text."""
    result = run_scout(*path, "--lang", lang, "--help") if path == () else run_scout("--lang", lang, *path, "--help")

    assert result.exit_code == 0, result.output
    assert TEXTS["help.usage"]._asdict()[lang] in result.output
    assert TEXTS["option.help"]._asdict()[lang] in result.output


def test_every_option_has_a_help_of_its_own() -> None:
    """No option falls back to another one's text."""
    missing = []
    for path in commands(scout):
        command: click.Command = scout
        for name in path:
            assert isinstance(command, Noun)
            command = command.commands[name]
        options = [param for param in command.params if isinstance(param, click.Option)]
        missing += [(*path, one.name) for one in options if one.help not in TEXTS]

    assert missing == []


def test_the_help_lists_every_exit_code(run_scout: Scout) -> None:
    """A script's author finds them without reading code."""
    listed = run_scout("--help").output

    assert all(f"  {int(code)} " in listed for code in ExitCode)


def test_no_command_shows_the_help(run_scout: Scout) -> None:
    """Who types `scout` alone is shown what there is."""
    result = run_scout()

    assert result.exit_code == 0
    assert "demo" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tpo",), "There is no command tpo"),
        (("top", "--markte", "x"), "There is no option --markte"),
        (("top", "-n", "many"), "-n"),
        (("market", "show"), "MARKET is missing"),
        (("import",), "Name a file, or say --builtin"),
        (("import", "--builtin", "complete-journey", "--market", "My Shop"), "My Shop cannot name a market"),
        (("import", "--builtin", "complete-journey", "--mapping", "when=Date"), "when=Date maps nothing"),
        (("niche", "analyze"), "Name one niche, or say --all"),
    ],
)
def test_a_mistyped_command_line_ends_with_2_and_says_what_is_wrong(
    run_scout: Scout, words: tuple[str, ...], said: str
) -> None:
    """Usage errors name the word that is wrong and where the help is; stdout stays empty."""
    result = run_scout(*words)

    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr
    assert "  do: " in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("top", "-n", "0"), "нужно число от 1"),
        (("backtest", "--horizon", "27"), "нужно число от 1 до 26"),
        (("import", "--timeout", "0"), "нужно число больше 0"),
        (("top", "-o", "xml"), "возможны: table, json, csv"),
        (("niche", "analyze", "x", "--as-of", "2024-02-30"), "нужен день, например 2017-11-05"),
        (("top", "a", "b"), "лишнее: a b"),
        (("top", "--market"), "У --market нет значения"),
    ],
)
def test_why_a_value_is_refused_is_told_in_the_language_too(
    run_scout: Scout, words: tuple[str, ...], said: str
) -> None:
    """The reason is no English sentence inside a Russian error."""
    result = run_scout(*words, "--lang", "ru") if words[-1] != "--market" else run_scout("--lang", "ru", *words)

    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr


def test_a_file_needs_a_market(run_scout: Scout, tmp_path: Path) -> None:
    """Which market a file belongs to cannot be guessed, so the error shows how to say it."""
    (tmp_path / "sales.csv").write_text("a,b\n")

    result = run_scout("import", tmp_path / "sales.csv")

    assert result.exit_code == ExitCode.USAGE
    assert "--market my-shop" in result.stderr


def test_an_error_speaks_the_language_that_was_asked_for(run_scout: Scout, monkeypatch: pytest.MonkeyPatch) -> None:
    """--lang beats SCOUT_LANG, wherever it stands."""
    monkeypatch.setenv("SCOUT_LANG", "ru")

    assert "Рынков пока нет" in run_scout("top").stderr
    assert "There is no market yet" in run_scout("top", "--lang", "en").stderr


def test_a_bad_setting_is_named(run_scout: Scout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable, why, and what to do, instead of a validation's dump."""
    monkeypatch.setenv("SCOUT_TIMEZONE", "Mars")

    result = run_scout("top")

    assert result.exit_code == ExitCode.USAGE
    assert "SCOUT_TIMEZONE" in result.stderr
    assert "'Mars' is no time zone" in result.stderr


@pytest.mark.parametrize("name", ["SCOUT_WORKERS", "SCOUT_LANG", "SCOUT_LOG_LEVEL"])
def test_a_bad_setting_is_no_log_entry(run_scout: Scout, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Logs are quiet before the settings are read, so that a slip in one shows no traceback."""
    structlog.reset_defaults()
    monkeypatch.setenv(name, "LOUD")

    result = run_scout("top")

    assert result.exit_code == ExitCode.USAGE
    assert result.stdout == ""
    assert "Traceback" not in result.output


def test_a_variable_that_says_nothing_is_not_set(
    run_scout: Scout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SCOUT_HOME= must not spread a store over the folder that the person is in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCOUT_HOME", "")

    run_scout("market", "list")

    assert not (tmp_path / "store.sqlite").exists()


def test_with_json_an_error_is_the_problem_on_stderr(run_scout: Scout) -> None:
    """A program reads what went wrong without parsing sentences, and finds nothing on stdout."""
    result = run_scout("niche", "show", "0b6bd1f6-7d1f-5d0c-9a0e-0d4d4a0e8f11", "-o", "json")

    assert result.exit_code == ExitCode.NOT_FOUND
    assert result.stdout == ""
    assert json.loads(result.stderr)["type"] == "/problems/niche-not-found"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, ""),
        (CliError(ExitCode.TIMEOUT, "too late"), ExitCode.TIMEOUT, "scout: too late"),
        (ValueError("odd"), ExitCode.RUN_FAILED, "why: ValueError: odd"),
        (FileNotFoundError(2, "No such file", "sales.csv"), ExitCode.INVALID_DATA, "sales.csv"),
        (OSError(28, "No space left on device"), ExitCode.RUN_FAILED, "could not be written"),
    ],
)
def test_every_end_of_a_command_has_a_code_and_no_traceback(
    run_scout: Scout, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    """Whatever is raised inside, a person sees a text and a script sees a code."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(scout.commands["top"], "callback", fail)

    result = run_scout("top")

    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.output
