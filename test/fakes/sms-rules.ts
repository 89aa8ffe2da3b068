import type { Answer } from './server';

/** What Twilio refuses in a call, from twilio-oai (api v2010, messaging v1) and twilio.com/docs/api/errors. */

const STATUSES: Readonly<Record<number, number>> = { 20003: 401, 20403: 403, 20404: 404, 20429: 429, 10001: 403 };

export function refusal(code: number, message = `Refused with ${code}`): Answer {
	const status = STATUSES[code] ?? 400;
	return {
		status,
		headers: { 'twilio-request-id': 'RQ00000000000000000000000000000001' },
		json: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
	};
}

export const FIELDS = {
	message: ['To', 'From', 'MessagingServiceSid', 'Body', 'MediaUrl', 'StatusCallback'],
	number: ['SmsUrl', 'SmsMethod', 'SmsFallbackUrl', 'SmsFallbackMethod'],
	service: ['InboundRequestUrl', 'InboundMethod', 'FallbackUrl', 'FallbackMethod', 'UseInboundWebhookOnNumber'],
} as const;

export function unknownField(form: URLSearchParams, kind: keyof typeof FIELDS): Answer | null {
	const known: readonly string[] = FIELDS[kind];
	const unknown = [...form.keys()].find((name) => !known.includes(name));
	return unknown === undefined ? null : refusal(20001, `Unknown parameter ${unknown}`);
}

/** Public and whole, the host without underscores. */
export function isAddress(text: string): boolean {
	return /^https?:\/\//.test(text) && URL.canParse(text) && !new URL(text).hostname.includes('_');
}

/** `numbers`: of the account. `services`: with the numbers in their pools. */
export function refusalOfMessage(form: URLSearchParams, numbers: readonly string[], services: ReadonlyMap<string, readonly string[]>): Answer | null {
	const [to, from, service, callback] = [form.get('To'), form.get('From'), form.get('MessagingServiceSid'), form.get('StatusCallback')];
	const media = form.getAll('MediaUrl');
	if (!to) return refusal(21604, "A 'To' phone number is required.");
	if (!from && !service) return refusal(21603, "A 'From' or 'MessagingServiceSid' parameter is required to send a message.");
	const pool = service ? services.get(service) : undefined;
	if (service && !pool) return refusal(21701, 'The Messaging Service does not exist.');
	if (from && pool && !pool.includes(from)) return refusal(21711, 'The sender is not associated to the specified Messaging Service.');
	if (from && !pool && !numbers.includes(from) && /^\+/.test(from)) return refusal(21660, "Mismatch between the 'From' number and the account");
	if (!/^\+[1-9]\d{6,14}$/.test(to)) return refusal(21211, "Invalid 'To' Phone Number");
	if (!form.get('Body') && media.length === 0) return refusal(21619, 'A Message Body, Media URL or Content SID is required');
	if ((form.get('Body') ?? '').length > 1600) return refusal(21617, 'The concatenated message body exceeds the 1600 character limit');
	if (media.length > 10) return refusal(21623, 'Number of media files exceeds allowed limit');
	if (!media.every(isAddress)) return refusal(21620, 'Invalid media URL(s)');
	if (callback !== null && !isAddress(callback)) return refusal(21609, "Invalid 'StatusCallback'");
	return null;
}
