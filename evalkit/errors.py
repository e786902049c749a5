"""The errors a user meets: one line that says what, where, and what to do. Each knows its exit code."""


class EvalkitError(Exception):
    """A failure of the run itself: a full disk, a program that died, a damaged file (exit code 1)."""

    exit_code = 1


class InputError(EvalkitError):
    """Input or usage that cannot be accepted: names the file and, where there is one, the line (exit code 2)."""

    exit_code = 2


class Unavailable(EvalkitError):
    """What is fetched from elsewhere and cannot be had: says how to get it (exit code 3)."""

    exit_code = 3


class ModelUnavailable(Unavailable):
    """A model that cannot be had."""


def first_line(error: BaseException) -> str:
    """The first line of what an error of a library says, or the name of its class."""
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
