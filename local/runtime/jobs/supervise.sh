#!/bin/sh
# Runs a container's command so that it outlives the home and its end is known to the next one.
#   supervise.sh CONTROL COMMAND [ARGUMENT...]
# CONTROL/claim  made first and once: of two starts of the same job the second ends here, with 125.
# CONTROL/pid    "<pid> <start>": who runs it; the start tells a reused pid from this process.
# CONTROL/exit   the exit code, written whole when the command has ended (128 + signal if one killed it).
# The caller starts this as leader of its own process group, and gives it the log as stdout and stderr.
control=$1
shift
mkdir "$control/claim" 2>/dev/null || exit 125

if [ -r /proc/self/stat ]; then
  read -r stat </proc/$$/stat
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set_start() { shift 19; start=$1; }
  set_start $stat
  read -r boot </proc/sys/kernel/random/boot_id
  start="$start@$boot"
else
  start=$(ps -o lstart= -p $$ | tr -s ' ' '_')
fi
echo "$$ $start" >"$control/pid.part" && mv "$control/pid.part" "$control/pid"

# A handler, not "ignore": the command starts with the default action, while this shell lives to note the exit code.
trap : TERM INT HUP
"$@" &
command=$!
wait "$command"
code=$?
# A signal ends `wait` early; the command may live on.
while kill -0 "$command" 2>/dev/null; do
  wait "$command"
  code=$?
done
echo "$code" >"$control/exit.part" && mv "$control/exit.part" "$control/exit"
# As with a container, nothing of it runs on once its main process has ended.
kill -KILL 0
