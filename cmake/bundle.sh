#!/bin/sh
# Makes a trained model the one that comes with mien: cmake/bundle.sh MODEL.safetensors archive.zip "COMMAND"
# where COMMAND trained it.
# Scores it on the test split (once, when it is settled) and writes the figures into its metadata. docs/model-card.md is
# then brought up to date by hand; BundledModelTest compares.
set -eu
model=$(realpath "$1")
data=$(realpath "$2")
command=$3
mien=${MIEN:-./mien}
cd "$(dirname "$(readlink -f "$0")")/.."
results=bench/results/fer2013-flagship-compact
bundled=src/main/resources/dev/mien/models/compact-fer2013.safetensors
mkdir -p "$results" "$(dirname "$bundled")"

for split in validation test; do
    for views in plain mirrored; do
        "$mien" model evaluate --model "$model" --data "$data" --split "$split" --views "$views" --quiet \
            --out "$results/$split-$views.json" >"$results/$split-$views.txt"
    done
done

figure() { # file, key: the first such figure, to four digits
    sed -n "s/^ *\"$2\" : \([0-9.]*\).*/\1/p" "$results/$1.json" | head -n 1 | xargs printf '%.4f'
}
macro() { # file: macro F1, the third figure of the object "macro"
    sed -n '/"macro"/,/}/s/.*"f1" : \([0-9.]*\).*/\1/p' "$results/$1.json" | xargs printf '%.4f'
}
"$mien" model annotate --model "$model" --out "$bundled" \
    --note "name=compact-fer2013" \
    --note "command=$command" \
    --note "accuracy=$(figure test-mirrored accuracy)" \
    --note "accuracy_plain=$(figure test-plain accuracy)" \
    --note "accuracy_without_twins=$(figure test-mirrored accuracy_deduplicated)" \
    --note "macro_f1=$(macro test-mirrored)" \
    --note "measured=FER2013 PrivateTest, 3,589 images, mean of the image and its mirror image" \
    --note "card=docs/model-card.md"
cd "$(dirname "$bundled")"
sha256sum compact-fer2013.safetensors >compact-fer2013.safetensors.sha256
ls -l compact-fer2013.safetensors*
