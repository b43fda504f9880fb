"""Doors of packages: names that a package offers and that load on first use.

Python runs a package's `__init__` before any of its modules. One that imported what it offers would make
whoever wants a small module load all the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def door(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a package's ``__getattr__``, which PEP 562 asks for names that are not there yet.

    Args:
        package: Its name.
        homes: The module in which each name stands.
    """

    def load(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
        """Import the module in which a name stands."""
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return load
