/**
 * KEYS[1] is the record, `<generation> <sealed>` with the access token's life as its TTL. What looks otherwise was not
 * written here: it is no record. Generations stay where Lua's numbers are exact.
 */
const READ = `
local function read()
  local value = redis.pcall('GET', KEYS[1])
  if type(value) ~= 'string' then return false end
  local generation, sealed = string.match(value, '^(%d+) (.+)$')
  local ttl = redis.call('PTTL', KEYS[1])
  if not generation or tonumber(generation) >= 2^53 - 1 or ttl < 0 then return false end
  return generation, sealed, ttl
end
`;

const LOAD = `${READ}
local generation, sealed, ttl = read()
return { generation, sealed, ttl }
`;

/**
 * KEYS[2] is the lock: its owner, with a TTL. The owner may ask again, because clients send a command twice when the
 * connection broke before the reply; a lock without a TTL was not set here and would hold for ever.
 *
 * ARGV: the generation seen, owner, TTL in ms
 */
const ACQUIRE = `${READ}
local generation, sealed, ttl = read()
if generation and tonumber(generation) > tonumber(ARGV[1]) then
  return { 'newer', generation, sealed, ttl }
end
local isMine = redis.pcall('GET', KEYS[2]) == ARGV[2]
if redis.call('PTTL', KEYS[2]) >= 0 and not isMine then return { 'taken' } end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return { 'acquired', generation, sealed, ttl }
`;

/**
 * Writes nothing for an owner that lost the lock, nor for one that gives up waiting and keeps its pair for itself: its
 * command is late when less is left of the lock than it said. The time keeps generations growing after a FLUSHALL, and
 * brings one that somebody set to the last there is back to where others read it.
 *
 * ARGV: owner, least ms left of the lock, the generation seen, sealed, TTL in ms
 */
const COMMIT = `${READ}
if redis.pcall('GET', KEYS[2]) ~= ARGV[1] then return false end
local isLate = redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2])
redis.call('DEL', KEYS[2])
if isLate then return redis.error_reply('LATE') end
local current = read()
local now = redis.call('TIME')
local time = now[1] * 1000000 + now[2]
local generation = math.max(tonumber(current or 0) + 1, tonumber(ARGV[3]) + 1, time)
if generation >= 2^53 - 1 then generation = time end
generation = string.format('%.0f', generation)
redis.call('SET', KEYS[1], generation .. ' ' .. ARGV[4], 'PX', ARGV[5])
return generation
`;

/** ARGV: owner */
const RELEASE = `
if redis.pcall('GET', KEYS[2]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[2])
`;

/** What Redis does in one step; each takes the record and the lock as its keys. Redis 6.2 and Valkey know all of it. */
export const SCRIPTS = {
  load: LOAD,
  acquire: ACQUIRE,
  commit: COMMIT,
  release: RELEASE,
};
