import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refused } from './refused';

const perMinute = (keyPrefix: string, points: number) => new RateLimiterMemory({ keyPrefix, points, duration: 60 });

/**
 * How much one process takes. What is refused is not lost: the page keeps it and sends it after `retryAfterMs`.
 * Network addresses are shared by whole offices, so their limits are wide.
 */
export const limits = {
	messagesPerVisitor: perMinute('visitor', 40),
	filesPerVisitor: perMinute('files', 30),
	postsPerNetwork: perMinute('posts', 1_200),
	hellosPerNetwork: perMinute('hellos', 300),
	strangersPerNetwork: perMinute('strangers', 60),
	streamsPerNetwork: perMinute('streams', 300),
	conversationsPerTrigger: perMinute('conversations', 300),
} as const;

/** Files that a visitor uploaded and did not send. */
export const UNSENT_BYTES_MAX = 50 * 1024 * 1024;

export async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
	try {
		await limiter.consume(key);
	} catch (reason) {
		if (!(reason instanceof RateLimiterRes)) throw reason;
		throw new Refused(429, 'too_many', 'Too many messages at once. Please wait a moment.', reason.msBeforeNext);
	}
}
