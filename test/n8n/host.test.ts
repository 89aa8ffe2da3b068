import type { EarlyReceipt } from '../../src/core/records';
import { closeHost, openDesk, openHost } from '../../src/n8n/host';
import { closeWorkspace, openWorkspace } from '../nodes/workspace';

const HOUR = 60 * 60_000;

beforeEach(openWorkspace);
afterEach(closeWorkspace);

test('news of messages that nobody sent is forgotten after a day', async () => {
	const { store, now } = await openDesk();
	const news = (externalId: string, ageMs: number): EarlyReceipt => ({
		channel: 'telegram', account: 'bot-1', externalId, state: 'delivered', failure: null, at: now() - ageMs,
	});
	await store.records.earlyReceipts.keep(news('old', 25 * HOUR));
	await store.records.earlyReceipts.keep(news('new', 23 * HOUR));
	// The regular check is made at the start, and ended before the end.
	await closeHost();
	await openHost();
	await closeHost();
	const { earlyReceipts } = (await openDesk()).store.records;
	expect(await earlyReceipts.take('telegram', 'bot-1', ['old', 'new'])).toMatchObject([{ externalId: 'new' }]);
});

test('turns are kept until they do not matter any more', async () => {
	const { store, now, pace } = await openDesk();
	await store.records.rates.put('person:telegram/bot-1/ann', { usedUntil: now() - 1, recent: [] }, now() - 1);
	await pace({ channel: 'whatsapp', account: 'number-1', user: 'bob' });
	await closeHost();
	await openHost();
	await closeHost();
	const { rates } = (await openDesk()).store.records;
	expect(await rates.get('person:telegram/bot-1/ann')).toBeUndefined();
	expect(await rates.get('person:whatsapp/number-1/bob')).toMatchObject({ recent: [] });
});

test('people on a channel without rates are not waited for', async () => {
	const desk = await openDesk();
	const to = { channel: 'webchat' as const, account: 'page-1', user: 'ann' };
	await Promise.all(Array.from({ length: 100 }, () => desk.pace(to)));
	await desk.wait(1);
});
