import { MalformedPayload, type Address, type ChannelEvent, type WebhookReply, type WebhookRequest } from '../../core/channel';
import { isNumber, type SmsCredential } from './credential';
import { OTHER_CHANNEL, RCS_PREFIX, SMS } from './facts';
import { canceled, lateFailure } from './failures';
import { contentOf } from './inbound';
import { wishOf } from './opt-out';
import { param, paramsOf, type Params } from './params';

/** A document that tells Twilio to answer nothing: what is said goes out by the API. */
const NOTHING_TO_SAY: WebhookReply = {
	status: 200,
	headers: { 'content-type': 'text/xml' },
	body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
};

export function answer(refused: MalformedPayload | null): WebhookReply {
	return refused === null ? NOTHING_TO_SAY : { status: refused.status };
}

/** What Twilio posts: one message of a person, or one piece of news about one of ours. */
interface Call {
	params: Params;
	sid: string;
	/** Undefined: a message of a person. */
	status: string | undefined;
	/** `key`: the provider's id for the fact; one call may tell several. */
	about(key: string): { key: string; channel: 'sms'; account: string; at: number };
	person(number: string): Address;
}

export function parse(request: WebhookRequest, credential: SmsCredential, account: string): ChannelEvent[] {
	const params = paramsOf(request);
	const sid = param(params, 'MessageSid') ?? param(params, 'SmsSid');
	if (sid === undefined) throw new MalformedPayload("The body has no 'MessageSid'.");
	const status = param(params, 'MessageStatus');
	const ours = accountOf(params, status === undefined ? 'To' : 'From', credential, account);
	const call: Call = {
		params,
		sid,
		status,
		about: (key) => ({ key, channel: SMS.id, account: ours, at: request.receivedAt }),
		person: (number) => ({ channel: SMS.id, account: ours, user: number.replace(RCS_PREFIX, '') }),
	};
	return status === undefined ? received(call) : [news(call, status)];
}

/**
 * Several numbers may post to one address: each is an account. All numbers of the credential's service are one, its 'From'
 * among them. News of a message that the service sent need not name it.
 */
function accountOf(params: Params, end: 'To' | 'From', { messagingServiceSid, from }: SmsCredential, account: string): string {
	const [number, service] = [param(params, end), param(params, 'MessagingServiceSid')];
	const isNamed = service === messagingServiceSid || (service === undefined && (end === 'From' || number === from));
	return messagingServiceSid !== '' && isNamed ? messagingServiceSid : (number ?? account);
}

function ignored({ about, sid, status }: Call, why: string): ChannelEvent {
	return { ...about(status === undefined ? sid : `${status}:${sid}`), kind: 'ignored', why };
}

function received(call: Call): ChannelEvent[] {
	const { params, sid, about, person } = call;
	const number = param(params, 'From');
	if (number === undefined) return [ignored(call, 'a message without a sender')];
	if (OTHER_CHANNEL.test(number)) return [ignored(call, 'a message of another channel that Twilio has')];
	const from = person(number);
	const known = isNumber(from.user) ? { profile: { phone: from.user } } : {};
	const wish = wishOf(params);
	// Twilio has answered it, and refuses what we would say (21610).
	if (wish === 'stop') return [{ ...about(`stop:${sid}`), kind: 'consent', from, allowed: false }];
	const consent: ChannelEvent = { ...about(`start:${sid}`), kind: 'consent', from, allowed: true };
	if (wish === 'start') return [{ ...about(sid), kind: 'activity', from, what: 'followed', ...known }, consent];
	const content = contentOf(params);
	if (!content) return [ignored(call, 'a message without words or files')];
	const message: ChannelEvent = { ...about(sid), kind: 'message', from, content, externalId: sid, ...known, ...segments(params) };
	return wish === 'yes' ? [consent, message] : [message];
}

/** What the person's text came in: each is paid for. An MMS is one message. */
function segments(params: Params) {
	const count = Number(param(params, 'NumSegments') ?? 0);
	const isText = Number(param(params, 'NumMedia') ?? 0) === 0;
	return isText && Number.isInteger(count) && count > 0 ? { details: { segments: count } } : {};
}

const ARRIVED = { sent: 'sent', delivered: 'delivered', read: 'read' } as const;
const FAILED: ReadonlySet<string> = new Set(['failed', 'undelivered']);

const isArrived = (status: string): status is keyof typeof ARRIVED => Object.hasOwn(ARRIVED, status);

function news(call: Call, status: string): ChannelEvent {
	const { params, sid, about, person } = call;
	const number = param(params, 'To');
	const receipt = { ...about(`${status}:${sid}`), kind: 'receipt', externalId: sid, ...(number !== undefined && { to: person(number) }) } as const;
	if (isArrived(status)) return { ...receipt, state: ARRIVED[status] };
	if (status === 'canceled') return { ...receipt, state: 'failed', failure: canceled() };
	if (FAILED.has(status)) return { ...receipt, state: 'failed', failure: lateFailure(param(params, 'ErrorCode'), param(params, 'ErrorMessage')) };
	return ignored(call, `the status '${status}', which says nothing of the message's arrival`);
}
