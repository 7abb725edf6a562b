# Shared by ./quickstart and ./check, which source it with bash from the root
# of the tree: steps that print one line each, and Debian packages.
# The caller sets `log` (a file) and `steps` (how many there will be).

export LC_ALL=C.UTF-8
step_number=0
step_started=0
step_open=0
step_log=0

# One line per step: "[2/5] building … 14 s".
begin() {
    step_number=$((step_number + 1))
    step_started=$SECONDS
    step_open=1
    printf '[%d/%d] %s … ' "$step_number" "$steps" "$1"
    printf '\n== [%d] %s\n' "$step_number" "$1" >>"$log"
    step_log=$(wc -c <"$log")
}

# end [REMARK]
end() {
    step_open=0
    printf '%d s%s\n' $((SECONDS - step_started)) "${1:+ ($1)}"
}

# What this step said that matters most, for who cannot see the file: the
# first failure of a build, or the end.
show_log() {
    local said
    said=$(tail -c +$((step_log + 1)) "$log")
    echo "From $log:"
    { printf '%s\n' "$said" | grep -m 1 -A 20 '^FAILED: ' ||
        printf '%s\n' "$said" | tail -n "${1:-25}"; } |
        grep -vE '^\[[0-9]+/[0-9]+\] ' | cut -c 1-300 | sed 's/^/    /'
}

# die SENTENCE [log]: ends the script.
die() {
    [ "$step_open" = 0 ] || echo "failed"
    echo "$0: $1" >&2
    [ "${2:-}" != log ] || show_log >&2
    exit 1
}

# Runs a command, its output to the log.
logged() {
    printf '$ %s\n' "$*" >>"$log"
    "$@" >>"$log" 2>&1
}

missing_packages() {
    local package
    for package in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
        installed*) ;;
        *) echo "$package" ;;
        esac
    done
}

# install_packages PACKAGE...: installs those that are missing, and touches
# nothing when none is. Leaves a remark for end() in $installed.
install_packages() {
    installed=""
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null
    then
        installed="no Debian: trusting that the packages are there"
        return 0
    fi
    local missing
    missing=$(missing_packages "$@" | tr '\n' ' ')
    missing=${missing% }
    if [ -z "$missing" ]; then
        installed="all there"
        return 0
    fi
    local root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            die "these packages are missing: $missing. Neither root nor sudo is here to install them: ask an administrator for 'apt-get install $missing'"
        root=(sudo)
        # Asks for the password now, where it can be seen.
        sudo -v || die "sudo refused; as root, run: apt-get install $missing"
    fi
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
    # shellcheck disable=SC2086
    logged "${apt[@]}" install --no-install-recommends $missing ||
        { logged "${apt[@]}" update &&
            logged "${apt[@]}" install --no-install-recommends $missing; } ||
        die "apt-get could not install: $missing. Is there a network, and does /etc/apt/sources.list name a Debian mirror?" log
    installed="installed $missing"
}

# What a build needs, and what its tests need besides.
build_packages="gcc libc6-dev cmake ninja-build pkg-config libstemmer-dev
    zlib1g-dev libgumbo-dev libmd4c-dev libuchardet-dev
    libzstd-dev libdeflate-dev"
test_packages="g++ libcmocka-dev libutf8proc-dev unicode-data bzip2
    python3 git binutils clang libclang-rt-14-dev clang-format clang-tidy valgrind"
