#!/bin/sh
# build.sh [DIR]: builds the harness into DIR/lucene (build/peers/lucene).
# Needs Maven, which brings the jars, and a JDK of at least 21: the newest in
# /usr/lib/jvm, or JAVA_HOME.
set -eu
here=$(dirname "$(readlink -f "$0")")
to=${1:-$here/../../../build/peers}/lucene
if [ -z "${JAVA_HOME:-}" ]; then
    for version in 21 22 23 24 25 26 27; do
        for home in /usr/lib/jvm/*"$version"*; do
            [ -x "$home/bin/javac" ] && JAVA_HOME=$home
        done
    done
    [ -n "${JAVA_HOME:-}" ] || {
        echo "$0: no JDK of at least 21 in /usr/lib/jvm; set JAVA_HOME" >&2
        exit 1
    }
    export JAVA_HOME
fi
mkdir -p "$to/bin" "$to/classes"
to=$(readlink -f "$to")
mvn -q -B -ntp -f "$here/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$to/lib"
"$JAVA_HOME/bin/javac" --release 21 -Xlint:all -d "$to/classes" \
    -cp "$to/lib/*" "$here"/src/peer/*.java
for verb in index query batch; do
    cat >"$to/bin/lucene-$verb" <<END
#!/bin/sh
exec "$JAVA_HOME/bin/java" -Xmx\${PEER_HEAP:-4g} -XX:+UseSerialGC \\
    --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \\
    -cp "$to/classes:$to/lib/*" peer.Main $verb "\$@"
END
    chmod +x "$to/bin/lucene-$verb"
done
