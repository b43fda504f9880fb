"""`python -m bench.gate`: the shipped model's figures on data/portal-test.jsonl, and the floors held by a test.

data/gate.json holds the digest of the set, a tolerance for each kind of figure and a floor for each figure.
``--update`` measures anew and raises floors to what was measured less the tolerance. A floor stays where a
figure fell by less than that, so that small losses don't add up; to lower one, it wants ``--reason``, which
is written beside them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from bench.entities import PORTAL_TEST, measure
from nlp.corpus import read_corpus
from nlp.files import file_digest
from nlp.modelfolder import DEFAULT_MODEL, load_classifier, load_tagger
from nlp.training import evaluate_on

GATE = Path(__file__).resolve().parent.parent / "data" / "gate.json"


def main() -> None:
    """Print each figure beside its floor; write the floors anew when asked."""
    parser = argparse.ArgumentParser(description="The quality gate's figures and floors.")
    parser.add_argument("--update", action="store_true", help="set the floors by today's figures")
    parser.add_argument("--reason", default="", help="why a floor is lowered")
    options = parser.parse_args()
    gate = json.loads(GATE.read_text(encoding="utf-8"))
    figures = figures_now()
    for name, figure in figures.items():
        print(f"{name:20} {figure:.3f}, floor {gate['floors'].get(name, 0):.3f}")
    if options.update:
        updated = update(gate, figures, file_digest(PORTAL_TEST), options.reason)
        GATE.write_text(json.dumps(updated, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def figures_now() -> dict[str, float]:
    """Measure; a figure's kind stands before the dot, and is that of its tolerance."""
    classifier, _ = load_classifier(DEFAULT_MODEL)
    topics = evaluate_on(classifier, read_corpus([PORTAL_TEST]).articles)
    entities = measure(load_tagger(), PORTAL_TEST)
    return {
        **{f"topics.{each.topic}": each.counts.f1 for each in topics.topics},
        "topics.micro": topics.micro.f1,
        "topics.primary": topics.primary or 0.0,
        "officials.names": entities["officials"].names.f1,
        "officials.positions": entities["officials"].details,
        "places.names": entities["places"].names.f1,
        "places.province": entities["places"].details,
    }


def update(gate: dict[str, Any], figures: dict[str, float], digest: str, reason: str = "") -> dict[str, Any]:
    """Return the gate with its floors set anew.

    Raises:
        SystemExit: A figure fell below its floor, or is no longer measured, and no reason is given.
    """
    held = gate["floors"]
    below = [name for name, floor in held.items() if figures.get(name, 0.0) < floor]
    if below and not reason:
        raise SystemExit(f"below their floors: {', '.join(below)}. Mend it, or say why with --reason")
    floors = {}
    for name, figure in figures.items():
        floor = round(figure - gate["epsilon"][name.partition(".")[0]], 3)
        floors[name] = floor if name in below else max(floor, held.get(name, 0.0))
    return gate | {"digest": digest, "floors": floors, "reason": reason if below else gate["reason"]}


if __name__ == "__main__":
    main()
