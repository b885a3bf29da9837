#!/bin/sh
# ptxas_log.sh nvcc ... -o OBJECT ...: runs nvcc and keeps what ptxas says of each kernel in OBJECT.ptxas, where ptxas.sh
# finds it. Everything else nvcc says is passed on.
object= previous=
for argument; do
    [ "$previous" = -o ] && object=$argument
    previous=$argument
done
log=${object:-/dev/null}
[ -z "$object" ] || log=$object.ptxas
"$@" 2>"$log"
status=$?
grep -v -e '^ptxas info' -e '^    [0-9]* bytes stack frame' "$log" >&2
exit $status
