"""A Python interpreter that waits for jobs with its imports done, and forks one process for each.

Started with its environment's own Python, as `interpreter.py IMPORTS`. Takes a line of JSON a job on standard input and
answers with one on standard output; ends when its input does. It runs no job itself.

    I1. A job starts as `python3 SCRIPT ARGUMENT...` would start: its own arguments, environment, folder, __main__, exit code.
    I2. Above it stands a supervisor that keeps the control folder and takes signals as supervise.sh does, in a session of its
        own, so that jobs outlive this interpreter and the home; the job has another, so that it can end no more than itself.
    I3. What is imported ahead is what earlier jobs of this environment imported (the file IMPORTS), from the environment and
        the standard library alone; a job that ended well adds to it.
    I4. What an import says when it is imported, its job says: a module that writes to standard output or error is not imported
        ahead (the file IMPORTS.loud names it).
    I5. Where an import left a thread running no job is forked, for a fork takes one thread along; the home starts it plainly.
"""

import sys

# Before anything else is imported: what every interpreter has.
AT_START = frozenset(sys.modules)

import atexit
import contextlib
import ctypes
import gc
import importlib
import importlib.machinery
import io
import json
import os
import signal
import time
import types
import warnings

MOST_IMPORTS = 5000
# jemalloc (PyArrow brings it along) goes on without its thread in the child.
FORK_AWARE = {"jemalloc_bg_thd"}
STOPS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1}
CLONE_NEWNS, MS_BIND, MS_REC = 0x20000, 0x1000, 0x4000


def main():
    """Serves; comes back in a job's process only, with the job."""
    imports_file = sys.argv[1]
    home, errors = os.dup(1), os.dup(2)
    heard = os.memfd_create("heard")
    os.dup2(heard, 1)
    os.dup2(heard, 2)
    loud = preload(imports_file, heard)
    if loud:
        # Once more without them, since what they have done cannot be undone; a job's line on standard input waits.
        note_loud(imports_file, loud)
        os.dup2(home, 1)
        os.dup2(errors, 2)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    os.close(heard)
    os.close(errors)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if not may_fork():
        answer(home, {"unsafe": "an imported package keeps a thread running"})
        os._exit(0)
    gc.collect()
    gc.freeze()
    answer(home, {"ready": True})
    for line in lines(0):
        if os.fork() == 0:
            return supervise(json.loads(line), imports_file, home)
    os._exit(0)


def preload(imports_file, heard):
    """Imports what earlier jobs did; what fails or ends the interpreter is left to the job that needs it. Names what spoke."""
    sys.path.pop(0)
    known = set(names_in(f"{imports_file}.loud"))
    loud = []
    # Nothing of what is imported goes again: looking through it takes a tenth of the time.
    gc.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names_in(imports_file)[:MOST_IMPORTS]:
            if name in known:
                continue
            before = said(heard)
            try:
                importlib.import_module(name)
            except BaseException:
                sys.modules.pop(name, None)
            if said(heard) != before:
                loud.append(name)
    sys.path.insert(0, "")
    gc.enable()
    return loud


def names_in(file):
    """A list of modules; none where the file is not there or not whole."""
    try:
        with open(file, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError):
        return []


def said(heard):
    """How much has been written to standard output and error."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    return os.fstat(heard).st_size


def note_loud(imports_file, names):
    """Adds to the modules that are not imported ahead."""
    file = f"{imports_file}.loud"
    write_whole(f"{file}.{os.getpid()}", json.dumps([*names_in(file), *names]))
    os.replace(f"{file}.{os.getpid()}", file)


def may_fork():
    """Whether a fork leaves this thread alone: libraries that handle forks have ended theirs by then."""
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=__name__)
    if os.fork() == 0:
        os._exit(0)
    for _ in range(20):
        if not other_threads():
            return True
        time.sleep(0.005)
    return False


def other_threads():
    """Threads besides this one that a fork would lose, by name."""
    names = []
    for thread in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError), open(f"/proc/self/task/{thread}/comm", encoding="utf-8") as stream:
            names.append(stream.read().strip() if int(thread) != os.getpid() else None)
    return [name for name in names if name is not None and name not in FORK_AWARE]


def lines(descriptor):
    """Lines of a descriptor, read without a buffer a job's process would share."""
    left = b""
    while chunk := os.read(descriptor, 65536):
        *whole, left = (left + chunk).split(b"\n")
        yield from whole


def answer(descriptor, value):
    """One line, written whole."""
    os.write(descriptor, json.dumps(value).encode() + b"\n")


def supervise(job, imports_file, home):
    """Claims the control folder, forks the job, waits and notes its end; comes back in the job's process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(log)
    control = job["control"]
    # Blocked until this process can pass them on, and the job's has the default actions: a stop that comes at once ends it.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        os.mkdir(f"{control}/claim")
        # The place of the exit code is taken now: the job may leave none on the disk.
        with open(f"{control}/exit.part", "w", encoding="ascii") as stream:
            stream.write("   \n")
        write_whole(f"{control}/pid", f"{os.getpid()} {start_of(os.getpid())} apart\n")
    except OSError:
        # Claimed by another, or the disk is full: the home looks which.
        answer(home, {"id": job["id"]})
        os._exit(125)
    # Before the job begins: it may end this process.
    answer(home, {"id": job["id"]})
    os.close(home)
    child = os.fork()
    if child == 0:
        os.setsid()
        return {**job, "imports": imports_file}
    with contextlib.suppress(OSError):
        write_whole(f"{control}/command", f"{child} {start_of(child)}\n")
    for number in STOPS:
        signal.signal(number, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: pass_on(child, signal.SIGTERM))
    signal.signal(signal.SIGUSR1, lambda *_: pass_on(child, signal.SIGKILL))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        learn(f"{control}/imports", imports_file)
    # As with a container, nothing of it runs on once its main process has ended.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with open(f"{control}/exit.part", "r+", encoding="ascii") as stream:
        stream.write(f"{code if code >= 0 else 128 - code:<3}\n")
    os.replace(f"{control}/exit.part", f"{control}/exit")
    os._exit(0)


def pass_on(leader, number):
    """Signals the group of the job's process, or what is left of it; until it is leader of one, that process alone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        try:
            os.killpg(leader, number)
        except ProcessLookupError:
            os.kill(leader, number)


def start_of(pid):
    """What tells this process from a later one of the same pid: its start in clock ticks, and the boot's id."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
        start = stream.read().rpartition(")")[2].split()[19]
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as stream:
        return f"{start}@{stream.read().strip()}"


def write_whole(path, text):
    """The file is there with all of its text, or not at all."""
    with open(f"{path}.part", "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(f"{path}.part", path)


def learn(found_file, imports_file):
    """Adds what a job imported to what the next interpreters import ahead."""
    try:
        known = names_in(imports_file)
        merged = list(dict.fromkeys([*known, *names_in(found_file)]))[:MOST_IMPORTS]
        if merged != known:
            write_whole(f"{imports_file}.{os.getpid()}", json.dumps(merged))
            os.replace(f"{imports_file}.{os.getpid()}", imports_file)
        os.utime(imports_file)
    except (OSError, ValueError):
        pass  # The next job starts slower, that is all.


def note_imports(control):
    """At the job's end: the modules it has of the environment and the standard library."""
    places = tuple({f"{sys.prefix}/", f"{os.path.dirname(os.__file__)}/"})
    names = []
    for name, module in list(sys.modules.items()):
        spec = getattr(module, "__spec__", None)
        if spec is not None and spec.name == name and str(spec.origin).startswith(places):
            names.append(name)
    try:
        with open(f"{control}/imports", "w", encoding="utf-8") as stream:
            json.dump(names, stream)
    except OSError:
        pass


def become(job):
    """Makes this process the job's; gives its code and the namespace to run it in."""
    # As a shell has it for what it starts in the background, supervise.sh too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    atexit.register(note_imports, job["control"])
    os.environ.clear()
    os.environ.update(job["environment"])
    if job["root"] is not None:
        mount_over(job["root"], job["mount"])
    os.chdir(job["directory"])
    reseed()
    program, *_ = sys.argv = job["arguments"]
    sys.orig_argv = [sys.orig_argv[0], *sys.argv]
    path = os.path.abspath(program)
    sys.path[0] = os.path.dirname(os.path.realpath(path))
    importlib.invalidate_caches()
    forget_shadowed(sys.path[0])
    module = types.ModuleType("__main__")
    module.__file__ = path
    module.__loader__ = importlib.machinery.SourceFileLoader("__main__", path)
    module.__builtins__ = sys.modules["builtins"]
    # Which of these a main module has depends on Python's version: as many as this one.
    for name, empty in (("__cached__", None), ("__annotations__", {})):
        if name in globals():
            setattr(module, name, empty)
    sys.modules["__main__"] = module
    sys.excepthook = told_from_the_script
    try:
        with io.open_code(path) as stream:
            return stream.read(), path, module
    except OSError as error:
        # The interpreter's own words and code for a script it cannot open.
        sys.stderr.write(f"{sys.executable}: can't open file {path!r}: [Errno {error.errno}] {error.strerror}\n")
        sys.exit(2)


def mount_over(root, place):
    """Shows `root` at `place` to this process alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0 or libc.mount(root.encode(), place.encode(), None, MS_BIND | MS_REC, None) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), place)


def forget_shadowed(folder):
    """The script's own modules come before installed ones of the same name, imported ahead or not."""
    own = {entry.partition(".")[0] for entry in os.listdir(folder)}
    for name in [name for name in sys.modules if name.partition(".")[0] in own and name not in AT_START]:
        del sys.modules[name]


def reseed():
    """Jobs that draw random numbers without a seed draw different ones; `random` and `secrets` see to it themselves."""
    for name in ("numpy.random", "torch"):
        seed = getattr(sys.modules.get(name), "seed", None)
        if seed is not None:
            seed()


def told_from_the_script(kind, value, trace):
    """The default words of an error, without the frame that runs the script."""
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.__excepthook__(kind, value.with_traceback(trace), trace)


SOURCE, SCRIPT, MAIN = become(main())
exec(compile(SOURCE, SCRIPT, "exec", dont_inherit=True), MAIN.__dict__)
