#!/bin/sh
# Runs a container's command so that it outlives the home and its end is known to the next one.
#   supervise.sh CONTROL COMMAND [ARGUMENT...]
# CONTROL/claim  made first and once: of two starts of the same job the second ends here, with 125.
# CONTROL/pid    "<pid> <start> apart": this process; the start tells a reused pid from it.
# CONTROL/command  the same of the command.
# CONTROL/exit   the exit code, written whole when the command has ended (128 + signal if one killed it).
# The caller starts this as leader of its own process group, and gives it the log as stdout and stderr. The command is leader
# of a session apart from it: what it does to its whole group (kill 0, killpg) ends it alone, and its end is noted.
# SIGTERM is passed on to the command's group; SIGUSR1 kills that.
control=$1
shift
mkdir "$control/claim" 2>/dev/null || exit 125

# Prints "<pid> <start>" of a process.
identify() {
  if [ -r /proc/self/stat ]; then
    read -r stat <"/proc/$1/stat" || return
    set -- "$1" ${stat##*) }
    process=$1
    shift 20
    read -r boot </proc/sys/kernel/random/boot_id
    echo "$process $1@$boot"
  else
    echo "$1 $(ps -o lstart= -p "$1" | tr -s ' ' '_')"
  fi
}
# The place of the exit code is taken now: the command may leave none on the disk. Without its pid it could not be found again.
echo "   " >"$control/exit.part" || exit 125
echo "$(identify $$) apart" >"$control/pid.part" && mv "$control/pid.part" "$control/pid" || exit 125

# Before it is leader of its group the command has none to signal.
pass() {
  signal=$1
  interrupted=1
  [ -z "$command" ] || kill -s "$1" -- "-$command" 2>/dev/null || kill -s "$1" "$command" 2>/dev/null
}
signal=
command=
# Handlers, not "ignore": the command starts with the default action, while this shell lives to note the exit code.
trap 'pass TERM' TERM
trap 'pass KILL' USR1
trap interrupted=1 INT HUP
if command -v setsid >/dev/null; then
  setsid "$@" &
else
  # macOS has no such program; a job has Python in its PATH.
  python3 -I -S -c 'import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])' "$@" &
fi
command=$!
# The log is the command's: this shell would note there that it was killed.
exec 2>/dev/null
identify "$command" >"$control/command.part" && mv "$control/command.part" "$control/command"
# One that came between the lines above.
[ -z "$signal" ] || pass "$signal"
interrupted=
wait "$command"
code=$?
# A signal ends `wait` early, whether the command lives on or not; one that came with the command's end leaves no more to wait for.
while [ -n "$interrupted" ]; do
  interrupted=
  wait "$command"
  again=$?
  [ "$again" = 127 ] || code=$again
done
# As with a container, nothing of it runs on once its main process has ended.
kill -s KILL -- "-$command" 2>/dev/null
printf '%-3s\n' "$code" 1<>"$control/exit.part" && mv "$control/exit.part" "$control/exit"
