import { channels } from '../../../src/channels';
import type { Address, Channel, ChannelId, EpochMs, Rate } from '../../../src/core/channel';
import type { Desk } from '../../../src/core/desk';
import { send } from '../../../src/core/outbox';
import type { CredentialFields } from '../../../src/core/provider';
import type { Message } from '../../../src/core/records';
import type { Usable } from '../../../src/core/routing';
import { accountOf } from '../../../src/n8n/calls/accounts';
import { sendPorts } from '../../../src/n8n/calls/connections';
import { Pacer } from '../../../src/n8n/calls/pacing';
import { openDesk } from '../../../src/n8n/host';
import { pause } from '../../../src/n8n/pause';
import { draft, write } from '../../core/desk';

/** `rate`: of the account, in place of the channel's own. `first`: the number of the first message, in its text and key. */
export interface SendJob {
	job: 'send';
	channel: ChannelId;
	fields: CredentialFields;
	contactId: string;
	first: number;
	count: number;
	rate?: Rate;
}

export type Job = { job: 'open' } | { job: 'receive'; from: Address; at: EpochMs } | SendJob;

export interface Outcomes {
	/** What became of the messages: 'sent', or the code of the failure. */
	became: string[];
	/** When the channel was told to send, by this process's clock. */
	calledAt: EpochMs[];
}

/** A process of n8n of its own, with its data in the file (its first argument); does the jobs that its parent sends. */
process.env['CONVERSATIONS_DATABASE_URL'] = `sqlite:${process.argv[2] ?? ''}`;

async function work(asked: Job): Promise<string | Message | Outcomes> {
	const desk = await openDesk();
	if (asked.job === 'open') return 'open';
	if (asked.job === 'receive') return await write({ ...desk, now: () => asked.at }, 'Hello', asked.from);
	const calledAt: EpochMs[] = [];
	return { became: await sendAll(noting(asked.rate ? withRate(desk, asked.rate) : desk, calledAt), asked), calledAt };
}

async function sendAll(desk: Desk, { channel, fields, contactId, first, count }: SendJob): Promise<string[]> {
	const connections = { [channel]: await connectionOf(desk, desk.channel(channel), fields) };
	const one = async (number: number) => {
		const sent = await send(desk, draft(contactId, `Message ${number}`, { channel, connections, idempotencyKey: `message-${number}` }));
		return sent.ok ? 'sent' : sent.failure.code;
	};
	return await Promise.all(Array.from({ length: count }, (_, index) => one(first + index)));
}

async function connectionOf(desk: Desk, channel: Channel, fields: CredentialFields): Promise<Usable> {
	const { provider } = channel;
	if (!provider) throw new Error('This channel has no provider');
	const { account, credential, ports } = await accountOf(provider, fields);
	return {
		accounts: [account],
		ports: sendPorts(desk, channel, ports),
		monthlyQuota: provider.monthlyQuota?.(credential) ?? null,
		messagesPerWindow: provider.messagesPerWindow?.(credential) ?? null,
	};
}

function withRate(desk: Desk, account: Rate): Desk {
	const channel = (id: ChannelId): Channel => ({ ...channels[id], can: { ...channels[id].can, rates: { account, recipient: null } } });
	const pacer = new Pacer(channel, desk.store, () => desk.now(), pause);
	return { ...desk, channel, pace: (to, signal) => pacer.pace(to, signal) };
}

function noting(desk: Desk, calledAt: EpochMs[]): Desk {
	const channel = (id: ChannelId): Channel => {
		const original = desk.channel(id);
		const send: Channel['send'] = (...message) => {
			calledAt.push(desk.now());
			return original.send(...message);
		};
		return { ...original, send };
	};
	return { ...desk, channel };
}

process.on('message', (asked) => {
	work(asked as Job).then(
		(value) => process.send?.({ value }),
		(error: Error) => process.send?.({ error: `${error.name}: ${error.message}` }),
	);
});
process.send?.('ready');
