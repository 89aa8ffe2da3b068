import type { Address, ChannelId } from './channel';
import type { Connection } from './connection';
import type { Desk } from './desk';
import { failure, type Failure } from './failure';
import type { Contact, ContactAddress } from './records';

/** Where a message is to go. */
export interface Route {
	/** A channel, or the one of the contact's last interaction (A2, A3). */
	channel: 'lastInteracted' | ChannelId;
	/** The channels the node may send on, and as whom. */
	connections: Connections;
}

export type Connections = Partial<Record<ChannelId, Connection>>;

/** A connection that works. */
export type Usable = Exclude<Connection, { failure: Failure }>;

/**
 * `address`: one that is known, or the one of somebody who has not written there yet. `unusable`: it would go there, but
 * the credential is of no use.
 */
export type Choice = { address: ContactAddress | Address; connection: Usable } | { failure: Failure; unusable?: ContactAddress };

export type Person = Pick<Contact, 'phone' | 'email'>;

/** A2, A3, A25. `addresses`: latest interaction first. */
export function chooseAddress(desk: Desk, { channel: asked, connections }: Route, person: Person, addresses: readonly ContactAddress[]): Choice {
	if (asked !== 'lastInteracted' && !connections[asked]) {
		const { name } = desk.channel(asked);
		return notConnected(asked, `${name} is not among this node's 'Connected Channels', or has no credential there. Add it.`);
	}
	if (asked !== 'lastInteracted') return onChannel(desk, asked, connections, person, addresses.filter(({ channel }) => channel === asked));
	const latest = addresses.find(({ lastInteractionAt }) => lastInteractionAt > 0);
	return latest ? known(desk, connections, latest) : onlyWayToReach(desk, connections, person);
}

/** Any account that the node has will do there; the last interaction is one place only. */
function onChannel(desk: Desk, id: ChannelId, connections: Connections, person: Person, addresses: readonly ContactAddress[]): Choice {
	const [latest] = addresses;
	const usable = addresses.filter((each) => serves(connections[id], each));
	const written = usable.find(({ lastInboundAt }) => lastInboundAt !== null);
	if (written) return known(desk, connections, written);
	// Nobody has answered from where we wrote first: what is known of the person now counts, as a number may have changed.
	const { reach: by, can } = desk.channel(id);
	const isReached = typeof by?.(person) === 'string' && (usable.length > 0 || can.window === null);
	return latest && !isReached ? known(desk, connections, usable[0] ?? latest) : reach(desk, id, connections, person);
}

function known(desk: Desk, connections: Connections, address: ContactAddress): Choice {
	const connection = connections[address.channel];
	const { name } = desk.channel(address.channel);
	if (!connection) {
		return notConnected(
			address.channel,
			`The contact last wrote on ${name}, which is not among this node's 'Connected Channels', or has no credential there. Add it, or choose a channel.`,
		);
	}
	if ('failure' in connection) return { ...connection, unusable: address };
	if (!serves(connection, address)) {
		return notConnected(
			address.channel,
			`The contact writes to the ${name} account ${address.account}; this node's credential is for ${connection.accounts?.join(', ') ?? 'another'}. Choose the credential of that account.`,
		);
	}
	return { address, connection };
}

/** Somebody who has not written on the chosen channel: some can be written to first. */
function reach(desk: Desk, id: ChannelId, connections: Connections, person: Person): Choice {
	const channel = desk.channel(id);
	const refuse = (reason: string): Choice => ({ failure: failure('no_channel', reason, { channel: id }) });
	if (!channel.reach) {
		return refuse(`The contact has never written on ${channel.name}. Choose another channel, or 'Last Interacted Channel'.`);
	}
	const user = channel.reach(person);
	if (user === null) {
		return refuse(
			`The contact has never written on ${channel.name}, and what is needed to write first (${whatIsNeeded(desk, id)}) is not known. Add it with the Conversations node (Contact > Create or Update), or choose another channel.`,
		);
	}
	const connection = connections[id];
	if (!connection || 'failure' in connection) return connection ?? notConnected(id, `${channel.name} has no credential on this node. Add it.`);
	const [account] = connection.accounts ?? [];
	if (account === undefined) return refuse(`There is no ${channel.name} account to write from. Choose its credential on this node.`);
	return { address: { channel: id, account, user }, connection };
}

/** Without any interaction there is no last channel, but there may be one way only. */
function onlyWayToReach(desk: Desk, connections: Connections, person: Person): Choice {
	const ways = waysToReach(desk, connections, person);
	const [only] = ways;
	if (only && ways.length === 1) return reach(desk, only, connections, person);
	const reason = only
		? `The contact has not written on any channel yet, so there is no last one. Choose ${ways.map((id) => desk.channel(id).name).join(' or ')} under 'Channel'.`
		: "The contact has no channel to send on: it has not written on any connected channel yet. Wait until it writes, or choose a channel that can write first to its phone number or email.";
	return { failure: failure('no_channel', reason) };
}

/** The connected channels on which this person can be written to first. */
export function waysToReach(desk: Desk, connections: Connections, person: Person): ChannelId[] {
	return (Object.keys(connections) as ChannelId[]).filter((id) => typeof desk.channel(id).reach?.(person) === 'string');
}

/** 'a phone number' */
function whatIsNeeded(desk: Desk, id: ChannelId): string {
	const { reach: by } = desk.channel(id);
	return by?.({ phone: null, email: 'ann@example.com' }) ? 'an email address' : 'a phone number';
}

function notConnected(channel: ChannelId, reason: string): { failure: Failure } {
	return { failure: failure('channel_not_connected', reason, { channel }) };
}

function serves(connection: Connection | undefined, { account }: ContactAddress): boolean {
	return connection !== undefined && !('failure' in connection) && (connection.accounts === null || connection.accounts.includes(account));
}
