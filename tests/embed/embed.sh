#!/bin/sh
# embed.sh BUILD SOURCE CC
# Installs the package into a folder of its own, moves that folder, and builds
# and runs docs/examples/{index,search}.c against it in four ways: pkg-config
# and find_package, shared and static.
set -eu

build=$1
source=$2
cc=$3
examples=$source/docs/examples

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log=$work/log

fail() {
    echo "embed: $1"
    [ ! -f "$log" ] || tail -n 40 "$log"
    exit 1
}

cmake --install "$build" --prefix "$work/first" >"$log" 2>&1 ||
    fail "cmake --install failed"
# Nothing installed may know where it was installed to.
mv "$work/first" "$work/moved"
prefix=$work/moved

for path in include/parasol/parasol.h bin/parasol bin/parasol-index bin/parasol-optimize; do
    [ -e "$prefix/$path" ] || fail "$path was not installed"
done
for example in index search; do
    lines=$(grep -c '' "$examples/$example.c")
    [ "$lines" -lt 60 ] || fail "$example.c has $lines lines, not under 60"
done

pc=$(find "$prefix" -name parasol.pc)
[ -n "$pc" ] || fail "parasol.pc was not installed"
libdir=$(dirname "$(dirname "$pc")")
PKG_CONFIG_PATH=$libdir/pkgconfig
export PKG_CONFIG_PATH
strict="-std=c99 -pedantic -Wall -Wextra -Werror"

# What the example makes of the documents, the same in each way.
cat >"$work/expected" <<'END'
a.txt: The treaty
c.txt: Protocol to the treaty
END

# run INDEX SEARCH: makes an index with one and asks it with the other.
run() {
    rm -rf "$work/made"
    (cd "$work" && "$1" "$work/made" a.txt b.txt c.txt) >"$log" 2>&1 ||
        fail "$way: the index example failed"
    "$2" "$work/made" treaty >"$work/found" 2>"$log" ||
        fail "$way: the search example failed"
    # The example prints "SCORE  PATH  TITLE" lines; compare path and title.
    awk '{ score = $1; path = $2; $1 = ""; $2 = ""; sub(/^ +/, "");
           print path ": " $0 }' "$work/found" >"$work/names"
    cmp -s "$work/names" "$work/expected" || {
        cp "$work/found" "$log"
        fail "$way: not the expected hits"
    }
    echo "ok: $way"
}

printf 'The treaty\n\nA treaty, and what the treaty says.\n' >"$work/a.txt"
printf 'Nothing\n\nOther words.\n' >"$work/b.txt"
printf 'Protocol to the treaty\n\nLonger, with more words in it than the %s\n' \
    'first one had, all of them about something else.' >"$work/c.txt"

way="pkg-config, shared"
for pair in search:parasol index:parasol-indexer; do
    # shellcheck disable=SC2046,SC2086
    $cc $strict "$examples/${pair%%:*}.c" -o "$work/${pair%%:*}" \
        $(pkg-config --cflags --libs "${pair#*:}") \
        "-Wl,-rpath,$libdir" >"$log" 2>&1 || fail "$way: does not build"
done
run "$work/index" "$work/search"

way="pkg-config, static"
for pair in search:parasol index:parasol-indexer; do
    name=${pair#*:}
    # The archive by its name; what it needs from the system as it comes.
    flags=$(pkg-config --static --cflags --libs "$name" |
        sed "s| -l$name | $libdir/lib$name.a |")
    # shellcheck disable=SC2086
    $cc $strict "$examples/${pair%%:*}.c" -o "$work/${pair%%:*}" \
        $flags >"$log" 2>&1 || fail "$way: does not build"
    if ldd "$work/${pair%%:*}" | grep -q libparasol; then
        fail "$way: is linked to the shared library"
    fi
done
run "$work/index" "$work/search"

for kind in "" _static; do
    way="find_package, ${kind:-_shared}"
    cmake -S "$source/tests/embed/consumer" -B "$work/consumer$kind" \
        -G Ninja -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" \
        -Dexamples="$examples" -Dkind="$kind" >"$log" 2>&1 ||
        fail "$way: does not configure"
    cmake --build "$work/consumer$kind" >"$log" 2>&1 ||
        fail "$way: does not build"
    run "$work/consumer$kind/index" "$work/consumer$kind/search"
done
