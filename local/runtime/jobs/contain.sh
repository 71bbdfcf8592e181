#!/bin/sh
# Shows ROOT as /opt/ml to a command, inside a mount namespace of its own; everything else of /opt stays visible.
#   unshare --user --map-root-user --mount sh contain.sh ROOT DIRECTORY COMMAND [ARGUMENT...]
# DIRECTORY is where the command starts, as it sees it.
set -e
root=$1
directory=$2
shift 2
if [ ! -d /opt/ml ]; then
  hold=$root.opt
  mkdir -p "$hold"
  mount --rbind /opt "$hold"
  mount -t tmpfs -o size=64k,mode=755 tmpfs /opt
  for entry in "$hold"/* "$hold"/.[!.]*; do
    name=/opt/${entry##*/}
    if [ -L "$entry" ]; then
      cp -P "$entry" "$name"
    elif [ -d "$entry" ]; then
      mkdir "$name" && mount --rbind "$entry" "$name"
    elif [ -e "$entry" ]; then
      : >"$name" && mount --bind "$entry" "$name"
    fi
  done
  mkdir /opt/ml
fi
mount --rbind "$root" /opt/ml
cd "$directory"
exec "$@"
