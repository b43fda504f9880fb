"""The doors of packages: every name is there, and none is loaded before somebody asks for it."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("nlp", *(f"nlp.{path.parent.name}" for path in sorted((ROOT / "nlp").glob("*/__init__.py"))))


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_has_what_it_offers_and_nothing_else(name: str) -> None:
    package = import_module(name)
    assert package.__all__
    for offered in package.__all__:
        assert getattr(package, offered) is not None
    with pytest.raises(AttributeError, match=f"'{name}' has no attribute 'nothing'"):
        _ = package.nothing


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_imports_no_module_of_its_own_by_itself(name: str) -> None:
    code = f"import sys, {name}; print(*sorted(each for each in sys.modules if each.startswith('nlp')))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(told.stdout.split()) == {"nlp", "nlp.doors", name}
