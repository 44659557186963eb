-- Replays calls from a file: over and over until interrupted, or each once, or along cursors.
-- Arguments: mode (cycle | once | walk), file of calls. Prints one line of JSON.
-- The rate of `once` is measured from the first request to the last answer, not over the whole run of wrk.

local ffi = require("ffi")
ffi.cdef [[
typedef struct { long seconds; long nanoseconds; } lineproof_moment;
int clock_gettime(int clock, lineproof_moment *moment);
int getpid(void);
int kill(int process, int signal);
]]

local MONOTONIC, INTERRUPT = 1, 2
-- Sent by connections with nothing left to send while the others wait for their last answers; answered 404.
local FILLER = "GET /bench-nothing-here HTTP/1.1\r\nHost: bench\r\n\r\n"
local moment = ffi.new("lineproof_moment")
local threads = {}

local function now()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

local function formatted(line)
  local method, path, token, body = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
  local headers = { ["Authorization"] = "Bearer " .. token }
  if body == "" then
    body = nil
  else
    headers["Content-Type"] = path:find("^/scim2") and "application/scim+json" or "application/json"
  end
  return wrk.format(method, path, headers, body)
end

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  mode = args[1]
  calls, lines = {}, {}
  for line in io.lines(args[2]) do
    table.insert(lines, line)
    table.insert(calls, formatted(line))
  end
  sent, answered, failed, asked, cursors = 0, 0, 0, false, {}
  if mode == "cycle" then
    response = nil
  elseif mode == "walk" then
    response = follow
  else
    response = count
  end
end

function request()
  -- wrk asks for one request only to look at it.
  if not asked then
    asked = true
    return calls[1]
  end
  if mode == "walk" then
    return step()
  end
  sent = sent + 1
  if mode == "once" then
    if sent == 1 then
      started = now()
    end
    return calls[sent] or FILLER
  end
  return calls[(sent - 1) % #calls + 1]
end

function count(status)
  if status == 404 then
    return
  end
  answered = answered + 1
  if status > 299 then
    failed = failed + 1
  end
  if answered == #calls then
    elapsed = now() - started
    ffi.C.kill(ffi.C.getpid(), INTERRUPT)
  end
end

function step()
  local cursor = table.remove(cursors)
  if not cursor then
    return calls[1]
  end
  local method, path, token, body = lines[1]:match("^(.-)\t(.-)\t(.-)\t(.*)$")
  return wrk.format(method, path .. cursor, { ["Authorization"] = "Bearer " .. token })
end

function follow(status, headers, body)
  local cursor = status == 200 and body:match('"nextCursor":"([^"]+)"')
  if cursor then
    table.insert(cursors, (cursor:gsub("[^%w%-_.~]", function(c) return string.format("%%%02X", c:byte()) end)))
  end
end

function done(summary, latency, requests)
  local count, seconds = summary.requests, summary.duration / 1e6
  local failed = summary.errors.status
  if threads[1]:get("mode") == "once" then
    count, failed = threads[1]:get("answered"), threads[1]:get("failed")
    seconds = threads[1]:get("elapsed") or seconds
  end
  local socket = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format('{"count": %d, "seconds": %.6f, "errors": %d, "p50": %.4f, "p99": %.4f}',
    count, seconds, failed + socket, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
