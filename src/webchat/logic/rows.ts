import type { WireAttachment, WireMessage } from '../../channels/webchat/wire';
import type { Outgoing } from './sender';

/** `open`: can be pressed. `chosen`: was pressed. `over`: the visitor went on without it. */
export type ChoiceState = 'open' | 'chosen' | 'over';

/** State of a message of the visitor. */
export type OwnState = Outgoing['state'] | 'delivered' | 'read';

export interface MessageRow {
	kind: 'message';
	/** Stays the same when the server's copy of a message takes over from ours, so that the bubble is not made anew. */
	key: string;
	/** The server's id; null for what it has not yet shown us. */
	id: string | null;
	/** Of the visitor's message, the id it is sent under. */
	clientId: string | null;
	from: WireMessage['from'];
	at: number;
	text: string | null;
	attachments: readonly WireAttachment[];
	choices: { id: string; label: string; state: ChoiceState }[];
	/** Null for messages of the business. */
	state: OwnState | null;
	refusal: string | null;
	/** First and last of a group: the same side, without a pause, on one day. */
	opensGroup: boolean;
	closesGroup: boolean;
}

export type Row = { kind: 'day'; key: string; at: number } | MessageRow;

const GROUP_PAUSE_MS = 5 * 60_000;

/**
 * What the page lists, oldest first: stored messages, then those on their way, with day separators.
 * @param dayOf names the visitor's local day of an instant; equal names are one day
 */
export function rowsOf(messages: readonly WireMessage[], outgoing: readonly Outgoing[], dayOf: (at: number) => string): Row[] {
	const shown = [...messages.map(storedRow), ...outgoing.map(outgoingRow)];
	markChoices(shown, messages, outgoing);
	const rows: Row[] = [];
	let before: MessageRow | undefined;
	for (const row of shown) {
		const newDay = before === undefined || dayOf(before.at) !== dayOf(row.at);
		row.opensGroup = newDay || before === undefined || before.from !== row.from || row.at - before.at > GROUP_PAUSE_MS;
		if (before) before.closesGroup = row.opensGroup;
		if (newDay) rows.push({ kind: 'day', key: `day ${dayOf(row.at)} ${row.key}`, at: row.at });
		rows.push(row);
		before = row;
	}
	return rows;
}

function storedRow(message: WireMessage): MessageRow {
	const own = message.from === 'visitor';
	return {
		kind: 'message',
		key: message.clientId ?? message.id,
		id: message.id,
		clientId: message.clientId,
		from: message.from,
		at: message.at,
		text: message.text ?? message.choice?.label ?? null,
		attachments: message.attachments,
		choices: message.choices.map((choice) => ({ ...choice, state: 'open' })),
		state: !own ? null : message.status === 'received' ? 'sent' : message.status,
		refusal: null,
		opensGroup: true,
		closesGroup: true,
	};
}

function outgoingRow(message: Outgoing): MessageRow {
	return {
		kind: 'message',
		key: message.id,
		id: message.storedId,
		clientId: message.id,
		from: 'visitor',
		at: message.createdAt,
		text: message.text ?? message.choice?.label ?? null,
		attachments: message.attachments,
		choices: [],
		state: message.state,
		refusal: message.refusal,
		opensGroup: true,
		closesGroup: true,
	};
}

/** Buttons are over once the visitor has said anything after them; the one the answer pressed is the chosen one. */
function markChoices(rows: MessageRow[], messages: readonly WireMessage[], outgoing: readonly Outgoing[]): void {
	const presses = [...messages.map(({ choice }) => ({ choice, messageId: null })), ...outgoing.map(({ choice }) => ({ choice, messageId: choice?.messageId ?? null }))];
	let open: MessageRow[] = [];
	rows.forEach((row, i) => {
		if (row.from === 'business') {
			if (row.choices.length > 0) open.push(row);
			return;
		}
		const press = presses[i];
		for (const offer of open) for (const choice of offer.choices) choice.state = 'over';
		const { choice: pressed, messageId } = press ?? { choice: null, messageId: null };
		if (pressed) {
			// A stored press does not say which message offered it: the latest that did, since the one before.
			const offer = open.filter((one) => messageId === null || one.id === messageId).findLast((one) => one.choices.some((c) => c.id === pressed.id));
			const choice = offer?.choices.find((c) => c.id === pressed.id && c.label === pressed.label) ?? offer?.choices.find((c) => c.id === pressed.id);
			if (choice) choice.state = 'chosen';
		}
		open = [];
	});
}
