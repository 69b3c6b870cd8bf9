#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench/lmtp.sh: messages a second over LMTP, each on disk before its 250,
# with 1 connection and with 16: felid against Dovecot's LMTP into an mdbox
# with mail_fsync=always, on the same disk, in turns.
#
# Run as root, with the packages of the sections build and bench.  Mail of
# 4 to 8 KB comes from $FELID_CORPORA/netfilter-devel.mbox.zst where that is
# there, and is made up where not.  $BENCH_DIR is on the disk to be measured
# (default: /var/tmp).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=3 serial=500 parallel=2000 warm=50
dir=$(mktemp -d "${BENCH_DIR:-/var/tmp}/felid-bench-XXXXXX")
dovecot= felid=
trap 'kill $dovecot $felid 2>/dev/null || true; wait; rm -rf "$dir"' EXIT
[ "$(id -u)" = 0 ] || { echo "bench/lmtp.sh: Dovecot wants to be started by root"; exit 1; }
[ -x /usr/sbin/dovecot ] || { echo "bench/lmtp.sh: install dovecot-lmtpd"; exit 1; }

corpora=${FELID_CORPORA:-../shared/corpora}
mbox=$corpora/netfilter-devel.mbox.zst
wanted=$((warm + rounds * (serial + parallel)))
if [ -e "$mbox" ]; then
	source=$(basename "$mbox")
	# lmtp-mail takes what it needs, and zstd dies of that.
	(zstd -dc "$mbox" 2>/dev/null || true) |
		bench/lib/lmtp-mail "$wanted" "$dir/mail"
else
	source="made up"
	bench/lib/lmtp-mail "$wanted" "$dir/mail" </dev/null
fi

[ -e build-bench/build.ninja ] || meson setup build-bench --buildtype=release >/dev/null
ninja -C build-bench felid >/dev/null

# Dovecot ------------------------------------------------------------------
install -d -o nobody -g nogroup "$dir/dovecot/home"
chmod 755 "$dir" "$dir/dovecot"
cat >"$dir/dovecot/conf" <<CONF
protocols = lmtp
base_dir = $dir/dovecot/run
state_dir = $dir/dovecot/state
instance_name = felid-bench
log_path = $dir/dovecot/log
ssl = no
first_valid_uid = 1
mail_location = mdbox:~/mdbox
mail_fsync = always
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$dir/dovecot/home/%u allow_all_users=yes
}
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
}
namespace inbox {
  inbox = yes
}
CONF
/usr/sbin/dovecot -F -c "$dir/dovecot/conf" &
dovecot=$!

# felid --------------------------------------------------------------------
printf '[http]\nurl=http://localhost\n[process]\nlog=warn\n' >"$dir/felid.conf"
run=(build-bench/felid --config "$dir/felid.conf" --store "$dir/store")
"${run[@]}" list add bench.lists.example.org --address bench@lists.example.org
"${run[@]}" serve --http "$dir/http" --lmtp "$dir/lmtp" &
felid=$!
for socket in "$dir/lmtp" "$dir/dovecot/run/lmtp"; do
	for _ in $(seq 100); do
		[ ! -S "$socket" ] || break
		sleep 0.1
	done
done

# Rounds -------------------------------------------------------------------
load() { # load NAME CONNECTIONS FIRST N: a line of results
	local where=$dir/lmtp
	[ "$1" = felid ] || where=$dir/dovecot/run/lmtp
	echo "$1 $2 $(bench/lib/lmtp-load "$where" bench@lists.example.org \
		"$2" "$3" "$4" "$dir/mail")"
}

first=0
for name in dovecot felid; do
	load $name 1 0 $warm >/dev/null
done
first=$warm
for _ in $(seq $rounds); do
	for name in dovecot felid; do
		load $name 1 $first $serial
		load $name 16 $((first + serial)) $parallel
	done
	first=$((first + serial + parallel))
done >"$dir/results"

# median NAME CONNECTIONS COLUMN
median() {
	awk -v n="$1" -v c="$2" -v k="$3" '$1 == n && $2 == c { print $k }' \
		"$dir/results" | sort -n | sed -n "$(((rounds + 1) / 2))p"
}

echo "Mail: $source, 4 to 8 KB; disk: $(df --output=source,fstype "$dir" |
	tail -1 | tr -s ' '); medians of $rounds rounds"
printf '%-12s %22s %22s %7s\n' connections \
	"felid/s (p50, p99 ms)" "Dovecot/s (p50, p99 ms)" ratio
for c in 1 16; do
	f=$(median felid $c 3) d=$(median dovecot $c 3)
	printf '%-12s %22s %22s %7s\n' $c \
		"$f ($(median felid $c 4), $(median felid $c 5))" \
		"$d ($(median dovecot $c 4), $(median dovecot $c 5))" \
		"$(awk "BEGIN { printf \"%.2f\", $f / $d }")"
done
