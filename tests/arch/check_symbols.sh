#!/bin/sh
# check_symbols.sh LIB.so LIB.a ...
# A shared library exports parasol_* and nothing else; every global of an
# archive has the prefix of its room; no archive has two members of one name.
set -eu

status=0
seen=0

say() {
    echo "$1"
    status=1
}

# Names of the global symbols that file $2 defines; $1: options of nm.
globals() {
    # shellcheck disable=SC2086
    nm $1 --defined-only "$2" | awk 'NF == 3 && $2 ~ /^[A-TV-Z]$/ { print $3 }'
}

for library in "$@"; do
    case $library in
    *.a)
        allowed='^(parasol|pc|ps)_'
        case $library in
        *indexer*) allowed='^(parasol|pc|pi)_' ;;
        esac
        names=$(globals -g "$library" 2>/dev/null)
        twice=$(ar t "$library" | sort | uniq -d)
        [ -z "$twice" ] || say "$library: members of the same name: $twice"
        ;;
    *)
        allowed='^parasol_'
        names=$(globals -D "$library")
        # Symbols that the linker itself makes.
        names=$(printf '%s\n' "$names" |
            grep -vE '^(_init|_fini|__bss_start|_edata|_end)$' || true)
        ;;
    esac
    count=$(printf '%s\n' "$names" | grep -c . || true)
    seen=$((seen + count))
    [ "$count" -gt 0 ] || say "$library: no symbols at all"
    wrong=$(printf '%s\n' "$names" | grep -vE "$allowed" | sort -u || true)
    [ -z "$wrong" ] || say "$library: not of its rooms: $wrong"
done

echo "symbols: $seen seen"
[ "$seen" -gt 0 ] || status=1
exit $status
