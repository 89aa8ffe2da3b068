import { announce, cancelled } from './announcing';
import type { Attempt, ChannelId, Content } from './channel';
import type { Desk } from './desk';
import type { Draft } from './draft';
import { ConversationsError, type Failure } from './failure';
import { FAILURE_CODES } from './failure-codes';
import { repeated, type Sent } from './handover';
import { mayTryAgain, send, unknownContact } from './outbox';
import type { Message } from './records';
import { chooseAddress, type Route } from './routing';

/** A message with what is to be done when it cannot go as it was asked for. */
export interface Plan extends Omit<Draft, 'content' | 'unfilled' | 'notes' | 'attempts' | 'goesOn'> {
	/** Tried in this order when the message surely did not go on `channel`. */
	fallbackChannels: readonly ChannelId[];
	/**
	 * When free-form messages are not allowed now, or all that are allowed are used: `nextChannel` goes on with
	 * `fallbackChannels` or, without any, with the other channels that the contact has written on, latest first.
	 * `template`: the channel's template, where there is one, and then `fallbackChannels`. `fail`: with a closed window
	 * nothing else is tried.
	 */
	ifWindowClosed: 'fail' | 'template' | 'nextChannel';
	/** Channels with a template for a closed window. */
	templates: readonly ChannelId[];
	/** What goes on this channel, complete. @throws ConversationsError */
	write(channel: ChannelId, form: Form): Promise<Written>;
}

/** As it was asked for, or as it may go when the window is closed. */
export type Form = 'asked' | 'template';

export interface Written {
	content: Content;
	/** Names of variables that had no value. */
	unfilled: string[];
	/** What was done differently from what was asked, as sentences. */
	notes: string[];
}

/** A channel that the message can go on. */
interface Step {
	target: ChannelId;
	form: Form;
	/** What is told of the channels before it that lead nowhere. */
	passed: Failure[];
}

const WINDOW: ReadonlySet<Failure['code']> = new Set(['window_closed', 'quota_used']);

/** The only way out. Never throws for what concerns one message: the failure is the answer. */
export async function sendInTurn(desk: Desk, plan: Plan): Promise<Sent> {
	const earlier = await desk.store.records.messages.byIdempotencyKey(plan.idempotencyKey);
	if (earlier && !mayTryAgain(earlier, plan)) return repeated(earlier);
	const planned = await stepsOf(desk, plan);
	if ('failure' in planned) return { ok: false, failure: planned.failure, message: null };
	const { steps } = planned;
	const attempts: Attempt[] = [];
	let row: Message | null = null;
	for (let step = steps[0]; ; ) {
		if (!step) throw new Error('A message has no way to go');
		const current: Step = step;
		attempts.push(...current.passed.map((cause) => attemptOf(desk, cause)));
		const next = (cause: Failure) => following(plan, steps, current, cause);
		const sent = await sendStep(desk, plan, current, attempts, (cause) => next(cause) !== undefined);
		if (sent.ok) return sent;
		row = sent.message ?? row;
		step = wasTried(sent.message) ? next(sent.failure) : undefined;
		if (!step) return sent.message === null && row !== null ? await concede(desk, row) : sent;
		attempts.push(attemptOf(desk, sent.failure));
	}
}

/** Whether it surely did not go. */
function wasTried(message: Message | null): boolean {
	return message === null || (message.status === 'failed' && message.providerId === null);
}

/** The channels that lead somewhere; else the first one's reason. */
async function stepsOf(desk: Desk, plan: Plan): Promise<{ steps: Step[] } | { failure: Failure }> {
	const contact = await desk.store.records.contacts.get(plan.contactId);
	if (!contact) return { failure: unknownContact(plan.contactId) };
	const addresses = await desk.store.records.addresses.ofContact(contact.id);
	const steps: Step[] = [];
	let passed: Failure[] = [];
	let first: Failure | null = null;
	for (const channel of routes(plan, addresses.map((address) => address.channel))) {
		const choice = chooseAddress(desk, { channel, connections: plan.connections }, contact, addresses);
		if ('failure' in choice) {
			first ??= choice.failure;
			passed.push(choice.failure);
			continue;
		}
		const target = choice.address.channel;
		if (steps.some((known) => known.target === target)) continue;
		steps.push({ target, form: 'asked', passed });
		if (plan.ifWindowClosed === 'template' && plan.templates.includes(target)) steps.push({ target, form: 'template', passed: [] });
		passed = [];
	}
	return steps.length > 0 || !first ? { steps } : { failure: first };
}

function routes({ channel, fallbackChannels, ifWindowClosed, connections }: Plan, known: readonly ChannelId[]): Route['channel'][] {
	const others = ifWindowClosed === 'nextChannel' ? known.filter((id) => connections[id] !== undefined) : [];
	return [channel, ...new Set(fallbackChannels.length > 0 ? fallbackChannels : others)];
}

function following({ ifWindowClosed, fallbackChannels }: Plan, steps: readonly Step[], current: Step, { code }: Failure): Step | undefined {
	if (!FAILURE_CODES[code].goesOn) return undefined;
	const later = steps.slice(steps.indexOf(current) + 1);
	const template = later.find(({ target, form }) => target === current.target && form === 'template');
	if (code === 'window_closed' && template) return template;
	const goesOn = WINDOW.has(code) && ifWindowClosed === 'nextChannel' ? true : fallbackChannels.length > 0 && !(code === 'window_closed' && ifWindowClosed === 'fail');
	return goesOn ? later.find(({ target }) => target !== current.target) : undefined;
}

async function sendStep(desk: Desk, plan: Plan, { target, form }: Step, attempts: readonly Attempt[], goesOn: Draft['goesOn']): Promise<Sent> {
	if (plan.signal?.aborted) return { ok: false, failure: cancelled(target), message: null };
	try {
		const written = await plan.write(target, form);
		// The channel is named outright, so that a message that comes in meanwhile leads it nowhere else.
		return await send(desk, { ...plan, ...written, channel: target, attempts: [...attempts], goesOn });
	} catch (error) {
		if (error instanceof ConversationsError) return { ok: false, failure: error.failure, message: null };
		throw error;
	}
}

function attemptOf(desk: Desk, { channel, code, reason, providerCode }: Failure): Attempt {
	return { channel, code, reason, providerCode, at: desk.now() };
}

/** The last channel was lost on the way: what became of the message before stands. */
async function concede(desk: Desk, row: Message): Promise<Sent> {
	return await desk.store.atomically(async (records) => {
		const message = (await records.messages.get(row.id)) ?? row;
		if (message.status === 'failed') await announce(desk, records, message);
		return message.status === 'failed' && message.failure
			? { ok: false, failure: message.failure, message }
			: { ok: true, message };
	});
}
