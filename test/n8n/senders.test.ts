import { join } from 'node:path';
import type { Address } from '../../src/core/channel';
import type { Message } from '../../src/core/records';
import type { Store } from '../../src/core/store';
import { quotaPeriod } from '../../src/core/window';
import { openStore } from '../../src/store';
import { ACCOUNT as VIBER_BOT, ANN as VIBER_ANN, fakeViber, refusal as viberRefusal, type FakeViber } from '../fakes/viber';
import { fakeWeChat, refusal as wechatRefusal, type FakeWeChat } from '../fakes/wechat';
import { ANN as WECHAT_ANN, APP_ID } from '../fakes/wechat-posts';
import { bundled, OtherProcess } from '../store/other-process';
import { aFolder } from '../store/sqlite-engine';
import type { Outcomes, SendJob } from './programs/sender';

/** Two processes of one n8n, which send at once. */
const programs = aFolder();
const sender = bundled('sender', programs.folder, join(__dirname, 'programs'));
const file = join(programs.folder, 'conversations.sqlite');
let store: Store;
let processes: OtherProcess[];
let wechat: FakeWeChat;
let viber: FakeViber;
let messages = 0;
beforeAll(async () => {
	[wechat, viber] = [await fakeWeChat(), await fakeViber()];
	processes = await Promise.all([1, 2].map(() => OtherProcess.start(sender, file, 'worker')));
	await Promise.all(processes.map((other) => other.ask({ job: 'open' })));
	store = await openStore({ kind: 'sqlite', file });
});
afterAll(async () => {
	for (const other of processes) await other.kill();
	for (const { close } of [wechat, viber, store]) await close();
	programs.remove();
});
beforeEach(() => {
	for (const { sent, server } of [wechat, viber]) [sent.length, server.requests.length] = [0, 0];
	wechat.heard();
});

/** Somebody writes, or has written. */
async function contactOn(from: Address, agoMs = 0): Promise<Message> {
	return (await processes[0]?.ask({ job: 'receive', from, at: Date.now() - agoMs })) as Message;
}

type Job = Omit<SendJob, 'job' | 'first'>;

async function outcomesOf(job: Job): Promise<Outcomes[]> {
	const jobs = processes.map((_, index) => ({ ...job, job: 'send', first: messages + index * job.count }));
	messages += processes.length * job.count;
	return (await Promise.all(processes.map((other, index) => other.ask(jobs[index] ?? 'none')))) as Outcomes[];
}

/** Each of the processes sends that many; how often what became of them. */
async function bothSend(job: Job): Promise<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const became of (await outcomesOf(job)).flatMap((each) => each.became)) counts[became] = (counts[became] ?? 0) + 1;
	return counts;
}

const callsOf = ({ server }: FakeWeChat | FakeViber) => server.requests.filter(({ path }) => path === WECHAT_SENDS || path === VIBER_SENDS).length;
const WECHAT_SENDS = '/cgi-bin/message/custom/send';
const VIBER_SENDS = '/pa/send_message';

const DAY_MS = 24 * 60 * 60_000;
const ON_WECHAT: Address = { channel: 'wechat', account: APP_ID, user: WECHAT_ANN };
const ON_VIBER: Address = { channel: 'viber', account: VIBER_BOT, user: VIBER_ANN };

const counted = async (addressId: string) => (await store.records.addresses.get(addressId))?.sentSinceInbound;
const charged = async () => await store.records.quotas.used('viber', VIBER_BOT, quotaPeriod(Date.now()));

test('C23: of 40 messages from two processes, the 20 that WeChat allows are called for, and not one more', async () => {
	const { contactId, addressId } = await contactOn(ON_WECHAT);
	expect(await bothSend({ channel: 'wechat', fields: wechat.fields, contactId, count: 20 })).toEqual({ sent: 20, quota_used: 20 });
	expect([callsOf(wechat), wechat.sent.length, await counted(addressId)]).toEqual([20, 20, 20]);
});

test('P4: of 40 messages from two processes, the 25 that are free on Viber are called for, and not one more', async () => {
	const { contactId } = await contactOn(ON_VIBER, 2 * DAY_MS);
	const fields = { ...viber.fields, freeMessagesPerMonth: 25 };
	expect(await bothSend({ channel: 'viber', fields, contactId, count: 20 })).toEqual({ sent: 25, quota_used: 15 });
	expect([callsOf(viber), viber.sent.length, await charged()]).toEqual([25, 25, 25]);
});

test('what WeChat surely did not take is counted by neither process, and can be sent again', async () => {
	const { contactId, addressId } = await contactOn(ON_WECHAT);
	wechat.server.next(WECHAT_SENDS, ...Array<ReturnType<typeof wechatRefusal>>(7).fill(wechatRefusal(-1)));
	const job = { channel: 'wechat' as const, fields: wechat.fields, contactId };
	const { sent = 0, quota_used: refused = 0, ...rest } = await bothSend({ ...job, count: 20 });
	expect(rest).toEqual({ provider_unavailable: 7 });
	expect([sent + refused, wechat.sent.length, await counted(addressId)]).toEqual([33, sent, sent]);
	expect(await bothSend({ ...job, count: 10 })).toEqual({ ...(sent < 20 && { sent: 20 - sent }), quota_used: sent });
	expect([callsOf(wechat), wechat.sent.length, await counted(addressId)]).toEqual([27, 20, 20]);
});

test('what Viber surely did not take is charged by neither process, and can be sent again', async () => {
	const { contactId } = await contactOn(ON_VIBER, 2 * DAY_MS);
	const before = await charged();
	viber.server.next(VIBER_SENDS, ...Array<ReturnType<typeof viberRefusal>>(9).fill(viberRefusal(7)));
	const job = { channel: 'viber' as const, fields: { ...viber.fields, freeMessagesPerMonth: before + 25 }, contactId };
	const { sent = 0, quota_used: refused = 0, ...rest } = await bothSend({ ...job, count: 20 });
	expect(rest).toEqual({ credential_invalid: 9 });
	expect([sent + refused, viber.sent.length, await charged()]).toEqual([31, sent, before + sent]);
	expect(await bothSend({ ...job, count: 13 })).toEqual({ ...(sent < 25 && { sent: 25 - sent }), quota_used: sent + 1 });
	expect([callsOf(viber), viber.sent.length, await charged()]).toEqual([34, 25, before + 25]);
});

test('the rate of an account is kept by two processes together', async () => {
	viber.people.set('bob', 0);
	const { contactId } = await contactOn({ ...ON_VIBER, user: 'bob' });
	const began = Date.now();
	const outcomes = await outcomesOf({ channel: 'viber', fields: viber.fields, contactId, count: 12, rate: { count: 10, perMs: 1_000 } });
	expect(viber.sent).toHaveLength(24);
	// Calls may be late, on a busy machine, and never early: the 11th not within the first second, the 21st not within the second one.
	const calledAt = outcomes.flatMap((each) => each.calledAt).sort((one, other) => one - other);
	expect(calledAt.map((at, index) => Math.min(Math.floor((at - began) / 1_000), Math.floor(index / 10)))).toEqual(
		calledAt.map((_, index) => Math.floor(index / 10)),
	);
});
