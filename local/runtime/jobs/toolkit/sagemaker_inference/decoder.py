"""Request bodies as arrays."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from sagemaker_inference import content_types, errors


def decode(body: str | bytes, content_type: str) -> Any:
    """An array of a body of this type. Raises UnsupportedFormatError."""
    decoder = DECODERS.get(content_type.partition(";")[0].strip().lower())
    if decoder is None:
        raise errors.UnsupportedFormatError(content_type)
    return decoder(body)


def from_csv(body: str | bytes) -> Any:
    """Numbers; what is none is not a number."""
    return np.genfromtxt(io.StringIO(body if isinstance(body, str) else body.decode("utf-8")), delimiter=",")


def from_npy(body: str | bytes) -> Any:
    """NumPy's own format, without pickled objects: they could run anything."""
    return np.load(io.BytesIO(body if isinstance(body, bytes) else body.encode("latin-1")))


DECODERS: dict[str, Callable[[str | bytes], Any]] = {
    content_types.JSON: lambda body: np.array(json.loads(body)),
    content_types.CSV: from_csv,
    content_types.NPY: from_npy,
    content_types.NPZ: from_npy,
}
