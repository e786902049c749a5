#!/bin/sh
# Try evalkit with the oldest Python and the oldest libraries that pyproject.toml allows, and with the newest.
#
#   tools/oldest_newest.sh [oldest|newest|both] [PYTEST ARGUMENTS]
#
# OLDEST_PYTHON (3.10) and NEWEST_PYTHON (3.13) are versions or paths of interpreters; uv fetches what is not here. Each has an
# environment of its own under ${FOLDER:-build/oldest_newest}, with the CPU build of torch; TORCH= (nothing) takes that of the
# usual index, which brings gigabytes of CUDA. Needs uv: pip install uv. (In a shell's background Ctrl-C is ignored, and its test fails.)
set -eu

cd "$(dirname "$0")/.."
what=${1:-both}
[ $# -gt 0 ] && shift
folder=${FOLDER:-build/oldest_newest}
tests=${*:-tests}
backend=${TORCH-cpu}

try() {
    name=$1 python=$2 resolution=$3
    shift 3
    environment=$folder/$name
    echo "== $name: Python $python, $resolution"
    uv venv --quiet --clear --python "$python" "$environment"
    # lowest-direct: the oldest of what pyproject.toml names, and of what these need whatever fits them best.
    uv pip install --quiet --python "$environment/bin/python" --resolution "$resolution" \
        ${backend:+--torch-backend "$backend"} '.[test]'
    uv pip freeze --python "$environment/bin/python" >"$environment/versions.txt"
    "$environment/bin/evalkit" evaluate data/steinmeier.txt --quiet
    # shellcheck disable=SC2086
    "$environment/bin/python" -m pytest -q -p no:cacheprovider $tests
}

case $what in
oldest) try oldest "${OLDEST_PYTHON:-3.10}" lowest-direct ;;
newest) try newest "${NEWEST_PYTHON:-3.13}" highest ;;
both)
    try oldest "${OLDEST_PYTHON:-3.10}" lowest-direct
    try newest "${NEWEST_PYTHON:-3.13}" highest
    ;;
*)
    echo "usage: tools/oldest_newest.sh [oldest|newest|both] [PYTEST ARGUMENTS]" >&2
    exit 2
    ;;
esac
