import type { CallPorts } from '../../core/provider';
import type { FailureRow } from '../kit/call';
import { objectAt, objectsAt, textAt, type JsonObject } from '../kit/json';
import { fetchResource, ofAccount, type Resource } from './api';
import { senderOf, type Sender, type SmsCredential } from './credential';
import { DEMO_HOST, RETRIES } from './facts';
import { misconfigured } from './failures';

type Ports = Pick<CallPorts<SmsCredential>, 'http' | 'credential'>;

/** Where it stands at Twilio to which address a sender's messages are posted. */
export interface Entry {
	resource: Resource;
	/** As Twilio's Console shows it. */
	name: string;
	/** What is set now; null: nothing. */
	url: string | null;
	/** Why nothing is posted there, as a sentence. To set an address puts it right. */
	problem: string | null;
	/** Why no address counts until somebody changes something at Twilio, as a sentence. */
	obstacle: string | null;
	/** Why it is no sender at all, as a sentence. */
	cannotSend: string | null;
	/** What sets another address; '': none. */
	form(url: string): Readonly<Record<string, string>>;
}

const NO_SERVICE: FailureRow = {
	status: 404,
	is: 'configuration_invalid',
	reason: "This Twilio account has no messaging service with the ID in 'Messaging Service SID' of the credential. Copy it from 'Messaging' > 'Services' in the Twilio Console.",
};

/** Null for a name, to which nobody can write. @throws ConversationsError when the account does not have the sender. */
export async function entryOf(ports: Ports): Promise<Entry | null> {
	const sender = senderOf(ports.credential);
	switch (sender.kind) {
		case 'service':
			return await serviceEntry(sender.id, ports);
		case 'number':
		case 'short code':
			return await numberEntry({ ...sender, kind: sender.kind }, ports);
		case 'name':
			return null;
	}
}

/** Source: messaging.twilio.com/v1, Service; read 2026-11-22. */
async function serviceEntry(sid: string, ports: Ports): Promise<Entry> {
	const resource = { url: `/v1/Services/${sid}`, base: 'messagingUrl' } as const;
	const service = await fetchResource(ports, resource, {}, [NO_SERVICE]);
	const name = textAt(service, 'friendly_name') ?? sid;
	return {
		resource,
		name,
		url: addressIn(textAt(service, 'inbound_request_url')),
		problem:
			service['use_inbound_webhook_on_number'] === true
				? `The messaging service '${name}' leaves incoming messages to the addresses of its numbers. Publish the workflow again, or set 'Send a webhook' under 'Integration' of the service in the Twilio Console.`
				: postsOnly(textAt(service, 'inbound_method'), `the messaging service '${name}'`),
		obstacle: null,
		cannotSend: null,
		form: (url) => ({
			InboundRequestUrl: url,
			FallbackUrl: fallback(url),
			...(url !== '' && { InboundMethod: 'POST', FallbackMethod: 'POST', UseInboundWebhookOnNumber: 'false' }),
		}),
	};
}

/** What was answered with an error is posted once more, and that again: n8n starts within some seconds. */
const fallback = (url: string) => (url === '' ? '' : url + RETRIES);

type Numbered = Sender & { kind: 'number' | 'short code' };

/** Source: api.twilio.com/2010-04-01, IncomingPhoneNumber and ShortCode; read 2026-11-22. */
const LISTS = {
	number: { path: '/IncomingPhoneNumbers', filter: 'PhoneNumber', list: 'incoming_phone_numbers', id: 'phone_number' },
	'short code': { path: '/SMS/ShortCodes', filter: 'ShortCode', list: 'short_codes', id: 'short_code' },
} as const;

async function numberEntry({ kind, id }: Numbered, ports: Ports): Promise<Entry> {
	const { path, filter, list, id: idOf } = LISTS[kind];
	const answer = await fetchResource(ports, { url: ofAccount(ports.credential, `${path}.json`) }, { [filter]: id });
	const found = objectsAt(answer, list).find((each) => textAt(each, idOf) === id);
	const sid = textAt(found, 'sid');
	if (!found || sid === undefined) throw notThere(kind, id);
	return {
		resource: { url: ofAccount(ports.credential, `${path}/${sid}.json`) },
		name: id,
		url: addressIn(textAt(found, 'sms_url')),
		problem: postsOnly(textAt(found, 'sms_method'), id),
		obstacle: appInstead(found, id),
		cannotSend:
			objectAt(found, 'capabilities')['sms'] === false
				? `The number ${id} cannot send or receive SMS. Choose one that can in 'Phone Numbers' of the Twilio Console.`
				: null,
		form: (url) => ({ SmsUrl: url, SmsFallbackUrl: fallback(url), ...(url !== '' && { SmsMethod: 'POST', SmsFallbackMethod: 'POST' }) }),
	};
}

function notThere(kind: Numbered['kind'], id: string) {
	return misconfigured(
		kind === 'number'
			? `This Twilio account has no number ${id}. 'Phone Numbers' in the Twilio Console lists those it has; a number that Twilio lends to a trial account, or that belongs to a subaccount, cannot be used from here.`
			: `This Twilio account has no short code ${id}. 'Phone Numbers' > 'Short codes' in the Twilio Console lists those it has.`,
	);
}

/** The app may serve other numbers, so it is not taken away. */
function appInstead(number: JsonObject, id: string): string | null {
	if (textAt(number, 'sms_application_sid') === undefined) return null;
	return `A TwiML app handles the messages of ${id}, so Twilio ignores n8n's address. In the Twilio Console open the number, 'Messaging Configuration', set 'Configure with' to 'Webhook' and save; then publish the workflow again.`;
}

function postsOnly(method: string | undefined, where: string): string | null {
	if (method === undefined || method.toUpperCase() === 'POST') return null;
	return `Twilio calls the address of ${where} with ${method.toUpperCase()}, and n8n takes POST only. Publish the workflow again, or choose 'HTTP POST' beside the address in the Twilio Console.`;
}

/** What only Twilio reads of it, and what new numbers are given, does not count. */
function addressIn(url: string | undefined): string | null {
	if (url === undefined) return null;
	const [address = ''] = url.split('#');
	return URL.canParse(address) && new URL(address).host === DEMO_HOST ? null : address;
}
