import { UNREACHABLE, type Settled } from '../../src/webchat/logic/answers';
import { keepingIn, type Keeping } from '../../src/webchat/logic/keeping';
import { Sender } from '../../src/webchat/logic/sender';
import { UnsentBox } from '../../src/webchat/logic/unsent';
import { FakeStorage } from './fake-storage';
import { until } from '../until';

type Answer = Settled<string>;
const said = (text: string) => ({ text, attachments: [], choice: null });
const busy: Answer = { kind: 'later', cause: 'too_many', sentence: 'Slowly.', afterMs: 5_000 };
const refused: Answer = { kind: 'refused', sentence: 'No.' };

/** A server that stores by id, behind a way that loses what it is told to lose. */
class Far {
	readonly stored: string[] = [];
	readonly ids = new Map<string, string>();
	asked = 0;
	/** Taken one by one; then all is well. `lost`: stored, but the answer never comes back. */
	readonly weather: (Answer | 'lost')[] = [];

	post(id: string, text: string): Answer {
		this.asked++;
		const now = this.weather.shift();
		if (now !== undefined && now !== 'lost') return now;
		if (!this.ids.has(id)) {
			this.ids.set(id, `s${this.ids.size + 1}`);
			this.stored.push(text);
		}
		return now === 'lost' ? UNREACHABLE : { kind: 'done', value: this.ids.get(id) ?? '' };
	}
}

function page(far: Far, keeping: Keeping, { retryMs = 0 } = {}) {
	let ids = 0;
	const name = Math.random().toString(36).slice(2);
	const box = new UnsentBox(keeping, 'unsent ');
	const sender: Sender = new Sender({
		post: async ({ id, text }) => Promise.resolve(far.post(id, text ?? '')),
		box,
		now: () => 1_000,
		newId: () => `${name}-${++ids}`,
		retryAfter: () => retryMs,
		onChange: () => undefined,
	});
	const states = () => sender.messages.map((one) => one.state);
	return { sender, box, states };
}

describe('sending (promises 3 and 4: nothing a visitor wrote is lost or doubled)', () => {
	const store = () => keepingIn(() => new FakeStorage());

	test('one at a time, in the order they were written', async () => {
		const far = new Far();
		const { sender, states, box } = page(far, store());
		for (const text of ['a', 'b', 'c']) sender.say(said(text));
		await until(() => states().every((state) => state === 'sent'));
		expect(far.stored).toEqual(['a', 'b', 'c']);
		expect(box.all()).toEqual([]);
	});

	test('lost answers and bad moments: each message arrives once, in order', async () => {
		const far = new Far();
		far.weather.push(UNREACHABLE, 'lost', 'lost', UNREACHABLE);
		const { sender, states } = page(far, store());
		for (const text of ['a', 'b']) sender.say(said(text));
		await until(() => states().every((state) => state === 'sent'));
		expect(far.stored).toEqual(['a', 'b']);
		expect(sender.trouble).toBeNull();
	});

	test('a held message says why, keeps those behind it waiting, and goes when nudged', async () => {
		const far = new Far();
		far.weather.push(UNREACHABLE);
		const { sender, states } = page(far, store(), { retryMs: 10 ** 8 });
		sender.say(said('a'));
		sender.say(said('b'));
		await until(() => states()[0] === 'held');
		expect(states()).toEqual(['held', 'waiting']);
		expect(sender.trouble).toEqual(UNREACHABLE);
		sender.nudge();
		await until(() => states().every((state) => state === 'sent'));
		expect(far.stored).toEqual(['a', 'b']);
	});

	test('a wait that the server asked for is not cut short by a nudge', async () => {
		const far = new Far();
		far.weather.push(busy);
		const { sender, states } = page(far, store(), { retryMs: 10 ** 8 });
		sender.say(said('a'));
		await until(() => states()[0] === 'held');
		sender.nudge();
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(far.asked).toBe(1);
		sender.stop();
	});

	test('after a reload the unsent ones are sent under the same ids', async () => {
		const far = new Far();
		const keeping = store();
		far.weather.push('lost');
		const before = page(far, keeping, { retryMs: 10 ** 8 });
		before.sender.say(said('a'));
		before.sender.say(said('b'));
		await until(() => before.states()[0] === 'held');
		before.sender.stop();
		const after = page(far, keeping);
		expect(after.sender.messages.map((one) => one.text)).toEqual(['a', 'b']);
		after.sender.start();
		await until(() => after.states().every((state) => state === 'sent'));
		expect(far.stored).toEqual(['a', 'b']);
	});

	test('a refused message steps aside with its sentence, also after a reload, until it is tried again or removed', async () => {
		const far = new Far();
		const keeping = store();
		far.weather.push(refused);
		const first = page(far, keeping);
		first.sender.say(said('bad'));
		first.sender.say(said('good'));
		await until(() => first.states().join() === 'refused,sent');
		expect(first.sender.messages[0]?.refusal).toBe('No.');
		expect(far.stored).toEqual(['good']);

		const second = page(far, keeping);
		second.sender.start();
		expect(second.sender.messages.map((one) => [one.text, one.state, one.refusal])).toEqual([['bad', 'refused', 'No.']]);
		second.sender.tryAgain(second.sender.messages[0]?.id ?? '');
		await until(() => second.states().join() === 'sent');
		expect(far.stored).toEqual(['good', 'bad']);
	});

	test('a removed message is not sent, and what is behind it goes', async () => {
		const far = new Far();
		far.weather.push(UNREACHABLE);
		const { sender, states, box } = page(far, store(), { retryMs: 10 ** 8 });
		sender.say(said('a'));
		sender.say(said('b'));
		await until(() => states()[0] === 'held');
		sender.remove(sender.messages[0]?.id ?? '');
		await until(() => states().join() === 'sent');
		expect(far.stored).toEqual(['b']);
		expect(box.all()).toEqual([]);
		expect(sender.trouble).toBeNull();
	});

	test('a message whose answer was lost is settled by the stream', async () => {
		const far = new Far();
		far.weather.push('lost');
		const { sender, states, box } = page(far, store(), { retryMs: 10 ** 8 });
		sender.say(said('a'));
		await until(() => states()[0] === 'held');
		sender.seen(new Set([sender.messages[0]?.id ?? '']), new Set());
		await until(() => sender.trouble === null);
		expect(sender.messages).toEqual([]);
		expect(box.all()).toEqual([]);
		expect(far.asked).toBe(1);
	});

	test('two tabs: the other one shows the message and does not send what is through already', async () => {
		const far = new Far();
		const keeping = store();
		const [one, two] = [page(far, keeping), page(far, keeping)];
		far.weather.push(UNREACHABLE);
		one.sender.say(said('a'));
		const id = one.sender.messages[0]?.id ?? '';
		two.sender.adopt(id);
		expect(two.sender.messages.map((message) => message.text)).toEqual(['a']);
		await until(() => one.states().join() === 'sent');
		two.sender.forsake(id);
		two.sender.say(said('b'));
		await until(() => two.states().join() === 'sent');
		expect(far.stored).toEqual(['a', 'b']);
		one.sender.stop();
		two.sender.stop();
	});

	test('a sent message that no snapshot shows is older than it reaches', async () => {
		const far = new Far();
		const { sender, states } = page(far, store());
		sender.say(said('a'));
		await until(() => states().join() === 'sent');
		sender.seenAllUntil(1_000);
		expect(sender.messages).toHaveLength(1);
		sender.seenAllUntil(1_001);
		expect(sender.messages).toHaveLength(0);
	});
});
