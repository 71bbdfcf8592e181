"""Arrays as answers."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from sagemaker_inference import content_types, errors


def encode(array_like: Any, content_type: str) -> str | bytes:
    """The body of an answer of this type. Raises UnsupportedFormatError."""
    encoder = ENCODERS.get(content_type.partition(";")[0].strip().lower())
    if encoder is None:
        raise errors.UnsupportedFormatError(content_type)
    return encoder(array_like)


def to_json(array_like: Any) -> str:
    """JSON, of arrays within too."""
    return json.dumps(array_like, default=lambda value: value.tolist())


def to_csv(array_like: Any) -> str:
    """A line a row."""
    text = io.StringIO()
    np.savetxt(text, np.atleast_1d(array_like), delimiter=",", fmt="%s")
    return text.getvalue()


def to_npy(array_like: Any) -> bytes:
    """NumPy's own format."""
    data = io.BytesIO()
    np.save(data, array_like)
    return data.getvalue()


ENCODERS: dict[str, Callable[[Any], str | bytes]] = {
    content_types.JSON: to_json,
    content_types.CSV: to_csv,
    content_types.NPY: to_npy,
}
