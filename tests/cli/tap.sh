# SPDX-License-Identifier: Apache-2.0
# tap.sh - sourced by tests/cli/t-*: run the program, say what came of it.
#
# $FELID is the program (default: build/felid); $dir is a folder of the
# test's own, its working folder, removed at the end.  In $dir, out and err
# hold what the last felid printed, and $status how it ended.
# shellcheck shell=bash
set -uo pipefail

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
FELID=${FELID:-$source/build/felid}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
n=0 bad=0 status=0

# felid ARG...: run it with no configuration but what ARG names.
felid() {
	"$FELID" --config /dev/null "$@" >out 2>err
	status=$?
}

# ok WHAT COMMAND...: one test, passed if the command succeeds.
ok() {
	local what=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $what"
		return
	fi
	echo "not ok $n - $what"
	echo "# status $status"
	sed 's/^/# out: /' out
	sed 's/^/# err: /' err
	bad=$((bad + 1))
}

# is STATUS: the last felid ended so, and said why on err if it failed.
is() {
	[ "$status" = "$1" ] && { [ "$1" = 0 ] || [ -s err ]; }
}

said() { grep -qF -- "$1" err; }
printed() { grep -qF -- "$1" out; }
quiet() { [ ! -s err ]; }

# done_testing: the plan, and the test's own status.
done_testing() {
	echo "1..$n"
	exit $((bad > 0))
}
