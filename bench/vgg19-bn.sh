#!/bin/sh
# vgg19-bn.sh DATA OUT [EPOCHS]: the strongest network that two cores trained. Three cycles of the learning rate from random
# weights (EPOCHS, "22 5 27", four hours), then its head and five classifiers on its features, scored on the test split; prints
# a table. What lies in OUT already is kept, and an interrupted cycle gone on with.
set -eu
here=$(dirname "$(readlink -f "$0")")
mien=$here/../mien
. "$here/scores.sh"
data=${1:?usage: vgg19-bn.sh DATA OUT [EPOCHS]}
out=${2:?usage: vgg19-bn.sh DATA OUT [EPOCHS]}
epochs=${3:-22 5 27}
mkdir -p "$out"

cycle() { # name, options of `mien train`
    model=$out/$1.safetensors
    shift
    [ -f "$model" ] || "$mien" train --data "$data" --backbone vgg19-bn --out "$model" --resume "$@" >&2
}
embed() { # split
    [ -d "$out/$1" ] ||
        "$mien" embed --model "$out/third.safetensors" --data "$data" --split "$1" --precision bfloat16 --out "$out/$1" >&2
}
classify() { # classifier
    fitted=$out/$1.classifier
    [ -f "$fitted" ] || "$mien" fit --embeddings "$out/train/embeddings.npy" --labels "$out/train/labels.npy" \
        --classifier "$1" --out "$fitted" >&2
    [ -f "$out/$1.json" ] || "$mien" evaluate --classifier "$fitted" --embeddings "$out/test/embeddings.npy" \
        --labels "$out/test/labels.npy" --out "$out/$1.json" >&2
}
row() { # name of a file of scores
    printf '| %s | %s | %.3f |\n' "$1" "$(percent "$out/$1.json" accuracy)" "$(macro_f1 "$out/$1.json")"
}

# shellcheck disable=SC2086  # three words
set -- $epochs
cycle first --epochs "$1"
cycle second --epochs "$2" --weights "$out/first.safetensors" --learning-rate 0.02 --class-weights root
cycle third --epochs "$3" --weights "$out/second.safetensors" --learning-rate 0.02 --class-weights root --seed 2
[ -f "$out/head.json" ] || "$mien" model evaluate --model "$out/third.safetensors" --data "$data" --split test \
    --precision bfloat16 --out "$out/head.json" >&2
for split in train test; do
    embed $split
done
echo '| classifier | test accuracy, % | macro F1 |'
echo '|---|---|---|'
row head
for classifier in softmax ann svm random-forest xgboost; do
    classify $classifier
    row $classifier
done
