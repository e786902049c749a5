"""The program: `evalkit`, or `python -m evalkit`.

Signals are taken care of before anything else is imported, which takes most of the time of a short run.
"""

import os

try:
    from evalkit.interruption import end_on_signals, finished

    end_on_signals()
except KeyboardInterrupt:
    os.write(2, b"evalkit: interrupted\n")
    os._exit(130)

from evalkit import cli


def main() -> None:
    """Run the command line; ends the process."""
    try:
        cli.main()
    finally:
        finished()


if __name__ == "__main__":
    main()
