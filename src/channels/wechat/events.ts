import { MalformedPayload, type Address, type ChannelEvent } from '../../core/channel';
import type { Referral } from '../../core/message-parts';
import { numberAt, textAt, type JsonObject } from '../kit/json';
import { WECHAT } from './facts';
import { contentOf } from './inbound';

/** What stands before the parameter of a code that somebody scanned who did not follow the account yet. */
const SCENE_PREFIX = 'qrscene_';

/** What one call tells. */
interface Call {
	fields: JsonObject;
	person: Address | undefined;
	/** `key`: the provider's id for the fact. */
	about(key: string): { key: string; channel: 'wechat'; account: string; at: number };
}

/** What a message or an event of WeChat's says. @throws MalformedPayload when it is neither. */
export function eventsOf(fields: JsonObject, account: string, receivedAt: number): ChannelEvent[] {
	const type = textAt(fields, 'MsgType');
	if (type === undefined) throw new MalformedPayload("The message has no 'MsgType'.");
	const user = textAt(fields, 'FromUserName');
	const seconds = numberAt(fields, 'CreateTime');
	const at = seconds === undefined ? receivedAt : seconds * 1000;
	const call: Call = {
		fields,
		person: user === undefined ? undefined : { channel: WECHAT.id, account, user },
		about: (key) => ({ key, channel: WECHAT.id, account, at }),
	};
	return type === 'event' ? activity(call, at) : [message(call, type, at)];
}

function message({ fields, person, about }: Call, type: string, at: number): ChannelEvent {
	const id = textAt(fields, 'MsgId');
	const key = `message:${id ?? `${person?.user ?? ''}:${at}`}`;
	if (id === undefined || !person) return { ...about(key), kind: 'ignored', why: 'a message without a sender or an ID' };
	const content = contentOf(fields, type, id);
	if (typeof content === 'string') return { ...about(key), kind: 'ignored', why: content };
	return { ...about(key), kind: 'message', from: person, content, externalId: id };
}

/** Events have no id of their own: the person, the second and the event are it. */
function activity({ fields, person, about }: Call, at: number): ChannelEvent[] {
	const event = textAt(fields, 'Event') ?? '';
	const fact = (part = event) => about(`${part}:${person?.user ?? ''}:${at}`);
	const ignored = (why: string): ChannelEvent[] => [{ ...fact(), kind: 'ignored', why }];
	if (!person) return ignored('an event without a person');
	const eventKey = textAt(fields, 'EventKey') ?? '';
	switch (event) {
		case 'subscribe': {
			const scene = eventKey.startsWith(SCENE_PREFIX) ? eventKey.slice(SCENE_PREFIX.length) : '';
			// What opens the window ends a block without a word, so the consent stands first.
			return [
				{ ...fact('subscribe-consent'), kind: 'consent', from: person, allowed: true },
				{ ...fact(), ...seen(person, scene, 'SCAN'), what: 'followed' },
			];
		}
		case 'unsubscribe':
			return [{ ...fact(), kind: 'consent', from: person, allowed: false }];
		case 'SCAN':
			return [{ ...fact(), ...seen(person, eventKey, event), what: 'referred' }];
		case 'CLICK':
			return [{ ...fact(), ...seen(person, eventKey, event), what: 'started' }];
		case 'VIEW':
			return ignored("a tap on the account's menu that opens a page");
		case 'LOCATION':
			return ignored('where the person is, which the app reports by itself');
		default:
			return ignored(`an event of the type '${event}'`);
	}
}

/** WeChat lets the account write for a minute after these; core has no shorter window than that after a message. */
function seen(from: Address, ref: string, source: string) {
	const referral: Referral = { ref, source, adId: null, headline: null, url: null };
	return { kind: 'activity', from, opensWindow: true, ...(ref !== '' && { details: { referral } }) } as const;
}
