#!/usr/bin/env python3
"""Everything for developing Causeway and for trying it, on a machine with nothing but Python:

    python3 dev.py demo              start everything with demonstration data; Ctrl-C stops it
    python3 dev.py test [ARGS …]     run the tests; the arguments go to pytest
    python3 dev.py check             what the tests do not see: style, imports, migrations, OpenAPI document
    python3 dev.py bench [NAME …]    measure
    python3 dev.py manage …          manage.py, with the demonstration's database
    python3 dev.py lock              refresh the lock files after a change of pyproject.toml

The first start makes .venv and installs the locked packages; later ones need no network. More stands in
docs/development.md. This file runs on any Python 3, to be able to say which one is needed.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 14)


def main(arguments: "list[str]") -> "int | str":
    """Run one command; answers with the exit code, or with why this Python cannot."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return "dev.py: Causeway needs Python {}.{} to {}.{}, and this is {}.{}.".format(
            *(OLDEST + NEWEST + tuple(sys.version_info[:2]))
        )
    from embedded import bootstrap
    from embedded.console import DevError, die

    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    try:
        bootstrap.enter(arguments)
        from embedded.commands import run

        return run(arguments[0], arguments[1:])
    except DevError as error:
        die(error)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
