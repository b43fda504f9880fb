"""Annif's tfidf backend as a peer: a project in a temporary folder, fitted on the same articles as the others."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

PROJECT = """[peer]
name=peer
language=vi
backend=tfidf
analyzer=simple
vocab=labels
limit=3
"""
_BATCH = 32


def fitted(texts: Sequence[str], labels: Sequence[str]) -> Callable[[Sequence[str]], object] | None:
    """A function that suggests labels for texts; None where Annif or the NLTK data it asks for is missing."""
    if importlib.util.find_spec("annif") is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="annif-"))
    (folder / "projects.cfg").write_text(PROJECT, encoding="utf-8")
    names = sorted(set(labels))
    vocabulary = folder / "labels.tsv"
    vocabulary.write_text("".join(f"<urn:{name}>\t{name}\n" for name in names), encoding="utf-8")
    documents = folder / "articles.tsv"
    rows = (f"{' '.join(text.split())}\t<urn:{label}>\n" for text, label in zip(texts, labels, strict=True))
    documents.write_text("".join(rows), encoding="utf-8")
    os.environ["ANNIF_PROJECTS"] = str(folder / "projects.cfg")
    os.environ["ANNIF_DATADIR"] = str(folder / "data")

    from annif import create_flask_app
    from annif.corpus import Document, DocumentFileTSV
    from annif.registry import get_project, initialize_projects
    from annif.vocab import VocabFileTSV

    app = create_flask_app("annif.default_config.Config")
    with app.app_context():
        initialize_projects(app)
        project = get_project("peer")
        project.vocab.load_vocabulary(VocabFileTSV(str(vocabulary), "vi"))
        try:
            project.train(DocumentFileTSV(str(documents), project.subjects))
        except LookupError:
            print("Annif is installed without NLTK's data; python -m nltk.downloader punkt_tab")
            return None

    def suggest(sample: Sequence[str]) -> object:
        with app.app_context():
            batches = (sample[start : start + _BATCH] for start in range(0, len(sample), _BATCH))
            return [project.suggest([Document(text=text) for text in batch]) for batch in batches]

    return suggest
