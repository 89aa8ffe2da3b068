import { announce, cancelled } from './announcing';
import type { Attempt, ChannelId, EpochMs } from './channel';
import type { Desk } from './desk';
import type { Draft } from './draft';
import { ConversationsError, type Failure } from './failure';
import { FAILURE_CODES } from './failure-codes';
import { repeated, type Sent } from './handover';
import { mayTryAgain, send, unknownContact } from './outbox';
import type { Form, Plan } from './plan';
import type { Message } from './records';
import { chooseAddress, type Choice, type Route } from './routing';
import { present } from './sent-ids';
import { queueAgain } from './under-way';
import { windowRefusal, windowState } from './window';

/** A channel that the message can go on. */
interface Step {
	target: ChannelId;
	form: Form;
	/** Of the contact there. */
	lastInboundAt: EpochMs | null;
	/** What is told of the channels before it that lead nowhere. */
	passed: Failure[];
}

interface Ways {
	steps: Step[];
	/** What is told of the channels after the last step, which lead nowhere. */
	left: Failure[];
}

const WINDOW: ReadonlySet<Failure['code']> = new Set(['window_closed', 'quota_used']);

/** The only way out. Never throws for what concerns one message: the failure is the answer. */
export async function sendInTurn(desk: Desk, plan: Plan): Promise<Sent> {
	const earlier = await desk.store.records.messages.byIdempotencyKey(plan.idempotencyKey);
	if (earlier && !mayTryAgain(earlier, plan)) return repeated(earlier);
	const ways = await waysOf(desk, plan);
	if ('failure' in ways) return await nowhere(desk, plan, ways, earlier);
	const { steps, left } = ways;
	const attempts: Attempt[] = [];
	let row: Message | null = null;
	for (let step = steps[0]; ; ) {
		if (!step) throw new Error('A message has no way to go');
		const current: Step = step;
		attempts.push(...current.passed.map((cause) => attemptOf(desk, cause)));
		const next = (cause: Failure) => following(plan, steps, current, cause);
		const sent = await sendStep(desk, plan, current, { attempts, earlier }, (cause) => next(cause) !== undefined);
		if (sent.ok) return sent;
		row = sent.message ?? row;
		step = wasTried(sent.message) ? next(sent.failure) : undefined;
		// So that it is not forgotten when this process dies before the next try.
		if (step && sent.message && !(await queueAgain(desk, sent.message.id, 'failed'))) step = undefined;
		const own = attemptOf(desk, sent.failure);
		if (!step) {
			const unreached = leadsOn(plan, sent.failure) ? left.map((cause) => attemptOf(desk, cause)) : [];
			if (sent.message) return await withAttempts(desk, sent, sent.message, unreached);
			return row ? await concede(desk, row, [...attempts, own, ...unreached]) : sent;
		}
		attempts.push(own);
	}
}

type Nowhere = Extract<Choice, { failure: Failure }>;

/** No channel leads anywhere. Where only the credential is of no use, the message is kept as one that did not go. */
async function nowhere(desk: Desk, plan: Plan, { failure, unusable }: Nowhere, earlier: Message | undefined): Promise<Sent> {
	const step = unusable && { target: unusable.channel, form: 'asked' as const, lastInboundAt: unusable.lastInboundAt, passed: [] };
	const sent = step && (await sendStep(desk, plan, step, { attempts: [], earlier }, () => false));
	return sent?.message ? sent : { ok: false, failure, message: null };
}

/** Whether it surely did not go. */
function wasTried(message: Message | null): boolean {
	return message === null || (message.status === 'failed' && message.providerId === null);
}

/** The channels that lead somewhere; else the first one's reason. */
async function waysOf(desk: Desk, plan: Plan): Promise<Ways | Nowhere> {
	const contact = await desk.store.records.contacts.get(plan.contactId);
	if (!contact) return { failure: unknownContact(plan.contactId) };
	const addresses = await desk.store.records.addresses.ofContact(contact.id);
	const steps: Step[] = [];
	let passed: Failure[] = [];
	let first: Nowhere | null = null;
	const written = addresses.filter(({ lastInboundAt }) => lastInboundAt !== null);
	for (const channel of routes(plan, written.map((address) => address.channel))) {
		const choice = chooseAddress(desk, { channel, connections: plan.connections }, contact, addresses);
		if ('failure' in choice) {
			first ??= choice;
			passed.push(choice.failure);
			// The other channels that the contact has written on are for a closed window alone.
			if (steps.length === 0 && plan.fallbackChannels.length === 0) break;
			continue;
		}
		const target = choice.address.channel;
		if (steps.some((known) => known.target === target)) continue;
		const lastInboundAt = await wroteAt(desk, choice.address);
		steps.push({ target, form: 'asked', lastInboundAt, passed });
		if (plan.ifWindowClosed === 'template' && plan.templates.includes(target)) steps.push({ target, form: 'template', lastInboundAt, passed: [] });
		passed = [];
	}
	return steps.length > 0 || !first ? { steps, left: passed } : first;
}

async function wroteAt(desk: Desk, address: Exclude<Choice, { failure: Failure }>['address']): Promise<EpochMs | null> {
	const known = 'id' in address ? address : await desk.store.records.addresses.find(address);
	return known?.lastInboundAt ?? null;
}

function routes({ channel, fallbackChannels, ifWindowClosed, connections }: Plan, written: readonly ChannelId[]): Route['channel'][] {
	const others = ifWindowClosed === 'nextChannel' ? written.filter((id) => connections[id] !== undefined) : [];
	return [channel, ...new Set(fallbackChannels.length > 0 ? fallbackChannels : others)];
}

function following(plan: Plan, steps: readonly Step[], current: Step, cause: Failure): Step | undefined {
	const later = steps.slice(steps.indexOf(current) + 1);
	const template = later.find(({ target, form }) => target === current.target && form === 'template');
	if (cause.code === 'window_closed' && template) return template;
	return leadsOn(plan, cause) ? later.find(({ target }) => target !== current.target) : undefined;
}

/** Whether another channel is to be tried after it. */
function leadsOn({ ifWindowClosed, fallbackChannels }: Plan, { code }: Failure): boolean {
	if (!FAILURE_CODES[code].goesOn) return false;
	if (WINDOW.has(code) && ifWindowClosed === 'nextChannel') return true;
	return fallbackChannels.length > 0 && !(code === 'window_closed' && ifWindowClosed === 'fail');
}

/** What was tried: ways of this run, and the message of an earlier one. */
interface Before {
	attempts: readonly Attempt[];
	earlier?: Message | undefined;
}

async function sendStep(desk: Desk, plan: Plan, step: Step, before: Before, goesOn: Draft['goesOn']): Promise<Sent> {
	const { target, form } = step;
	if (plan.signal?.aborted) return { ok: false, failure: cancelled(target), message: null };
	const closed = closedWindow(desk, plan, step);
	if (closed && goesOn(closed)) return { ok: false, failure: closed, message: null };
	try {
		const written = await plan.write(target, form, before.earlier);
		// The channel is named outright, so that a message that comes in meanwhile leads it nowhere else.
		return await send(desk, { ...plan, ...written, channel: target, attempts: [...before.attempts], goesOn });
	} catch (error) {
		if (error instanceof ConversationsError) return { ok: false, failure: error.failure, message: null };
		throw error;
	}
}

function attemptOf(desk: Desk, { channel, code, reason, providerCode }: Failure): Attempt {
	return { channel, code, reason, providerCode, at: desk.now() };
}

/** Known before its files are fetched and its length is counted, which do not matter then. */
function closedWindow(desk: Desk, { humanAgent, isTemplate }: Plan, { target, form, lastInboundAt }: Step): Failure | null {
	if (form === 'template' || isTemplate(target)) return null;
	const [channel, now] = [desk.channel(target), desk.now()];
	return windowRefusal({ kind: 'text', text: '' }, channel, { lastInboundAt }, windowState(channel.can.window, lastInboundAt, now, humanAgent), now);
}

/** The channels after it were lost on the way: what became of the message before stands. */
async function concede(desk: Desk, row: Message, attempts: Attempt[]): Promise<Sent> {
	return await desk.store.atomically(async (records) => {
		// False: somebody else has dealt with it.
		if (await records.messages.advance(row.id, ['queued'], 'failed')) {
			await records.messages.update(row.id, { details: { ...row.details, attempts } });
			await announce(desk, records, await present(records, row.id));
		}
		return repeated(await present(records, row.id));
	});
}

/** The channels that lead nowhere are told, too, so that it is known why they were not tried. */
async function withAttempts(desk: Desk, sent: Sent, { id, details }: Message, more: Attempt[]): Promise<Sent> {
	if (more.length > 0) await desk.store.records.messages.update(id, { details: { ...details, attempts: [...(details?.attempts ?? []), ...more] } });
	return sent;
}
