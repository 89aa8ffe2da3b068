import type { ChannelId } from './channel';
import type { Connection } from './connection';
import type { Desk } from './desk';
import { failure, type Failure } from './failure';
import type { ContactAddress } from './records';

/** Where a message is to go. */
export interface Route {
	/** A channel, or the one of the contact's last interaction (A2, A3). */
	channel: 'lastInteracted' | ChannelId;
	/** The channels the node may send on, and as whom. */
	connections: Partial<Record<ChannelId, Connection>>;
}

/** A connection that works. */
export type Usable = Exclude<Connection, { failure: Failure }>;

/** A2, A3, A25. `addresses`: latest interaction first. */
export function chooseAddress(
	desk: Desk,
	{ channel: asked, connections }: Route,
	addresses: readonly ContactAddress[],
): { address: ContactAddress; connection: Usable } | { failure: Failure } {
	const nameOf = (id: ChannelId) => desk.channel(id).name;
	if (asked !== 'lastInteracted' && !connections[asked]) {
		return notConnected(asked, `${nameOf(asked)} is not among this node's 'Connected Channels', or has no credential there. Add it.`);
	}
	const candidates = asked === 'lastInteracted' ? addresses : addresses.filter(({ channel }) => channel === asked);
	const [latest] = candidates;
	if (!latest) {
		return {
			failure: failure(
				'no_channel',
				asked === 'lastInteracted'
					? 'The contact has no channel to send on: it has not written on any connected channel yet.'
					: `The contact has never written on ${nameOf(asked)}. Choose another channel, or 'Last Interacted Channel'.`,
				{ channel: asked === 'lastInteracted' ? null : asked },
			),
		};
	}
	// Of a channel that was chosen, any account that the node has will do; the last interaction is one place only.
	const usable = candidates.find((each) => serves(connections[each.channel], each));
	const address = asked === 'lastInteracted' ? latest : (usable ?? latest);
	const connection = connections[address.channel];
	if (!connection) {
		return notConnected(
			address.channel,
			`The contact last wrote on ${nameOf(address.channel)}, which is not among this node's 'Connected Channels', or has no credential there. Add it, or choose a channel.`,
		);
	}
	if ('failure' in connection) return connection;
	if (!serves(connection, address)) {
		return notConnected(
			address.channel,
			`The contact writes to the ${nameOf(address.channel)} account ${address.account}; this node's credential is for ${connection.accounts?.join(', ') ?? 'another'}. Choose the credential of that account.`,
		);
	}
	return { address, connection };
}

function notConnected(channel: ChannelId, reason: string): { failure: Failure } {
	return { failure: failure('channel_not_connected', reason, { channel }) };
}

function serves(connection: Connection | undefined, { account }: ContactAddress): boolean {
	return connection !== undefined && !('failure' in connection) && (connection.accounts === null || connection.accounts.includes(account));
}
