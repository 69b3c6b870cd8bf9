#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench/rest.sh: the memory (PSS, in KiB) of a felid at rest, each process of
# it: felid serve with its roles, and felid forward.
#
# Twice: just started, with the sample list; and when it has had some work
# (100 messages by felid forward, 500 pages) and sat for ten seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dir=$(mktemp -d "${BENCH_DIR:-/var/tmp}/felid-bench-XXXXXX")
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$dir"' EXIT
port=${PORT:-18925}

[ -e build-bench/build.ninja ] || meson setup build-bench --buildtype=release >/dev/null
ninja -C build-bench felid >/dev/null
felid=$PWD/build-bench/felid
list=sample.lists.example.org

$felid list add $list --policy public --store "$dir/store"
$felid import --store "$dir/store" $list sample/*.mbox >/dev/null 2>&1
$felid serve --store "$dir/store" --http "127.0.0.1:$port" \
	--lmtp "$dir/lmtp.sock" 2>"$dir/serve.log" &
pids+=($!)
$felid forward --spool "$dir/spool" --to "$dir/lmtp.sock" \
	2>"$dir/forward.log" &
pids+=($!)
for _ in $(seq 100); do
	[ ! -S "$dir/lmtp.sock" ] || [ ! -d "$dir/spool/failed" ] || break
	sleep 0.1
done

measure() { # measure WHAT
	local total=0 pid pss
	echo "$1"
	for pid in "${pids[@]}" $(pgrep -P "${pids[0]}"); do
		pss=$(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")
		total=$((total + pss))
		printf '  %7d  %s\n' "$pss" \
			"$(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c 1-50)"
	done
	printf '  %7d  all of it: %d.%d MiB\n' $total $((total / 1024)) \
		$((total % 1024 * 10 / 1024))
}

sleep 3
measure "just started"
for n in $(seq 100); do
	{
		printf 'felid-spool-1\nlist-id: %s\nsender: \n\n' $list
		printf 'Message-ID: <rest-%d@example.org>\n' "$n"
		printf 'From: ann@example.org\nSubject: Post %d\n\n' "$n"
		head -c 3000 /dev/urandom | base64
	} >"$dir/spool/tmp/$n"
	mv "$dir/spool/tmp/$n" "$dir/spool/new/$n"
done
for n in $(seq 500); do
	printf 'url = "http://127.0.0.1:%d/%s/mid/rest-%d@example.org"\n' \
		"$port" $list $((n % 100 + 1))
	echo 'output = /dev/null'
done >"$dir/urls"
for _ in $(seq 100); do
	[ -n "$(ls -A "$dir/spool/new")" ] || break
	sleep 0.1
done
curl -sL -K "$dir/urls"
sleep 10
measure "after 100 messages and 500 pages"
