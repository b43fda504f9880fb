"""A job that tags many inputs and leaves a whole output, or the one that stood there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.doors import door

if TYPE_CHECKING:
    from nlp.batch.run import Options, Summary, rehearse, run_job, run_stream, tell_summary

__all__ = ["Options", "Summary", "rehearse", "run_job", "run_stream", "tell_summary"]

__getattr__ = door(__name__, dict.fromkeys(__all__, "nlp.batch.run"))
