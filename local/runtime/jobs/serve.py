"""Serves a model under SageMaker's inference contract, with nothing but the standard library around the user's code.

GET /ping answers once the model is loaded. POST /invocations runs the program's `transform_fn`, or `input_fn`,
`predict_fn` and `output_fn` in turn; those it does not define have the defaults of SageMaker's inference toolkit, where
NumPy is there, for JSON, CSV and NumPy's format. An error of the user's code that has a `status_code` is answered with
that, a ValueError is the caller's fault (400), anything else the model's (500).
A function that takes one argument more gets the request's context, as in the inference toolkit.
"""

from __future__ import annotations

import argparse
import csv
import hmac
import importlib.util
import inspect
import io
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

JSON = "application/json"
CSV = "text/csv"
DEFAULT_ACCEPT = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", JSON)  # as the inference toolkit has it
TEXT_TYPES = (JSON, CSV)  # what the inference toolkit decodes; other bodies stay bytes
TOOLKIT = str(Path(__file__).resolve().parent / "toolkit")
# The real-time endpoint's own limit, or what a batch transform job sends at most.
LARGEST_BODY = max(25, int(os.environ.get("SAGEMAKER_MAX_PAYLOAD_IN_MB") or 0) + 1) * 1024 * 1024
ATTRIBUTES_HEADER = "X-Amzn-SageMaker-Custom-Attributes"
TOKEN_HEADER = "X-Tidemill-Serving-Token"
WATCH_INTERVAL_SECONDS = 30
# Five minutes: a home that is started again by then finds its endpoints warm.
MOST_WATCHES_ALONE = 10

STEPS = ("input_fn", "predict_fn", "output_fn")

Answer = tuple[bytes, str]


class Context:
    """The headers of one request and its answer, under the names the model server's context has; `idx` is always 0."""

    def __init__(self, headers: dict[str, str]) -> None:
        """Keeps the request's headers."""
        self._headers = headers
        self.response_headers: dict[str, str] = {}

    def get_all_request_header(self, idx: int) -> dict[str, str]:
        """All headers."""
        return dict(self._headers)

    def get_request_header(self, idx: int, key: str) -> str | None:
        """One header, whatever the case of its name."""
        return next((value for name, value in self._headers.items() if name.lower() == key.lower()), None)

    def set_response_header(self, idx: int, key: str, value: str) -> None:
        """SageMaker passes on X-Amzn-SageMaker-Custom-Attributes."""
        if not (value.isascii() and value.isprintable()):
            raise TypeError(f"header {key} must be visible US-ASCII, found {value!r}")
        self.response_headers[key.lower()] = value


class Program:
    """The user's functions, with defaults for those not defined."""

    def __init__(self, module: ModuleType, model_dir: str, image: str) -> None:
        """Loads the model; whatever the user's model_fn raises ends the process. `image` decides the defaults."""
        self._module = module
        self._defaults = defaults_of(image)
        self.default_accept = getattr(module, "__default_accept__", DEFAULT_ACCEPT)
        if hasattr(module, "transform_fn") and any(hasattr(module, name) for name in STEPS):
            raise ValueError(f"Cannot use transform_fn implementation in conjunction with {', '.join(STEPS)}")
        model_fn = self._function("model_fn", None)
        if model_fn is None:
            raise AttributeError(f"{module.__file__} defines no model_fn(model_dir)")
        self._model = model_fn(model_dir)

    def transform(self, body: bytes, content_type: str, accept: str, context: Context) -> Answer:
        """Answers one request; raises what the user's code raises."""
        data = body.decode("utf-8") if content_type in TEXT_TYPES else body
        transform_fn = self._function("transform_fn", None)
        if transform_fn is not None:
            return as_answer(call(transform_fn, context, self._model, data, content_type, accept), accept)
        input_fn, predict_fn, output_fn = (
            self._function(name, default) for name, default in zip(STEPS, self._defaults, strict=True)
        )
        payload = call(input_fn, context, data, content_type)
        prediction = call(predict_fn, context, payload, self._model)
        return as_answer(call(output_fn, context, prediction, accept), accept)

    def _function(self, name: str, otherwise: Callable[..., Any] | None) -> Any:
        return getattr(self._module, name, otherwise)


def call(function: Callable[..., Any], context: Context, *arguments: Any) -> Any:
    """Calls the function, with the context where it has a place for it."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some of C's have no signature
        return function(*arguments)
    places = [parameter for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    return function(*arguments, context) if len(places) == len(arguments) + 1 else function(*arguments)


def defaults_of(image: str) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """What an image has for the functions a program does not define."""
    if importlib.util.find_spec("numpy") is None:
        return default_input, default_predict, default_output
    from sagemaker_inference import decoder, encoder

    if image != "sagemaker-xgboost" or importlib.util.find_spec("xgboost") is None:
        return decoder.decode, default_predict, encoder.encode
    from sagemaker_xgboost_container import encoder as xgboost_encoder

    def predict(payload: Any, model: Any) -> Any:
        return model.predict(payload, validate_features=False)

    return xgboost_encoder.decode, predict, encoder.encode


def default_input(data: str | bytes, content_type: str) -> Any:
    """Reads JSON and CSV."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == JSON:
        return json.loads(data)
    if media_type == CSV:
        text = data if isinstance(data, str) else data.decode("utf-8")
        return [row for row in csv.reader(io.StringIO(text)) if row]
    raise ValueError(f"content type {content_type!r} is not understood; send {JSON} or {CSV}, or define input_fn")


def default_predict(payload: Any, model: Any) -> Any:
    """Calls the model itself."""
    predict = getattr(model, "predict", model)
    return predict(payload)


def default_output(prediction: Any, accept: str) -> Answer:
    """Writes CSV where asked, else JSON."""
    values = prediction.tolist() if hasattr(prediction, "tolist") else prediction
    if accept.partition(";")[0].strip().lower() != CSV:
        return json.dumps(values).encode("utf-8"), JSON
    rows = [row if isinstance(row, list) else [row] for row in (values if isinstance(values, list) else [values])]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8"), CSV


def as_answer(result: Any, accept: str) -> Answer:
    """What output_fn gave: a body, or a body and its content type."""
    body, content_type = result if isinstance(result, tuple) else (result, accept)
    return (body.encode("utf-8") if isinstance(body, str) else bytes(body)), content_type


class Handler(BaseHTTPRequestHandler):
    """One connection; the server class carries the program and the token."""

    protocol_version = "HTTP/1.1"
    # Small answers must not wait for the caller's delayed acknowledgement.
    disable_nagle_algorithm = True
    program: Program
    token: str

    def do_GET(self) -> None:
        """Answers /ping."""
        if not self._trusted():
            return
        self._send(200 if self.path == "/ping" else 404, b"", "text/plain")

    def do_POST(self) -> None:
        """Answers /invocations."""
        if not self._trusted():
            return
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/invocations" or length > LARGEST_BODY:
            self.close_connection = True
            self._send(404 if self.path != "/invocations" else 413, b"", "text/plain")
            return
        body = self.rfile.read(length)
        accept = self.headers.get("Accept") or "*/*"
        content_type = self.headers.get("Content-Type") or JSON
        context = Context({name: value for name, value in self.headers.items() if name.lower() != TOKEN_HEADER.lower()})
        accepted = self.program.default_accept if accept == "*/*" else accept
        try:
            answer, answer_type = self.program.transform(body, content_type, accepted, context)
        except Exception as error:
            traceback.print_exc()
            self._send(status_of(error), str(error).encode("utf-8"), "text/plain")
            return
        self._send(200, answer, answer_type, context.response_headers.get(ATTRIBUTES_HEADER.lower()))

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet: the access log is the endpoint's business."""

    def _trusted(self) -> bool:
        if hmac.compare_digest(self.headers.get(TOKEN_HEADER) or "", self.token):
            return True
        self.close_connection = True
        self._send(403, b"", "text/plain")
        return False

    def _send(self, status: int, body: bytes, content_type: str, attributes: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if attributes is not None:
            self.send_header(ATTRIBUTES_HEADER, attributes)
        self.end_headers()
        self.wfile.write(body)


def status_of(error: Exception) -> int:
    """What an error of the user's code is answered with."""
    own = getattr(error, "status_code", None)
    if isinstance(own, int) and 100 < own < 600:
        return own
    return 400 if isinstance(error, ValueError) else 500


def load(code_dir: Path, program: str) -> ModuleType:
    """Imports the user's program, its own folder first in the path."""
    path = code_dir / program
    if not path.exists():
        raise FileNotFoundError(f"SAGEMAKER_PROGRAM {program} is not in {code_dir}")
    sys.path.insert(0, str(code_dir))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def end_with(folder: Path, watch_seconds: float) -> None:
    """Ends the process that nobody would ever stop: its folder is gone, or for a while there is no home."""
    without_home = 0
    while folder.exists() and without_home < MOST_WATCHES_ALONE:
        time.sleep(watch_seconds)
        without_home = 0 if lives(folder / "home") else without_home + 1
    os._exit(0)


def lives(file: Path) -> bool:
    """Whether the process runs that a home wrote down as its own: "<pid> <start in clock ticks>@<boot>"."""
    try:
        pid, _, start = file.read_text(encoding="ascii").strip().partition(" ")
        if not Path("/proc/self/stat").exists():
            os.kill(int(pid), 0)
            return True
        ticks = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return start == f"{ticks}@{boot}"
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def main() -> None:
    """Loads the model, listens on a free loopback port and writes that into `--port-file`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--code-dir", type=Path, required=True)
    parser.add_argument("--model-dir", type=Path, required=True)
    parser.add_argument("--image", default="", help="the image's repository")
    parser.add_argument("--port-file", type=Path, required=True, help="beside it a home writes who it is")
    parser.add_argument("--watch-seconds", type=float, default=WATCH_INTERVAL_SECONDS, help="between two looks for it")
    options = parser.parse_args()
    Handler.token = os.environ.pop("TIDEMILL_SERVING_TOKEN")
    sys.path.append(TOOLKIT)  # last: what a model's requirements install comes before it
    Handler.program = Program(load(options.code_dir, options.program), str(options.model_dir), options.image)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    part = options.port_file.with_suffix(".part")
    part.write_text(str(server.server_address[1]), encoding="ascii")
    part.replace(options.port_file)
    watched = (options.port_file.parent, options.watch_seconds)
    threading.Thread(target=end_with, args=watched, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
