#!/bin/sh
# ablation.sh DATA OUT [EPOCHS]: what each ingredient of a recipe is worth. Trains `compact` by the quick preset and with one
# change each, EPOCHS (10) epochs, scores on the validation split and prints a table. What lies in OUT already is kept.
set -eu
here=$(dirname "$(readlink -f "$0")")
mien=$here/../mien
. "$here/scores.sh"
data=${1:?usage: ablation.sh DATA OUT [EPOCHS]}
out=${2:?usage: ablation.sh DATA OUT [EPOCHS]}
epochs=${3:-10}
mkdir -p "$out"

variant() { # name, options of `mien train`
    name=$1
    shift
    model=$out/$name.safetensors
    [ -f "$model" ] || "$mien" train --data "$data" --out "$model" --preset quick --epochs "$epochs" --resume "$@" >&2
    for views in plain mirrored; do
        scores=$out/validation-$views-$name.json
        [ -f "$scores" ] ||
            "$mien" model evaluate --model "$model" --data "$data" --split validation --views $views --out "$scores" >&2
    done
    printf '| `%s` | %s | %s | %.3f |\n' "${*:-none}" "$(percent "$out/validation-plain-$name.json" accuracy)" \
        "$(percent "$scores" accuracy)" "$(macro_f1 "$scores")"
}

echo '| change | plain, % | mirrored, % | macro F1 |'
echo '|---|---|---|---|'
variant base
variant no-smoothing --label-smoothing 0
variant class-weights --class-weights root
variant erasing --erasing 0.25
variant mixup --mixup 0.2
variant averaging --averaging 0.99
