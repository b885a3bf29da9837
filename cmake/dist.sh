#!/bin/sh
# dist.sh cpu|cuda: packs what `make build` left in target/ together with a Java runtime into dist/mien-VERSION[-cuda].tar.gz.
# It runs on Linux on x86-64 with glibc 2.35 or later and nothing else; the GPU one needs CUDA's libraries besides.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
variant=$1
version=$(sed -n 's,^  <version>\(.*\)</version>,\1,p' pom.xml)
name=mien-$version
[ "$variant" = cpu ] || name=$name-$variant
folder=dist/$name
modules=java.base,java.desktop,java.logging,java.management,java.sql,jdk.jfr,jdk.unsupported,jdk.zipfs

cmake/found.sh --require jlink
rm -rf "$folder" "$folder.tar.gz" "$folder.parts"
mkdir -p "$folder/lib"

jlink --add-modules "$modules" --strip-debug --no-man-pages --no-header-files --compress=2 --output "$folder/runtime"
# What only windows and loudspeakers need, and would ask the machine for X11 and ALSA.
(cd "$folder/runtime/lib" && rm -f libawt_xawt.so libjawt.so libsplashscreen.so libjsound.so)

# Distributions link their JDK with libraries that another machine may lack; libgomp is XGBoost's. Each lies in a folder
# of its name, which the launcher adds to the search path where the machine has no such library: its own may be newer
# than these or made for an older glibc.
needed() { # paths of the libraries that the runtime takes from the system, glibc's excepted
    fontconfig=$(ldconfig -p | sed -n 's/.*libfontconfig\.so\.1 (libc6,x86-64) => //p' | head -n 1)
    { find "$folder/runtime" -name '*.so'; echo "$fontconfig"; } | xargs ldd 2>/dev/null |
        awk '/=> \// { print $3 }' | grep -Ev "/$name/|/lib(c|m|dl|rt|pthread|resolv)\.so" | sort -u
    echo "$fontconfig"
    gcc -print-file-name=libgomp.so.1
}
for library in $(needed); do
    mkdir -p "$folder/runtime/system/$(basename "$library")"
    cp -L "$library" "$folder/runtime/system/$(basename "$library")"
done
font=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
if [ -f "$font" ]; then # for plots on machines without any
    mkdir "$folder/runtime/fonts"
    cp "$font" "$folder/runtime/fonts"
    echo '<fontconfig><dir prefix="relative">.</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>' \
        >"$folder/runtime/fonts/fonts.conf"
fi

for jar in target/mien-"$version"*.jar $(tr ':' ' ' <target/classpath); do
    case $variant-$jar in
    cpu-*-cuda.jar) ;;
    *xgboost4j*) # holds the natives of five platforms
        mkdir "$folder/jar"
        (cd "$folder/jar" && jar -xf "$jar" && rm -rf lib/macos lib/windows lib/linux/aarch64)
        jar -cfM "$folder/lib/$(basename "$jar")" -C "$folder/jar" .
        rm -r "$folder/jar"
        ;;
    *) cp "$jar" "$folder/lib" ;;
    esac
done
cp mien LICENSE README.md "$folder"
if [ "$variant" = cuda ]; then
    cp cmake/gpu_check_java.sh "$folder/gpu_check.sh"
    mkdir "$folder/test"
    cp target/console/*.jar "$folder/test"
    jar -cfM "$folder/test/mien-tests.jar" -C target/test-classes .
fi

# The runtime's own classes, parsed: any folder may hold them, where those of mien's jars must stay where they were read.
"$folder/runtime/bin/java" -Xshare:dump >/dev/null 2>&1

started=$(env -i PATH=/usr/bin:/bin "$folder/mien" --version)
tar -C dist --sort=name --owner=0 --group=0 -czf "$folder.tar.gz" "$name"
rm -r "$folder"
echo "$folder.tar.gz: $started, $(($(stat -c %s "$folder.tar.gz") / 1000000)) MB" >&2
