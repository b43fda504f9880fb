"""Names for the kinds of arrays that modules hand to each other: for annotations alone.

Import them under ``TYPE_CHECKING``, so that who reads no arrays waits for no numpy. Shapes are told
where an array is; ``BoolArray`` and ``FloatArray`` are most often ``(n_articles, n_topics)``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
HashArray = NDArray[np.uint64]
