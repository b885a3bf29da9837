# Reads the JSON of `mien fit`, `evaluate` and `model evaluate`; for the scripts beside it.

percent() { # file, name: the first figure of this name
    sed -n "s/.*\"$2\" : \([0-9.]*\),*/\1/p" "$1" | head -n 1 | awk '{ printf "%.2f", 100 * $1 }'
}
macro_f1() { # file
    sed -n '/"macro"/,/}/p' "$1" | sed -n 's/.*"f1" : //p'
}
