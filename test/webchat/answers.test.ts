import { judge } from '../../src/webchat/logic/answers';
import { retryPolicy } from '../../src/webchat/logic/retry';

const id = (body: object) => ('message' in body && typeof body.message === 'string' ? body.message : undefined);
const refusal = (code: string, message: string, retryAfterMs?: number) => ({ error: { code, message, retryAfterMs } });

describe('what an answer means', () => {
	test('only JSON with the expected field counts as taken', () => {
		expect(judge(200, { message: 'm1' }, false, id)).toEqual({ kind: 'done', value: 'm1' });
		// n8n, while it starts: status 200 and a text.
		expect(judge(200, undefined, false, id)).toMatchObject({ kind: 'later', cause: 'unreachable' });
		expect(judge(200, { other: 1 }, false, id)).toMatchObject({ kind: 'later', cause: 'unreachable' });
		expect(judge(200, 'message', false, id)).toMatchObject({ kind: 'later', cause: 'unreachable' });
	});

	test.each([404, 408, 500, 502, 503, 504, 0, 302])('status %d is tried again', (status) => {
		expect(judge(status, undefined, false, id)).toMatchObject({
			kind: 'later',
			cause: 'unreachable',
			sentence: "Can't reach the chat at the moment. Your message is kept and sent as soon as possible.",
		});
	});

	test('404 of a test address says what to click', () => {
		expect(judge(404, { code: 404 }, true, id)).toMatchObject({
			kind: 'later',
			cause: 'not_listening',
			sentence: "n8n is not listening. Click 'Execute workflow' in the editor; your message is sent then.",
		});
	});

	test('too many: the server says how long to wait', () => {
		expect(judge(429, refusal('too_many', 'Slowly, please.', 4_000), false, id)).toEqual({
			kind: 'later',
			cause: 'too_many',
			sentence: 'Slowly, please.',
			afterMs: 4_000,
		});
		expect(judge(429, undefined, false, id)).toMatchObject({ kind: 'later', cause: 'too_many', afterMs: null });
	});

	test('what would be refused again is refused, with the sentence of the server', () => {
		expect(judge(400, refusal('bad_request', 'The message is empty.'), false, id)).toEqual({ kind: 'refused', sentence: 'The message is empty.' });
		expect(judge(413, undefined, false, id)).toEqual({ kind: 'refused', sentence: 'This is too large to be sent.' });
		expect(judge(403, { error: null }, false, id)).toMatchObject({ kind: 'refused' });
		expect(judge(401, undefined, false, id)).toEqual({ kind: 'unauthorized' });
	});
});

describe('when to try again', () => {
	const later = { kind: 'later', cause: 'unreachable', sentence: '', afterMs: null } as const;

	test('backoff grows, is jittered by up to a half and ends at 30 s', () => {
		const [early, late] = [retryPolicy(() => 0), retryPolicy(() => 1)];
		expect([1, 2, 3, 4, 5, 6, 7, 50].map((n) => early(later, n))).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
		expect([1, 2, 3, 4, 5, 6, 7, 50].map((n) => late(later, n))).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
	});

	test('a test address is asked every 2 s, a busy server when it said, within reason', () => {
		const policy = retryPolicy(() => 0);
		expect(policy({ ...later, cause: 'not_listening' }, 30)).toBe(2_000);
		expect(policy({ ...later, cause: 'too_many', afterMs: 4_000 }, 1)).toBe(4_000);
		expect(policy({ ...later, cause: 'too_many', afterMs: 10 ** 9 }, 1)).toBe(600_000);
	});
});
