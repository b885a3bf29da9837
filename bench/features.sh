#!/bin/sh
# features.sh DATA MODEL OUT: what classifiers gain from features of augmented training images. Fits the five, by the preset
# quick, on features of the training images as they are and of two copies of each, changed at random, scores both on the
# test split and prints a table. What lies in OUT already is kept.
set -eu
here=$(dirname "$(readlink -f "$0")")
mien=$here/../mien
. "$here/scores.sh"
data=${1:?usage: features.sh DATA MODEL OUT}
model=${2:?usage: features.sh DATA MODEL OUT}
out=${3:?usage: features.sh DATA MODEL OUT}
mkdir -p "$out"

embed() { # folder, split, further options
    folder=$out/$1
    split=$2
    shift 2
    [ -d "$folder" ] ||
        "$mien" embed --model "$model" --data "$data" --split "$split" --precision bfloat16 --out "$folder" "$@" >&2
}
score() { # classifier, folder of training features
    name=$out/$1-$2
    [ -f "$name.fit.json" ] || "$mien" fit --embeddings "$out/$2/embeddings.npy" --labels "$out/$2/labels.npy" \
        --classifier "$1" --preset quick --out "$name.classifier" --json > "$name.fit.json"
    [ -f "$name.json" ] || "$mien" evaluate --classifier "$name.classifier" --embeddings "$out/test/embeddings.npy" \
        --labels "$out/test/labels.npy" --out "$name.json" >&2
    printf '| %s | %s | %s | %s | %.3f |\n' "$1" "$2" "$(percent "$name.fit.json" train_accuracy)" \
        "$(percent "$name.json" accuracy)" "$(macro_f1 "$name.json")"
}

embed plain train
embed augmented train --augmented 2
embed test test
echo '| classifier | fitted on | on these, % | on test, % | macro F1 |'
echo '|---|---|---|---|---|'
for classifier in softmax ann svm random-forest xgboost; do
    score $classifier plain
    score $classifier augmented
done
