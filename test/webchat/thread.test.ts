import type { WireMessage } from '../../src/channels/webchat/wire';
import { EMPTY_THREAD, withEarlier, withMessage, withSnapshot, type Thread } from '../../src/webchat/logic/thread';
import { wireMessage } from './wire-message';

const messages = (from: number, to: number): WireMessage[] => Array.from({ length: to - from + 1 }, (_, i) => wireMessage(from + i));
const ids = (thread: Thread) => thread.messages.map((one) => Number(one.id.slice(1)));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('what the page knows of the conversation', () => {
	const known = withSnapshot(EMPTY_THREAD, { messages: messages(11, 20), more: true });

	test('a snapshot after a reconnect adds what was missed, once', () => {
		const next = withSnapshot(known, { messages: messages(15, 24), more: true });
		expect(ids(next)).toEqual(range(11, 24));
		expect(next.more).toBe(true);
	});

	test('more was missed than the snapshot holds: the list stays without a gap, the rest can be loaded', () => {
		const next = withSnapshot(known, { messages: messages(41, 50), more: true });
		expect(ids(next)).toEqual(range(41, 50));
		expect(next.more).toBe(true);
		expect(ids(withEarlier(next, 'm0041', { messages: messages(31, 40), more: true }))).toEqual(range(31, 50));
	});

	test('a snapshot of everything is everything', () => {
		const next = withSnapshot(known, { messages: messages(1, 3), more: false });
		expect(ids(next)).toEqual([1, 2, 3]);
		expect(next.more).toBe(false);
	});

	test('whether there is more is said by whoever reaches further back', () => {
		const all = withEarlier(known, 'm0011', { messages: messages(1, 10), more: false });
		expect(withSnapshot(all, { messages: messages(15, 24), more: true }).more).toBe(false);
		expect(withSnapshot(withMessage(EMPTY_THREAD, wireMessage(20)), { messages: messages(15, 24), more: true }).more).toBe(true);
	});

	test('a message comes late, again or in a newer state: by id it is one, in its place', () => {
		const late = withMessage(withMessage(known, wireMessage(22)), wireMessage(21));
		expect(ids(late)).toEqual(range(11, 22));
		const read = withMessage(late, { ...wireMessage(15), status: 'read' });
		expect(ids(read)).toEqual(range(11, 22));
		expect(read.messages.find((one) => one.id === 'm0015')?.status).toBe('read');
	});

	test('messages of one instant keep the order of their ids', () => {
		const [a, b] = [wireMessage(1, { at: 5 }), wireMessage(2, { at: 5 })];
		expect(ids(withMessage(withMessage(EMPTY_THREAD, b), a))).toEqual([1, 2]);
	});

	test('an answer to an older question for history is not mixed in', () => {
		expect(ids(withEarlier(known, 'm0041', { messages: messages(31, 40), more: true }))).toEqual(range(11, 20));
	});

	test('thousands of messages do not stay in memory; what is let go can be loaded again', () => {
		let thread = withSnapshot(EMPTY_THREAD, { messages: messages(1, 2_999), more: false });
		expect(thread.messages).toHaveLength(2_999);
		thread = withMessage(withMessage(thread, wireMessage(3_000)), wireMessage(3_001));
		expect(thread.messages).toHaveLength(2_000);
		expect(thread.messages.at(-1)?.id).toBe('m3001');
		expect(thread.more).toBe(true);
	});
});
