#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bench/pages.sh: CPU time of felid's http process for a page, over HTTP
# with connections kept alive, and nginx serving the same bytes from files
# beside it.
#
# Message pages never seen before and warm ones (200, again and again),
# threads of 90 to 110 messages (cold: each with a query that no cache
# knows), their feeds, the list, its months, and 304s; then each month as a
# mailbox.  PSS of felid's worker at the end.
#
# Of $FELID_CORPORA/netfilter-devel.mbox.zst where that is there, else of a
# list that is made up (3,000 messages, threads of 100).  Message pages are
# random over the whole list.  Each row is the median of three rounds in
# turns; what counts is CPU time, since a busy machine disturbs that least.
# Needs the packages of the sections build and bench; works in $BENCH_DIR
# (default: /var/tmp), a run of wrk takes $BENCH_SECONDS (default: 4).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mbox=${FELID_CORPORA:-../shared/corpora}/netfilter-devel.mbox.zst
for tool in wrk nginx curl; do
	command -v $tool >/dev/null || PATH=$PATH:/usr/sbin
	command -v $tool >/dev/null ||
		{ echo "bench/pages.sh: there is no $tool" >&2; exit 1; }
done
dir=$(mktemp -d "${BENCH_DIR:-/var/tmp}/felid-bench-XXXXXX")
chmod 755 "$dir"
felid_pid='' nginx_pid=''
finish() {
	[ -z "$felid_pid" ] || kill "$felid_pid" 2>/dev/null || true
	[ -z "$nginx_pid" ] || kill "$nginx_pid" 2>/dev/null || true
	wait
	rm -rf "$dir"
}
trap finish EXIT

[ -e build-bench/build.ninja ] ||
	meson setup build-bench --buildtype=release >/dev/null
ninja -C build-bench felid >/dev/null
felid=build-bench/felid
list=bench.lists.example.org

# The list ------------------------------------------------------------------

make_mail() {
	awk 'BEGIN {
		for (i = 0; i < 3000; i++) {
			t = int(i / 100)
			printf "From a@example.org Fri Jan  2 03:04:05 2026\n"
			printf "From: Ann <a@example.org>\nSubject: Thread %d\n", t
			printf "Date: Fri, 02 Jan 2026 03:%02d:%02d +0000\n",
				i / 60 % 60, i % 60
			printf "Message-ID: <%d@example.org>\n", i
			if (i % 100)
				printf "References: <%d@example.org>\n", i - 1
			print ""
			for (l = 0; l < 80; l++)
				printf "> %d words that were <written> before, " \
					"and some & others besides\n", l
			print ""
		}
	}'
}

if [ -e "$mbox" ]; then
	zstd -dqf "$mbox" -o "$dir/mbox"
else
	echo "There is no $mbox: the list is made up."
	make_mail >"$dir/mbox"
fi
cat >"$dir/felid.conf" <<-EOF
	[store]
	dir = $dir/store
	[http]
	listen = 127.0.0.1:18025
	url = http://127.0.0.1:18025
	workers = 1
	[lmtp]
	listen = $dir/lmtp.sock
EOF
$felid --config "$dir/felid.conf" list add $list --policy public
$felid --config "$dir/felid.conf" import $list "$dir/mbox" >/dev/null 2>&1
mail_bytes=$(stat -c %s "$dir/mbox")
rm "$dir/mbox"

# /LIST/KEY/ of random messages, and /LIST/KEY/t/ of threads.
/usr/bin/python3 - "$dir" $list <<'EOF'
import base64, random, sqlite3, sys
top, name = sys.argv[1:]
db = sqlite3.connect(f"file:{top}/store/felid.db?mode=ro", uri=True)
random.seed(1)
path = lambda key: f"/{name}/{base64.b32encode(key).decode().lower()}/"
posts = [path(k) for k, in db.execute("SELECT key FROM post")]
open(f"{top}/message.urls", "w").write(
    "\n".join(random.sample(posts, min(4000, len(posts)))) + "\n")
threads = [(path(k), n) for k, n in db.execute(
    "SELECT p.key, t.n FROM thread t JOIN post p ON p.id = t.first "
    "WHERE t.n BETWEEN 90 AND 110 AND t.into_thread IS NULL")]
def write(kind, urls):
    open(f"{top}/{kind}.urls", "w").write("".join(u + "\n" for u in urls))
write("thread", [u + "t/" for u, n in threads])
write("atom", [u + "t.atom" for u, n in threads])
write("warm", random.sample(posts, min(200, len(posts))))
write("list", [f"/{name}/"])
write("mbox", [f"/{name}/{ym // 12}/{ym % 12 + 1:02}.mbox.gz" for ym, in
               db.execute("SELECT ym FROM month")])
write("month", [f"/{name}/{ym // 12}/{ym % 12 + 1:02}/" for ym, in
                db.execute("SELECT ym FROM month")])
print(f"{len(posts)} messages; {len(threads)} threads of 90 to 110 messages,",
      sum(n for _, n in threads) / max(1, len(threads)), "on average")
EOF

# The servers ---------------------------------------------------------------

$felid --config "$dir/felid.conf" serve 2>"$dir/felid.log" &
felid_pid=$!
mkdir "$dir/files" "$dir/nginx"
cat >"$dir/nginx.conf" <<-EOF
	daemon off;
	worker_processes 1;
	pid $dir/nginx/pid;
	error_log $dir/nginx/error.log;
	events { worker_connections 1024; }
	http {
		access_log off;
		sendfile on;
		tcp_nopush on;
		open_file_cache max=10000;
		keepalive_requests 1000000;
		types { }
		default_type text/html;
		client_body_temp_path $dir/nginx/body;
		proxy_temp_path $dir/nginx/proxy;
		fastcgi_temp_path $dir/nginx/fastcgi;
		uwsgi_temp_path $dir/nginx/uwsgi;
		scgi_temp_path $dir/nginx/scgi;
		server {
			listen 127.0.0.1:18026;
			root $dir/files;
			index index.html;
		}
	}
EOF
for _ in {1..50}; do
	grep -q ready "$dir/felid.log" && break
	sleep 0.1
done
# The same bytes, as files.
for kind in message warm thread atom list month; do
	while read -r url; do
		echo "url = http://127.0.0.1:18025$url"
		case $url in */) file=${url}index.html ;; *) file=$url ;; esac
		echo "output = $dir/files$file"
	done <"$dir/$kind.urls" >"$dir/curl.conf"
	[ ! -s "$dir/curl.conf" ] ||
		curl -s --create-dirs -K "$dir/curl.conf"
done
chmod -R a+rX "$dir/files"
nginx -c "$dir/nginx.conf" -e "$dir/nginx/error.log" &
nginx_pid=$!
sleep 1

# Measuring -----------------------------------------------------------------

# Clock ticks that the processes below PID called NAME have used.
ticks() { # ticks PID NAME
	local p total=0 fields
	for p in $(pgrep -P "$1" -x "$2"); do
		fields=$(sed 's/.*) //' "/proc/$p/stat")
		total=$((total + $(cut -d ' ' -f 12 <<<"$fields") +
			$(cut -d ' ' -f 13 <<<"$fields")))
	done
	echo $total
}

# One run of wrk: requests, requests a second, CPU us and bytes a request.
run() { # run PARENT NAME PORT KIND CONNECTIONS
	local before after
	awk -v cold="${6:-}" -v tag="${7:-}" 'BEGIN { printf "local p = {" } { printf "\"%s\",", $0 }
		END {
			print "}\nlocal i = 0"
			print "request = function()"
			print "i = i + 1"
			print "local u = p[(i - 1) % #p + 1]"
			if (cold) print "u = u .. \"?x=" cold "-\" .. i"
			if (tag) print "return wrk.format(\"GET\", u, " \
				"{[\"If-None-Match\"] = [[" tag "]]})"
			else print "return wrk.format(\"GET\", u)"
			print "end"
			print "done = function(s, l, r)"
			print "io.write(string.format(\"RUN %d %d %d %d\\n\", " \
				"s.requests, s.duration, s.bytes, " \
				"s.errors.status + s.errors.read + " \
				"s.errors.connect + s.errors.timeout))"
			print "end"
		}' "$dir/$4.urls" >"$dir/wrk.lua"
	before=$(ticks "$1" "$2")
	wrk -t1 -c"$5" -d"${BENCH_SECONDS:-4}s" --timeout 30s -s "$dir/wrk.lua" "http://127.0.0.1:$3/" \
		>"$dir/wrk.out"
	after=$(ticks "$1" "$2")
	awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" '/^RUN/ {
		printf "%.0f %.1f %.0f %d\n", $2 / ($3 / 1e6),
			t / hz * 1e6 / $2, $4 / $2, $5 }' "$dir/wrk.out"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

printf '%-12s %5s %9s %9s %7s %9s %7s %7s\n' page conns felid-us nginx-us \
	ratio bytes req/s errors
row() { # row NAME KIND CONNECTIONS [COLD]
	local tag='' i
	[ -s "$dir/$2.urls" ] || return 0
	rm -f "$dir"/felid.runs "$dir"/nginx.runs
	[ "$1" != 304 ] || tag=$(curl -sI \
		"http://127.0.0.1:18025$(head -n 1 "$dir/$2.urls")" |
		tr -d '\r' | sed -n 's/^ETag: //p')
	for i in 1 2 3; do
		run "$felid_pid" felid-http 18025 "$2" "$3" "${4:+$i}" "$tag" \
			>>"$dir/felid.runs"
		run "$nginx_pid" nginx 18026 "$2" "$3" >>"$dir/nginx.runs"
	done
	of() { cut -d ' ' -f "$2" "$dir/$1.runs" | median; }
	printf '%-12s %5d %9.1f %9.1f %7.2f %9.0f %7.0f %7.0f\n' "$1" "$3" \
		"$(of felid 2)" "$(of nginx 2)" \
		"$(awk -v f="$(of felid 2)" -v n="$(of nginx 2)" \
			'BEGIN { print n / (f > 0 ? f : 1) }')" \
		"$(of felid 3)" "$(of felid 1)" "$(of felid 4)"
}
for conns in 16 128 256; do
	row message message $conns cold
	row thread thread $conns cold
done
row warm warm 16
row thread-warm thread 16
row atom atom 16 cold
row list list 16 cold
row month month 16 cold
row 304 list 16

# Every month as a mailbox, one after the other: made, and as it was kept.
mailboxes() { # mailboxes NAME TIMES
	local before after i
	sed 's,.*,url = http://127.0.0.1:18025&\noutput = /dev/null,' \
		"$dir/mbox.urls" >"$dir/curl.conf"
	before=$(ticks "$felid_pid" felid-http)
	for ((i = 0; i < $2; i++)); do curl -sf -K "$dir/curl.conf"; done
	after=$(ticks "$felid_pid" felid-http)
	awk -v name="$1" -v bytes=$((mail_bytes * $2)) \
		-v t=$((after - before)) -v hz="$(getconf CLK_TCK)" 'BEGIN {
		printf "%-12s %.0f MB of mail a CPU-second\n", name,
			bytes / 1e6 / ((t > 0 ? t : 1) / hz) }'
}
mailboxes mbox-first 1
mailboxes mbox-again 20
echo "PSS of the worker, kB: $(awk '/^Pss:/ { print $2 }' \
	"/proc/$(pgrep -P "$felid_pid" -x felid-http | head -n 1)/smaps_rollup")"
