"""The exceptions of thetin. Each message says what happened, to what, and what to do.

NlpError
├── ReadError                 a file or row cannot be read as articles
│   ├── UnsupportedFormatError
│   └── EmptyArticleError
├── CorpusError               a labelled corpus cannot be learnt from
├── ModelError                a model folder cannot be used
│   ├── ModelNotFoundError
│   └── UntrustedModelError   tampered, truncated, foreign, or of another version
├── GazetteerError            the table of units is missing or malformed
├── JobError                  a batch job cannot go on
│   ├── JobLockedError        another process holds the output
│   └── JobMismatchError      the output belongs to another input, model or set of options
├── ReportError               the report of a fit cannot be written
├── MissingExtraError         an optional dependency is not installed
├── StoreError                the store of suggestions and decisions refused
│   ├── UnknownTopicError
│   ├── UnknownArticleError
│   ├── DecisionError         a decision that says nothing, or nothing possible
│   └── ConflictError         somebody changed the article in the meantime
└── AccessError               the desk does not let somebody in, or not that far
    ├── SignInError           no session or key, or a wrong password
    ├── RateError             too many requests or wrong passwords in a short time
    ├── TooLargeError         a request of more bytes than the desk takes
    └── TooSlowError          a request that took too long to come in

They become words where somebody reads them: in the doors' ``main()``, in the desk's handlers (``desk.problems``,
``desk.pages``) and log (``desk.tagging``). What is wrong with one file, row or article only becomes the reason of
its ``Reject``: in ``nlp.readers``, in ``nlp.batch.database``, and, where the tagger fails, in ``nlp.isolation``.
"""


class NlpError(Exception):
    """Base of every error that thetin raises on purpose."""


class ReadError(NlpError):
    """A file or row cannot be read as articles."""


class UnsupportedFormatError(ReadError):
    """The file's suffix or content is of no known format."""


class EmptyArticleError(ReadError):
    """The file or row holds no words."""


class CorpusError(NlpError):
    """A labelled corpus cannot be learnt from."""


class ModelError(NlpError):
    """A model folder cannot be used."""


class ModelNotFoundError(ModelError):
    """There is no model folder at the path."""


class UntrustedModelError(ModelError):
    """The model folder was tampered with, truncated, or written by something else."""


class GazetteerError(NlpError):
    """The table of administrative units is missing or malformed."""


class JobError(NlpError):
    """A batch job cannot go on."""


class JobLockedError(JobError):
    """Another process holds the output; the message says who and since when."""


class JobMismatchError(JobError):
    """The existing output belongs to another input, model or set of options."""


class ReportError(NlpError):
    """The report of a fit cannot be written."""


class MissingExtraError(NlpError):
    """An optional dependency is not installed; the message names the extra."""


class StoreError(NlpError):
    """The store of suggestions and decisions refused."""


class UnknownTopicError(StoreError):
    """The label is not one of the model's topics."""


class UnknownArticleError(StoreError):
    """No article has that id."""


class ConflictError(StoreError):
    """Somebody changed the article since it was read."""


class DecisionError(StoreError):
    """The decision says nothing, or nothing that is possible for the article."""


class AccessError(NlpError):
    """The desk does not let somebody in, or not that far."""


class SignInError(AccessError):
    """There is no session or key, or the password is wrong."""


class RateError(AccessError):
    """Too many requests or wrong passwords came in a short time."""


class TooLargeError(AccessError):
    """The request has more bytes than the desk takes."""


class TooSlowError(AccessError):
    """The request took too long to come in."""
