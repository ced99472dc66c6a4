export { RedisServer } from '../../sample/shared/redis-server.js';
