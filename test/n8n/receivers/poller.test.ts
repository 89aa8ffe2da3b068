import type { ChosenChannel } from '../../../src/n8n/receivers/chosen';
import { Poller } from '../../../src/n8n/receivers/poller';
import type { PollPorts, Provider } from '../../../src/core/provider';
import { ConversationsError, failure } from '../../../src/core/failure';
import { testDesk, type TestDesk } from '../../core/desk';
import { callPorts } from '../../fakes/ports';
import { plainFields, plainProvider, type PlainCredential } from '../../fakes/provider';
import { BOT_ID, CHAT, PERSON } from '../../fakes/telegram';
import { until } from '../../until';

/** Asking for news where nobody posts: from where it was read up to, whatever happened meanwhile. */

let desk: TestDesk;
let pollers: Poller[];
let told: string[];

beforeEach(async () => {
	desk = await testDesk();
	pollers = [];
	told = [];
});
afterEach(async () => {
	for (const poller of pollers) poller.stop();
	await desk.dispose();
});

type Poll = NonNullable<Provider<PlainCredential>['poll']>;

const body = (id: number, text: string) =>
	Buffer.from(JSON.stringify({ update_id: id, message: { message_id: id, from: PERSON, chat: CHAT, date: 1_763_700_000, text } }));

/** A mailbox of two mails: gives what is after the cursor, then waits. */
function mailbox(mails: Buffer[]): { poll: Poll; asked: (string | null)[] } {
	const asked: (string | null)[] = [];
	return {
		asked,
		poll: async (cursor, { signal }) => {
			asked.push(cursor);
			if (cursor === null) return { bodies: [], cursor: '0' };
			const from = Number(cursor);
			if (from < mails.length) return { bodies: mails.slice(from), cursor: String(mails.length) };
			await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
			return { bodies: [], cursor };
		},
	};
}

function start(poll: Poll, more: { isTest?: boolean; onlyPolls?: false } = {}): Poller {
	const provider = plainProvider({ poll, ...(more.onlyPolls !== false && { onlyPolls: true }) }) as unknown as Provider;
	const source: ChosenChannel = {
		channel: 'telegram',
		provider,
		account: String(BOT_ID),
		credential: { botToken: '1:a' },
		ports: callPorts(provider, plainFields('http://127.0.0.1:1')),
		key: 'mailbox-1',
		secret: '',
	};
	const poller = new Poller(desk, source, { troubled: (sentence) => void told.push(sentence), well: () => void (told.length > 0 && told.push('well')) }, more.isTest);
	pollers.push(poller);
	return poller;
}

const texts = async () => (await desk.store.records.messages.list({}, { limit: 50, offset: 0 })).map(({ text }) => text).reverse();

test('what came while nobody asked is read after a restart, each once', async () => {
	const mails: Buffer[] = [];
	const first = mailbox(mails);
	const poller = start(first.poll);
	await until(() => first.asked.length === 2);
	poller.stop();
	mails.push(body(1, 'While n8n was down'), body(2, 'This too'));
	const second = mailbox(mails);
	start(second.poll);
	await until(async () => (await texts()).length === 2);
	expect(await texts()).toEqual(['While n8n was down', 'This too']);
	expect(second.asked[0]).toBe('0');
	await until(() => second.asked.length === 2);
	expect(second.asked[1]).toBe('2');
});

test('a process that dies between storing and noting how far it read reads again, and stores nothing twice', async () => {
	const mails = [body(1, 'Once')];
	await desk.store.records.receiverStates.setCursor('mailbox-1', '0');
	const poller = start(mailbox(mails).poll);
	await until(async () => (await texts()).length === 1);
	poller.stop();
	await desk.store.records.receiverStates.setCursor('mailbox-1', '0');
	const again = mailbox(mails);
	start(again.poll);
	await until(() => again.asked.length === 2);
	expect(await texts()).toEqual(['Once']);
});

test.each([
	['ten minutes', 10 * 60_000, '0'],
	['longer', 10 * 60_000 + 1, null],
])('a workflow that was taken back for %s', async (_name, ms, expected) => {
	await desk.store.records.receiverStates.setCursor('mailbox-1', '0');
	await desk.store.records.receiverStates.ended('mailbox-1', desk.now());
	desk.pass(ms);
	const { poll, asked } = mailbox([]);
	start(poll);
	await until(() => asked.length > 0);
	expect(asked[0]).toBe(expected);
});

test('one that cannot be read does not keep back those after it', async () => {
	await desk.store.records.receiverStates.setCursor('mailbox-1', '0');
	start(mailbox([Buffer.from('no JSON'), body(2, 'After it')]).poll);
	await until(async () => (await texts()).length === 1);
	expect(await texts()).toEqual(['After it']);
});

test('promise 8: a test reads from now on and leaves no trace of how far it read', async () => {
	await desk.store.records.receiverStates.setCursor('mailbox-1', '7');
	const { poll, asked } = mailbox([]);
	start(poll, { isTest: true });
	await until(() => asked.length === 2);
	expect(asked).toEqual([null, '0']);
	expect(await desk.store.records.receiverStates.get('mailbox-1')).toMatchObject({ cursor: '7', okAt: null });
});

test('a provider that remembers itself is asked from its own beginning', async () => {
	await desk.store.records.receiverStates.setCursor('mailbox-1', '7');
	const { poll, asked } = mailbox([]);
	start(poll, { onlyPolls: false });
	await until(() => asked.length === 2);
	expect(asked[0]).toBeNull();
});

test('whether all is well can be read, and since when it is not; what lasts for ten minutes is told', async () => {
	let isDown = true;
	start(async (_cursor, { signal }) => {
		if (isDown) throw new ConversationsError(failure('provider_unavailable', 'The mail server cannot be reached.'));
		await new Promise<void>((resolve) => setTimeout(resolve, signal.aborted ? 0 : 20));
		return { bodies: [], cursor: '1' };
	});
	const state = () => desk.store.records.receiverStates.get('mailbox-1');
	await until(async () => (await state())?.problem != null);
	const since = desk.now();
	expect(await state()).toMatchObject({ problem: 'The mail server cannot be reached.', problemSince: since, okAt: null });
	expect(told).toEqual([]);
	desk.pass(10 * 60_000);
	await until(() => told.length > 0, 5_000);
	expect(told).toEqual(['The mail server cannot be reached.']);
	expect(await state()).toMatchObject({ problemSince: since });
	isDown = false;
	await until(async () => (await state())?.okAt != null, 8_000);
	expect(await state()).toMatchObject({ problem: null, problemSince: null, okAt: desk.now(), cursor: '1' });
	expect(told[1]).toBe('well');
});

test('files that come along are kept under a clean name, their type told by the bytes', async () => {
	let kept: unknown;
	start(async (cursor, { keepFile, signal }: PollPorts<PlainCredential>) => {
		if (cursor !== null) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
		kept = await keepFile({ name: '../../etc/pass\u0000wd.png', mime: 'text/html', bytes: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex') });
		return { bodies: [], cursor: '1' };
	});
	await until(() => kept !== undefined);
	expect(kept).toMatchObject({ fileId: expect.any(String) as string, kind: 'image', name: 'passwd.png', mime: 'image/png', sizeBytes: 16 });
});
