"""A job that tags many inputs and leaves a whole output, or the one that stood there before."""

from nlp.batch.run import Options, Summary, rehearse, run_job, run_stream, tell_summary

__all__ = ["Options", "Summary", "rehearse", "run_job", "run_stream", "tell_summary"]
