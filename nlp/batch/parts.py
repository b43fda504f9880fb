"""A job's unit of work: a run of inputs that is tagged, written and repeated as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.batch.slices import Slice
from nlp.errors import JobError, ModelError
from nlp.isolation import isolated
from nlp.records import Record, dump_line, reject_record, to_record
from nlp.types import Article, Reject, Tags

if TYPE_CHECKING:
    from nlp.tagger import Tagger

# A part takes a second or two on one core (bench/batch.py): what a kill costs, and far longer than a
# task's overhead.
PART_SIZE = 256
# Any model and every rule gets something to do.
_HARMLESS = Article(
    id="harmless", text="Ông Nguyễn Văn An, Chủ tịch UBND tỉnh An Giang, dự họp ngày 1/7/2025."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a worker needs beside the part: which model, which day, and what to write.

    ``model_id`` is what the job's owner read in the folder; a worker that finds another model
    there refuses, lest one output hold the answers of two.
    """

    model: Path
    model_id: str
    today: date
    with_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The inputs ``first``, ``first + 1``, ... of a job, which number them from 0.

    A slice stands for the inputs that it holds.
    """

    index: int
    first: int
    inputs: tuple[Article | Reject | Slice, ...]

    def read(self) -> Iterator[Article | Reject]:
        """Yield the inputs, the slices' too."""
        for item in self.inputs:
            if isinstance(item, Article | Reject):
                yield item
            else:
                yield from item.read()

    def __len__(self) -> int:
        return sum(map(_size, self.inputs))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedPart:
    """Every input of a part, either tagged or rejected, each in input order.

    ``rejects`` pairs a reject with its number in the job.
    """

    index: int
    tags: tuple[Tags, ...]
    rejects: tuple[tuple[int, Reject], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPart:
    """A tagged part as its file holds it: counts and rejects in ``header``, then one line a record."""

    index: int
    header: Record
    lines: bytes

    def to_bytes(self) -> bytes:
        """The content of the part's file."""
        return dump_line(self.header) + self.lines


def cut(inputs: Iterable[Article | Reject | Slice], size: int = PART_SIZE) -> Iterator[Part]:
    """Cut a stream of inputs into parts of ``size`` or more, the last one shorter; holds one at a time."""
    held: list[Article | Reject | Slice] = []
    index = first = count = 0
    for item in inputs:
        held.append(item)
        count += _size(item)
        if count >= size:
            yield Part(index=index, first=first, inputs=tuple(held))
            index, first, count = index + 1, first + count, 0
            held = []
    if held:
        yield Part(index=index, first=first, inputs=tuple(held))


def tag_part(part: Part, setting: Setting) -> TaggedPart:
    """Tag a part's articles together; an article that makes the tagger fail becomes a reject."""
    tagger = _tagger(setting.model, setting.model_id)
    inputs = list(part.read())
    articles = [item for item in inputs if isinstance(item, Article)]
    answers = iter(isolated(partial(tagger.tag_many, today=setting.today), articles))
    tags: list[Tags] = []
    rejects: list[tuple[int, Reject]] = []
    for number, item in enumerate(inputs, part.first):
        outcome = item if isinstance(item, Reject) else next(answers)
        if isinstance(outcome, Reject):
            rejects.append((number, outcome))
        else:
            tags.append(outcome)
    return TaggedPart(index=part.index, tags=tuple(tags), rejects=tuple(rejects))


def stand_ready(model: Path, model_id: str) -> None:
    """Load the model, and tag an article that nothing is wrong with: whoever can will not fail for himself.

    Raises:
        JobError: No article can be tagged here.
        ModelError: The model can't be used.
    """
    tagger = _tagger(model, model_id)
    (outcome,) = isolated(tagger.tag_many, [_HARMLESS])
    if isinstance(outcome, Reject):
        raise JobError(f"no article can be tagged here: {outcome.reason}")


def joined(index: int, parts: Iterable[TaggedPart]) -> TaggedPart:
    """Return one part made of stretches of it."""
    stretches = list(parts)
    return TaggedPart(
        index=index,
        tags=tuple(tags for stretch in stretches for tags in stretch.tags),
        rejects=tuple(reject for stretch in stretches for reject in stretch.rejects),
    )


def encode(part: TaggedPart, setting: Setting) -> EncodedPart:
    """Return a tagged part as its file holds it."""
    lines = b"".join(dump_line(to_record(tags, with_text=setting.with_text)) for tags in part.tags)
    return EncodedPart(index=part.index, header=header_of(part), lines=lines)


def keep(part: TaggedPart, setting: Setting) -> TaggedPart:
    """Return a tagged part as it is, for who needs the tags themselves."""
    return part


def header_of(part: TaggedPart) -> Record:
    """Count a part: inputs read and tagged, articles a topic, and every reject with its number."""
    counts = Counter(topic.topic for tags in part.tags for topic in tags.topics)
    return {
        "part": part.index,
        "read": len(part.tags) + len(part.rejects),
        "tagged": len(part.tags),
        "topics": dict(sorted(counts.items())),
        "rejects": [{"input": number, **reject_record(reject)} for number, reject in part.rejects],
    }


def _size(item: Article | Reject | Slice) -> int:
    return 1 if isinstance(item, Article | Reject) else item.count


@lru_cache(maxsize=1)
def _tagger(folder: Path, model_id: str) -> Tagger:
    """Load the model once a process.

    Raises:
        JobError: There is no memory for it; as words, for the error itself may not reach another process.
        ModelError: The folder holds another model, or none that can be used.
    """
    try:
        from nlp.modelfolder import load_tagger

        tagger = load_tagger(folder)
    except ModuleNotFoundError:
        raise  # what to install is the door's to say
    except (MemoryError, ImportError) as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0].removesuffix(": ")
        raise JobError(
            f"{folder}: a process can't load the model ({reason}); free memory, or give fewer --jobs"
        ) from error
    if tagger.model != model_id:
        raise ModelError(
            f"{folder}: holds {tagger.model}, the job began with {model_id}; start it again with one model"
        )
    return tagger
