#!/bin/sh
# parts.sh ARCHIVE.tar.gz SIZE: cuts an archive into parts of at most SIZE (48M, say), in the folder ARCHIVE.parts, beside
# their checksums and a line that says how to join them. Where files must not be larger, the folder travels.
set -eu
archive=$1
size=$2
name=$(basename "$archive")
parts=${archive%.tar.gz}.parts

rm -rf "$parts"
mkdir "$parts"
split -b "$size" -d -a 3 "$archive" "$parts/$name."
(cd "$parts" && sha256sum "$name".* >SHA256SUMS)
echo "sha256sum -c SHA256SUMS && cat $name.* | tar xz" >"$parts/JOIN"
cat "$parts/$name".* | cmp - "$archive"
echo "$parts: $(find "$parts" -name "$name.*" | wc -l) parts; to join them: $(cat "$parts/JOIN")" >&2
