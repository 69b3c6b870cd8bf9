#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench/import.sh: messages a CPU-second of felid import, and the bytes of
# the store (all of it, as they lie on disk) for each byte of mail.
#
# Of $FELID_CORPORA/netfilter-devel.mbox.zst (39,402 messages), or of the
# mailbox that is its one argument.  The store is made anew in each of three
# rounds, in $BENCH_DIR (default: /var/tmp); what counts is CPU time, user
# and system, since that is what a busy machine disturbs least.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mbox=${1:-${FELID_CORPORA:-../shared/corpora}/netfilter-devel.mbox.zst}
[ -e "$mbox" ] || { echo "bench/import.sh: there is no $mbox"; exit 1; }
dir=$(mktemp -d "${BENCH_DIR:-/var/tmp}/felid-bench-XXXXXX")
trap 'rm -rf "$dir"' EXIT

[ -e build-bench/build.ninja ] || meson setup build-bench --buildtype=release >/dev/null
ninja -C build-bench felid >/dev/null
felid=build-bench/felid

# Unpacked beforehand: zstd's time is not ours.
case $mbox in
*.zst) zstd -dqf "$mbox" -o "$dir/mbox" ;;
*.gz) gzip -dc "$mbox" >"$dir/mbox" ;;
*) cp "$mbox" "$dir/mbox" ;;
esac
bytes=$(stat -c %s "$dir/mbox")
printf '%s: %s bytes\n' "$(basename "$mbox")" "$bytes"
printf '%5s %9s %7s %7s %11s %11s %6s\n' round messages CPU-s s \
	msg/CPU-s store ratio
TIMEFORMAT='%U %S %R'
for round in 1 2 3; do
	store=$dir/store$round
	$felid list add bench.lists.example.org --policy public --store "$store"
	{ time $felid import --store "$store" bench.lists.example.org \
		"$dir/mbox" >"$dir/import.log" 2>&1; } 2>"$dir/time" || {
		cat "$dir/import.log"
		exit 1
	}
	n=$($felid list --store "$store" | awk '/^bench\./ { print $3 }')
	# Blocks, not lengths: what df shows.
	used=$(du -s --block-size=1 "$store" | cut -f 1)
	read -r user sys real <"$dir/time"
	awk -v r=$round -v n="$n" -v u="$user" -v s="$sys" -v e="$real" \
		-v used="$used" -v bytes="$bytes" 'BEGIN {
		printf "%5d %9d %7.2f %7.2f %11.0f %11d %6.3f\n",
			r, n, u + s, e, n / (u + s), used, used / bytes }'
	rm -rf "$store"
done
