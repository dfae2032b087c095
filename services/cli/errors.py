"""How a command ends: its exit code, and an error that says what, why and what to do."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from services.cli.texts import has, say


class ExitCode(IntEnum):
    """What a command's exit code means; `scout --help` lists them."""

    OK = 0
    RUN_FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    AUTH = 4
    CONFLICT = 5
    INVALID_DATA = 6
    PARTIAL = 7
    SERVICE_DOWN = 69
    TIMEOUT = 124
    INTERRUPTED = 130


_OF_STATUS = {
    401: ExitCode.AUTH,
    403: ExitCode.AUTH,
    404: ExitCode.NOT_FOUND,
    408: ExitCode.TIMEOUT,
    409: ExitCode.CONFLICT,
    429: ExitCode.SERVICE_DOWN,
}
_FIRST_SERVER_ERROR = 500


class CliError(Exception):
    """An error for a person: `what` happened, `why`, what to `do`; `problem` is what the API answered, if it did."""

    def __init__(
        self, code: ExitCode, what: str, why: str = "", do: str = "", problem: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(what)
        self.code, self.what, self.why, self.do = code, what, why, do
        self._problem = problem

    def text(self) -> str:
        """The error as a person reads it: a line for what, one for why, one for what to do."""
        lines = [f"scout: {self.what}"]
        lines += [f"  {say('error.why')}: {_indented(self.why)}"] if self.why else []
        lines += [f"  {say('error.do')}: {_indented(self.do)}"] if self.do else []
        return "\n".join(lines)

    def problem(self) -> dict[str, Any]:
        """The error as problem+json; an error of our own takes the same shape."""
        if self._problem is not None:
            return dict(self._problem)
        why = self.why if not self.why or self.why.endswith((".", "?")) else f"{self.why}."
        detail = " ".join(part for part in (why, self.do) if part)
        return {"type": "about:blank", "title": self.what, "detail": detail, "exit_code": int(self.code)}


def of_problem(status: int, problem: Mapping[str, Any]) -> CliError:
    """The error that an answer of the API stands for: its title is the what, its detail the why and what to do."""
    wrong = [f"{one.get('pointer', '')}: {one.get('detail', '')}".strip(": ") for one in problem.get("errors") or ()]
    detail = str(problem.get("detail") or "")
    if status >= _FIRST_SERVER_ERROR:
        return CliError(
            ExitCode.SERVICE_DOWN, say("error.server", status=status), detail, say("error.server.do"), problem
        )
    run = [say("error.run", run_id=problem["run_id"])] if problem.get("run_id") else []
    said = [detail, *(one for one in wrong if not one.endswith(detail) or not detail), *run]
    why = "\n".join(filter(None, said))
    name = str(problem.get("type", "")).rpartition("/")[2]
    title = say(f"problem.{name}") if has(f"problem.{name}") else problem.get("title")
    what = str(title or say("error.status", status=status))
    return CliError(_OF_STATUS.get(status, ExitCode.INVALID_DATA), what, why, "", problem)


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")
