import type { Capabilities, Channel, Content, EpochMs } from './channel';
import { failure, type Failure } from './failure';
import type { ContactAddress } from './records';

/**
 * What the provider allows now: `open` anything; `humanAgent` what a person of ours wrote; `charged` anything, counted in
 * the month's quota; `closed` approved templates at most.
 */
export type WindowState = 'open' | 'humanAgent' | 'charged' | 'closed';

/** The last moment of a window belongs to it. */
export function windowState(
	window: Capabilities['window'],
	lastInboundAt: EpochMs | null,
	now: EpochMs,
	humanAgent: boolean,
): WindowState {
	if (window === null) return 'open';
	const since = lastInboundAt === null ? Infinity : now - lastInboundAt;
	if (since <= window.ms) return 'open';
	if (window.after === 'charged') return 'charged';
	return humanAgent && since <= (window.humanAgentMs ?? 0) ? 'humanAgent' : 'closed';
}

/** Why this content cannot go in this state; null: it can. Found without a call to the provider (promise 6). */
export function windowRefusal(
	content: Content,
	{ id, name, can }: Channel,
	address: Pick<ContactAddress, 'lastInboundAt'>,
	state: WindowState,
	now: EpochMs,
): Failure | null {
	if (state !== 'closed' || content.kind === 'template' || can.window === null) return null;
	const { lastInboundAt } = address;
	const { window } = can;
	const happened =
		lastInboundAt === null
			? `The contact has not written on ${name} yet, and ${name} lets a business write freely only after that.`
			: `The ${name} window closed ${ago(now - lastInboundAt - window.ms)} ago: ${name} lets a business write freely for ${span(window.ms)} after the contact's last message.`;
	const extended =
		window.humanAgentMs !== undefined && lastInboundAt !== null && now - lastInboundAt <= window.humanAgentMs
			? ` If a person wrote this message, turn on the option 'Human Agent'.`
			: '';
	const next = window.after === 'templates' ? 'Send an approved template, or wait until the contact writes.' : 'Wait until the contact writes.';
	return failure('window_closed', `${happened} ${next}${extended}`, { channel: id });
}

/** How many messages of the provider this becomes: each file is one, as is a text that cannot stand with a file. */
export function messageCount(content: Content, { caption }: Pick<Capabilities, 'caption'>): number {
	if (content.kind !== 'media') return 1;
	return content.attachments.length + (caption === null && content.text?.trim() ? 1 : 0);
}

/** The provider allows so many messages until the contact writes again (C23, C24). `used`: sent or on their way. */
export function countUsed({ id, name }: Pick<Channel, 'id' | 'name'>, limit: number, used: number, needed: number): Failure {
	const left = Math.max(0, limit - used);
	if (needed > limit) {
		const reason = `${name} allows ${counted(limit, 'message')} until the contact writes again, and this message needs ${needed}, since each file and its text go as messages of their own. Send it with fewer files.`;
		return failure('quota_used', reason, { channel: id });
	}
	const happened =
		left === 0
			? `You have sent ${counted(limit, 'message')} since the contact last wrote, which is all that ${name} allows.`
			: `${name} allows ${counted(limit, 'message')} until the contact writes again; ${left} ${left === 1 ? 'is' : 'are'} left, and this message needs ${needed}, since each file and its text go as messages of their own.`;
	return failure('quota_used', `${happened} Wait until the contact writes: then the count begins anew.`, { channel: id });
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** '24 hours', '7 days' */
function span(ms: number): string {
	return ms % DAY_MS === 0 && ms > 2 * DAY_MS ? `${ms / DAY_MS} days` : counted(Math.round(ms / HOUR_MS), 'hour');
}

function ago(ms: number): string {
	if (ms >= 2 * DAY_MS) return counted(Math.floor(ms / DAY_MS), 'day');
	if (ms >= HOUR_MS) return counted(Math.floor(ms / HOUR_MS), 'hour');
	return counted(Math.max(1, Math.floor(ms / 60_000)), 'minute');
}

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** The calendar month in which charged messages count, UTC: '2026-11'. */
export function quotaPeriod(now: EpochMs): string {
	return new Date(now).toISOString().slice(0, 7);
}

export function quotaUsed({ id, name, can }: Channel, limit: number, lastInboundAt: EpochMs | null): Failure {
	const outside =
		lastInboundAt === null
			? `The contact has not written on ${name} yet`
			: `The contact's last message is more than ${span(can.window?.ms ?? 0)} old`;
	return failure(
		'quota_used',
		limit === 0
			? `${outside}, so ${name} would charge for this message, and the credential allows no charged messages. Wait until the contact writes, or raise 'Free Messages per Month' in the credential.`
			: `This month's ${limit === 1 ? 'message' : `${limit.toLocaleString('en-US')} messages`} outside the ${name} window ${limit === 1 ? 'is' : 'are'} used up. The count begins anew on the 1st (UTC); until then wait for the contact to write, or raise 'Free Messages per Month' in the credential if your contract with ${name} allows more.`,
		{ channel: id },
	);
}
