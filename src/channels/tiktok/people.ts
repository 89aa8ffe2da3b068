import type { Address, ChannelEvent, EpochMs } from '../../core/channel';
import { objectAt, textAt, type JsonObject } from '../kit/json';
import { PERSON_ROLE, TIKTOK } from './facts';

/** Who a notice is about. */
export interface Talk {
	/** `user`: the conversation, since only it can be written to. */
	address: Address;
	/** The person's own ids, which stay when the conversation has another one. */
	aliases: string[];
}

/** Undefined: the notice names no conversation. */
export function talkOf(content: JsonObject, account: string): Talk | undefined {
	const user = textAt(content, 'conversation_id');
	if (user === undefined) return undefined;
	const person = [objectAt(content, 'from_user'), objectAt(content, 'to_user')].find(isPerson);
	const ids = [textAt(content, 'unique_identifier'), textAt(person, 'id')].filter((id) => id !== undefined);
	const aliases = [...new Set(ids)].filter((id) => id !== account && id !== user);
	return { address: { channel: TIKTOK.id, account, user }, aliases };
}

export function isPerson(participant: JsonObject): boolean {
	return PERSON_ROLE.test(textAt(participant, 'role') ?? '');
}

/**
 * The person now has this conversation: who is known by an own id is written to there from now on. Says nothing of people
 * nobody has met, and changes nothing where the conversation is the one that is known. `key`: of the notice.
 */
export function conversationOf({ address, aliases }: Talk, at: EpochMs, key: string): ChannelEvent[] {
	const [own] = aliases;
	if (own === undefined) return [];
	const { channel, account } = address;
	return [{ kind: 'identity', key: `identity:${key}`, channel, account, at, before: { ...address, user: own }, after: address, aliases }];
}
