#!/bin/sh
# build.sh [DIR]: builds the harness into DIR/tantivy (build/peers/tantivy).
# Needs cargo (https://rustup.rs), which brings the crates.
set -eu
here=$(dirname "$(readlink -f "$0")")
to=${1:-$here/../../../build/peers}/tantivy
mkdir -p "$to/bin"
to=$(readlink -f "$to")
cp -R "$here/Cargo.toml" "$here/src" "$to/"
cd "$to"
RUSTFLAGS='-C target-cpu=native' cargo build --release
for verb in index query batch; do
    cat >"bin/tantivy-$verb" <<END
#!/bin/sh
exec "$to/target/release/tantivy-harness" $verb "\$@"
END
    chmod +x "bin/tantivy-$verb"
done
