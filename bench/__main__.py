"""`make bench`: what thetin and its peers do on one machine, as docs/performance.json and docs/performance.svg.

    python -m bench                       # all of it, some six minutes; let nothing else run
    python -m bench --only rates starts   # parts: starts scaling pair rates lengths fits

Each part prints a table; docs/performance.json keeps the parts that were not measured anew.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterator
from typing import Any

from bench import fits, processes
from bench.articles import ROOT

PARTS = ("starts", "scaling", "pair", "rates", "lengths", "fits")
PICTURE = ROOT / "docs" / "performance.svg"
FIGURES = ROOT / "docs" / "performance.json"
# Articles of each of two processes that give topics alone.
PAIR_ARTICLES = 4_000
PAIR = "thetin: topics alone, two processes"


def main() -> None:
    """Measure the parts in an order that keeps this process small while it starts others."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    figures: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    figures = {part: figures[part] for part in PARTS if part in figures}
    for part in PARTS:
        if part in options.only:
            print(f"\n{part}\n", flush=True)
            figures[part] = MEASURES[part](options.rounds)
    FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if "rates" in figures:
        draw(figures)


def measure_starts(rounds: int) -> dict[str, Any]:
    """New processes, each from its start."""
    rows = dict(processes.starts(rounds))
    print("| new process | seconds | MB |\n|---|---|---|")
    for name, found in rows.items():
        print(f"| {name} | {found.seconds:.2f} | {found.peak_mb:.0f} |", flush=True)
    return {name: [round(found.seconds, 3), round(found.peak_mb)] for name, found in rows.items()}


def measure_scaling(rounds: int) -> dict[str, Any]:
    """One process against two workers; two rounds, for each lasts a minute."""
    one, two = processes.scaling(min(rounds, 2))
    print(
        f"{processes.JOB_ARTICLES:,} articles: one process {one.seconds:.1f} s, two workers {two.seconds:.1f} s"
    )
    print(f"{one.seconds / two.seconds:.2f} times as fast; processor time {one.cpu:.1f} and {two.cpu:.1f} s")
    return {"one": one.seconds, "two": two.seconds, "ratio": one.seconds / two.seconds}


def measure_pair(rounds: int) -> dict[str, Any]:
    """Topics alone on two processes at once."""
    rates = processes.topics_on_two(PAIR_ARTICLES, rounds)
    print(f"{PAIR}: {statistics.median(rates):,.0f} articles/s ({min(rates):,.0f} to {max(rates):,.0f})")
    return {PAIR: statistics.median(rates)}


def measure_rates(rounds: int) -> dict[str, Any]:
    """Ours and the peers, in turn."""
    from bench import rates
    from bench.articles import read_texts

    texts = read_texts(rates.MANY * (rounds + 1))
    print(f"{rates.MANY} articles a round, of {statistics.mean(map(len, texts)):.0f} characters on average\n")
    found = rates.measure(texts, rounds)
    print("\n".join(rates.report(found)))
    return {name: statistics.median(values) for name, values in found.items()}


def measure_lengths(rounds: int) -> dict[str, Any]:
    """Long and short articles."""
    from bench import rates
    from bench.articles import read_texts

    rows: Iterator[tuple[int, float]] = rates.lengths(read_texts(rates.MANY), rounds)
    print("| bytes an article | ms a kilobyte |\n|---|---|")
    found = {}
    for n_bytes, milliseconds in rows:
        print(f"| {n_bytes:,} | {milliseconds:.3f} |", flush=True)
        found[str(n_bytes)] = milliseconds
    return found


def measure_fits(rounds: int) -> dict[str, Any]:
    """Each fit once, for it is long."""
    found = {name: fits.measure(name) for name in fits.available()}
    print("| fit | articles | seconds | processor seconds | MB |\n|---|---|---|---|---|")
    for name, each in found.items():
        print(
            f"| {name} | {each['articles']:,} | {each['seconds']:.1f} | {each['cpu']:.1f} | {each['peak_mb']:.0f} |"
        )
    return found


MEASURES = {
    "starts": measure_starts,
    "scaling": measure_scaling,
    "pair": measure_pair,
    "rates": measure_rates,
    "lengths": measure_lengths,
    "fits": measure_fits,
}


def draw(figures: dict[str, Any]) -> None:
    """Draw the rates on a logarithmic axis, ours in colour."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    medians: dict[str, float] = {**figures.get("pair", {}), **figures["rates"]}
    medians = dict(sorted(medians.items(), key=lambda item: (not item[0].startswith("thetin"), -item[1])))
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "thetin"}):
        figure = Figure(figsize=(8, 0.45 * len(medians) + 0.8), layout="constrained")
        axes = figure.subplots()
        names = list(medians)
        colors = ["#0072B2" if name.startswith("thetin") else "#999999" for name in names]
        bars = axes.barh(names, list(medians.values()), color=colors)
        axes.bar_label(bars, [f" {each:,.0f}" if each >= 10 else f" {each:.1f}" for each in medians.values()])
        axes.set(xscale="log", xlabel="Articles a second (logarithmic)")
        axes.set_xlim(right=max(medians.values()) * 3)
        axes.invert_yaxis()
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
