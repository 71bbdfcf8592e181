"""Runs a command whose channels are pipes, as SageMaker's Pipe mode has them.

    feed_pipes.py CHANNEL=FOLDER... -- COMMAND...

Each CHANNEL (a path) is read as CHANNEL_0, then for another epoch as CHANNEL_1, and so on: the next pipe is there once
one is opened. Through each go the files of FOLDER, one after the other, in the order of their names; unpacked, where FOLDER
lies in one called `gzip`. What feeds them ends with the command's process group.
"""

import gzip
import os
import shutil
import sys
from pathlib import Path


def main() -> None:
    """Starts what feeds the pipes, then becomes the command."""
    end = sys.argv.index("--")
    for channel, _, folder in (argument.rpartition("=") for argument in sys.argv[1:end]):
        os.mkfifo(f"{channel}_0")
        if os.fork() == 0:
            feed(channel, Path(folder))
    command = sys.argv[end + 1 :]
    os.execvp(command[0], command)


def feed(channel: str, folder: Path) -> None:
    """Writes the files once for each epoch, for ever."""
    files = sorted((path for path in folder.rglob("*") if path.is_file()), key=str)
    unpack = gzip.open if folder.parent.name == "gzip" else open
    epoch = 0
    while True:
        try:
            # Waits for its reader.
            with open(f"{channel}_{epoch}", "wb") as pipe:
                os.mkfifo(f"{channel}_{epoch + 1}")
                for path in files:
                    with unpack(path, "rb") as stream:
                        shutil.copyfileobj(stream, pipe, 1024 * 1024)
        except BrokenPipeError:
            pass  # Whoever read it has seen enough of this epoch.
        epoch += 1


if __name__ == "__main__":
    main()
