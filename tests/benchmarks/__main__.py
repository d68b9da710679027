"""Run benchmarks by name: python3 dev.py bench [NAME …]; without a name all of them, --list names them.

Each figure stands beside its floor, measured in the same run: read the ratio, the rest depends on the machine.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Iterable
from types import ModuleType

import django

PREFIX = "bench_"


def benchmarks() -> dict[str, ModuleType]:
    """The benchmarks there are, by name."""
    import tests.benchmarks as package

    names = [module.name for module in pkgutil.iter_modules(package.__path__) if module.name.startswith(PREFIX)]
    return {name.removeprefix(PREFIX): importlib.import_module(f"{package.__name__}.{name}") for name in names}


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """The rows with their columns aligned: names left, numbers right."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]
        )
        for cells in rows
    )


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and what they measure")
    options = parser.parse_args(arguments)
    django.setup()
    known = benchmarks()
    if unknown := sorted(set(options.names) - known.keys()):
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    if options.list:
        print(table((name, module.__doc__.splitlines()[0]) for name, module in known.items()))
        return 0
    for name in options.names or known:
        print(f"{name}: {known[name].__doc__.splitlines()[0]}", flush=True)
        figures = list(known[name].measure())
        print(
            table(
                [
                    ("", "measured", "floor", "unit", "ratio"),
                    *(
                        (each.name, number(each.value), number(each.floor), each.unit, f"{each.ratio:.1f}×")
                        for each in figures
                    ),
                ]
            ),
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
