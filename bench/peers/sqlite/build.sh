#!/bin/sh
# build.sh [DIR]: builds the harness into DIR/sqlite (build/peers/sqlite).
# Needs Debian's libsqlite3-dev and libstemmer-dev.
set -eu
here=$(dirname "$(readlink -f "$0")")
to=${1:-$here/../../../build/peers}/sqlite
mkdir -p "$to/bin"
to=$(readlink -f "$to")
${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -O3 -march=native -Wall -Wextra \
    -o "$to/sqlite-harness" "$here"/sqlite_*.c -lsqlite3 -lstemmer
for verb in index query batch; do
    cat >"$to/bin/sqlite-$verb" <<END
#!/bin/sh
exec "$to/sqlite-harness" $verb "\$@"
END
    chmod +x "$to/bin/sqlite-$verb"
done
