# SPDX-License-Identifier: Apache-2.0
"""Pages asked for by wrk, and what they cost the server that gives them."""
import collections, re, subprocess

from harness import Meter, settle

Asked = collections.namedtuple("Asked", "cpu rate p99 size failed n")
# What wrk does for each request; "cold" has each be one that no cache knows.
SCRIPT = """
local p, i = {%(paths)s}, -1   -- wrk tries the first one
request = function()
  i = i + 1
  local path = p[(i - 1) %% #p + 1]
  if %(cold)s then path = path .. "?x=%(tag)s-" .. i end
  return wrk.format("GET", path, {%(fields)s})
end
done = function(s, l, r)
  io.write(string.format("RUN %%d %%d %%d %%d %%d\\n", s.requests,
    s.duration, s.bytes, s.errors.status + s.errors.read + s.errors.connect
    + s.errors.timeout, l:percentile(99)))
end
"""
# With the answer to the last path it is over, which wrk has no word for.
ONCE = """
local ffi = require("ffi")
ffi.cdef("typedef struct { long s, us; } Time; int gettimeofday(Time *, void *);")
local time, begun, got, size, bad = ffi.new("Time"), 0, 0, 0, 0
local function now()
  ffi.C.gettimeofday(time, nil)
  return tonumber(time.s) * 1e6 + tonumber(time.us)
end
init = function() begun = now() end
delay = function() return i >= #p and 1e6 or 0 end
response = function(status, fields, body)
  got, size = got + 1, size + #body
  if status >= 400 then bad = bad + 1 end
  if got == #p then
    io.write(string.format("RUN %d %d %d %d 0\\n", got, now() - begun, size,
      bad))
    os.exit(0)
  end
end
"""


def ask(bench, server, paths, connections, seconds, once=False, cold=False,
        etag=None):
    """Have paths asked for, one after the other and again, or once: CPU
    microseconds of the server's processes for each answer, answers a second,
    ms at the 99th percentile (not of paths asked for once), bytes of an
    answer, how many failed."""
    script = bench.top / "wrk.lua"
    script.write_text(SCRIPT % {
        "paths": ",".join(f'"{p}"' for p in paths),
        "cold": str(cold).lower(), "tag": ask.calls,
        "fields": f'["If-None-Match"] = [[{etag}]]' if etag else ""}
                      + (ONCE if once else ""))
    ask.calls += 1
    roots = [p.pid for p in server.readers()]
    with Meter(bench, roots, children=False) as meter:
        out = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout",
             "120s", "-s", script, server.base + "/"], check=True, text=True,
            stdout=subprocess.PIPE).stdout
        # What was accepted is finished, whether wrk waits for it or not.
        settle(roots, 0.3, most=120)
    n, us, size, bad, p99 = map(int, re.search(
        r"RUN (\d+) (\d+) (\d+) (\d+) (\d+)", out).groups())
    if n == 0:
        return None
    # One of each connection was under way when wrk went.
    made = n if once and n == len(paths) else n + connections
    return Asked(meter.cpu * 1e6 / made, n / us * 1e6, p99 / 1e3, size / n, bad,
                 n)


ask.calls = 0
