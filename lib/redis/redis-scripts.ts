/** Reads a value, but only a short one. This package never writes a long value, and reading one would copy it. */
const VALUE = `
local function value(key)
  local length = redis.pcall('STRLEN', key)
  if type(length) == 'table' then
    if string.find(length.err, 'WRONGTYPE') then return false end
    return redis.call('STRLEN', key)
  end
  if length > 65536 then return false end
  return redis.call('GET', key)
end
`;

/**
 * KEYS[1] is the record: `<generation> <sealed>`, with the access token's life as its TTL. Any other value counts as no
 * record. A generation must be below 2^53 - 1, because Lua's numbers are exact only up to there.
 */
const RECORD = `${VALUE}
local function record()
  local generation, sealed = string.match(value(KEYS[1]) or '', '^(%d+) (.+)$')
  local ttl = redis.call('PTTL', KEYS[1])
  if not generation or tonumber(generation) >= 2^53 - 1 or ttl < 0 then return false, false, false end
  return generation, sealed, ttl
end
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
`;

const LOAD = `${RECORD}
local generation, sealed, ttl = record()
return { generation, sealed, ttl, ms }
`;

/**
 * KEYS[2] is the lock: its owner, with a TTL. The same owner may acquire it again, because a client sends a command twice
 * when the connection broke before the reply. A lock without a TTL would never end; this script does not set such a lock, so
 * it is overwritten.
 *
 * The reply tells the new owner the generation of its record. The generation is at least Redis's time in microseconds, so it
 * grows even after a FLUSHALL. A generation that would reach 2^53 - 1 is replaced by that time.
 *
 * ARGV: the generation seen, owner, TTL in ms
 */
const ACQUIRE = `${RECORD}
local generation, sealed, ttl = record()
if generation and tonumber(generation) > tonumber(ARGV[1]) then
  return { 'newer', generation, sealed, ttl, ms }
end
local owner = value(KEYS[2])
if redis.call('PTTL', KEYS[2]) >= 0 and owner ~= ARGV[2] then return { 'taken', owner } end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
local us = time[1] * 1000000 + time[2]
local following = math.max(tonumber(generation or 0) + 1, tonumber(ARGV[1]) + 1, us)
if following >= 2^53 - 1 then following = us end
return { 'acquired', generation, sealed, ttl, ms, string.format('%.0f', following) }
`;

/**
 * Writes nothing if the owner lost the lock. Writes nothing either if less than ARGV[2] ms of the lock is left: then the
 * command arrived late, and the owner keeps the new pair without sharing it.
 *
 * ARGV: owner, how many ms of the lock must be left, generation, sealed, TTL in ms
 */
const COMMIT = `${VALUE}
if value(KEYS[2]) ~= ARGV[1] then return false end
local isLate = redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2])
redis.call('DEL', KEYS[2])
if isLate then return redis.error_reply('LATE') end
redis.call('SET', KEYS[1], ARGV[3] .. ' ' .. ARGV[4], 'PX', ARGV[5])
return ARGV[3]
`;

/** ARGV: owner */
const RELEASE = `${VALUE}
if value(KEYS[2]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[2])
`;

/** What Redis does in one step; each takes the record and the lock as its keys. Redis 6.2 and Valkey know all of it. */
export const SCRIPTS = {
  load: LOAD,
  acquire: ACQUIRE,
  commit: COMMIT,
  release: RELEASE,
};
