"""Puts what the library reads beside its code into a wheel; pyproject.toml holds everything else.

In a clone, data/ and models/ stand at the top. A wheel has no top, so they go to ``nlp/_home``, where
``nlp.files`` finds them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# The cases of tests and the program that made a table are of use in a clone only.
_LEFT_OUT = shutil.ignore_patterns("cases", "build_units.py", "gate.json", "__pycache__")


class BuildWithData(build_py):
    """``build_py``, and data/ and the shipped model after it."""

    def run(self) -> None:
        """Build the packages, then copy; an editable installation reads the clone's own."""
        super().run()
        if self.editable_mode:
            return
        home = Path(self.build_lib) / "nlp" / "_home"
        shutil.rmtree(home, ignore_errors=True)
        for folder in ("data", "models/default"):
            shutil.copytree(folder, home / folder, ignore=_LEFT_OUT)


setup(cmdclass={"build_py": BuildWithData})
