import { sms } from '../../../src/channels/sms';
import { MalformedPayload, type ChannelEvent } from '../../../src/core/channel';
import { ACCOUNT_SID, ANN, NUMBER, SERVICE } from '../../fakes/sms';
import { message, mms, news, sidOf, signed, type Posted } from '../../fakes/sms-webhooks';
import { about, ann, credential, from } from './subject';

const SID = sidOf('SM', 7);
const withService = { ...credential, from: '', messagingServiceSid: SERVICE };
const read = (params: Posted, of = credential, account = NUMBER): ChannelEvent[] => sms.webhook.parse(signed(params), of, account);
const contentOf = (params: Posted) => {
	const [event, ...others] = read(params);
	expect(others).toEqual([]);
	return event?.kind === 'message' ? event.content : event?.kind === 'ignored' ? event.why : event;
};
const file = { fileId: null, sizeBytes: 0 };
const url = `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/MM1/Media/ME1`;

describe('what people write', () => {
	test('the text stays as it is', () => {
		expect(contentOf(message(SID, ' a\r\nb + 100% & 👋 '))).toEqual({ kind: 'text', text: ' a\r\nb + 100% & 👋 ' });
	});

	test.each([
		['image/jpeg', 'image', 'photo.jpg'],
		['image/png', 'image', 'picture.png'],
		['image/svg+xml', 'image', 'image'],
		['video/3gpp', 'video', 'video.3gp'],
		['audio/amr', 'audio', 'audio.amr'],
		['audio/ogg; codecs=opus', 'audio', 'audio.ogg'],
		['text/x-vcard', 'file', 'contact.vcf'],
		['application/pdf', 'file', 'document.pdf'],
		['application/zip', 'file', 'file'],
	])('a file of the type %s is %s %s', (mime, kind, name) => {
		expect(contentOf(mms(SID, '', [{ url, mime }]))).toEqual({ kind: 'media', text: null, attachments: [{ ...file, kind, name, mime, source: { url } }] });
	});

	test.each([
		['without an address', { MediaUrl0: '' }],
		['with one that is none', { MediaUrl0: 'file:///etc/passwd' }],
	])('a file %s says that it is missing', (_name, change) => {
		expect(contentOf(mms(SID, 'Look', [{ url, mime: 'image/png' }], change))).toEqual({
			kind: 'media',
			text: 'Look',
			attachments: [{ ...file, kind: 'image', name: 'picture.png', mime: 'image/png', missing: 'Twilio did not tell where the file is. Ask the contact to send it again.' }],
		});
	});

	test('more files than Twilio takes are not believed', () => {
		const content = contentOf(message(SID, '', { NumMedia: '999999999' }));
		expect(content).toMatchObject({ kind: 'media', attachments: { length: 10 } });
	});

	test.each([
		['without words or files', message(SID, ' \n'), 'a message without words or files'],
		['without a sender', message(SID, 'Hi', { From: '' }), 'a message without a sender'],
		['of WhatsApp', message(SID, 'Hi', { From: `whatsapp:${ANN}` }), 'a message of another channel that Twilio has'],
	])('one %s is ignored with a reason', (_name, params, why) => {
		expect(read(params)).toEqual([{ ...about, kind: 'ignored', key: SID, why }]);
	});

	test('by RCS it is the same person', () => {
		expect(read(message(SID, 'Hi', { From: `rcs:${ANN}` }))).toMatchObject([{ kind: 'message', from: { user: ANN }, ...ann }]);
	});

	test.each(['72345', 'Shop'])('%s is no phone of a person', (sender) => {
		const [event] = read(message(SID, 'Hi', { From: sender }));
		expect(event).toMatchObject({ kind: 'message', from: { channel: 'sms', account: NUMBER, user: sender } });
		expect(event).not.toHaveProperty('profile');
	});

	test('without a number of segments nothing is said of it', () => {
		expect(read(message(SID, 'Hi', { NumSegments: '0' }))).toEqual([
			{ ...about, ...ann, kind: 'message', key: SID, externalId: SID, from, content: { kind: 'text', text: 'Hi' } },
		]);
	});

	test.each(['', 'n8n is starting up', '{"MessageSid":"SM1"}', 'Body=Hi'])('%j is not of this channel', (body) => {
		expect(() => sms.webhook.parse({ ...signed({}), body: Buffer.from(body) }, credential, NUMBER)).toThrow(MalformedPayload);
	});
});

describe('the account', () => {
	const accountOf = (...args: Parameters<typeof read>) => read(...args)[0]?.account;

	test('is the number that was written to, be it another one of the same address', () => {
		expect(accountOf(message(SID, 'Hi', { MessagingServiceSid: SERVICE }))).toBe(NUMBER);
		expect(accountOf(message(SID, 'Hi', { To: '+15005550009' }))).toBe('+15005550009');
	});

	test('is the service, when the credential has it and the message came by it', () => {
		expect(accountOf(message(SID, 'Hi', { MessagingServiceSid: SERVICE }), withService, SERVICE)).toBe(SERVICE);
		expect(accountOf(message(SID, 'Hi'), withService, SERVICE)).toBe(NUMBER);
		expect(accountOf(message(SID, 'Hi', { MessagingServiceSid: sidOf('MG', 2) }), withService, SERVICE)).toBe(NUMBER);
	});

	test("is the service for its 'From', too, when the message does not name the service: what we send there goes by it", () => {
		const withBoth = { ...withService, from: NUMBER };
		expect(accountOf(message(SID, 'Hi'), withBoth, SERVICE)).toBe(SERVICE);
		expect(accountOf(message(SID, 'Hi', { To: '+15005550009' }), withBoth, SERVICE)).toBe('+15005550009');
		expect(accountOf(message(SID, 'Hi', { MessagingServiceSid: sidOf('MG', 2) }), withBoth, SERVICE)).toBe(NUMBER);
	});

	test('of news is who sent', () => {
		expect(accountOf(news(SID, 'sent'))).toBe(NUMBER);
		expect(accountOf(news(SID, 'sent', { From: '' }))).toBe(NUMBER);
		expect(accountOf(news(SID, 'sent', { MessagingServiceSid: SERVICE }), withService, SERVICE)).toBe(SERVICE);
		expect(accountOf(news(SID, 'sent'), withService, SERVICE)).toBe(SERVICE);
		expect(accountOf(news(SID, 'sent', { MessagingServiceSid: sidOf('MG', 2) }), withService, SERVICE)).toBe(NUMBER);
	});
});

describe('what becomes of our messages', () => {
	const receipt = { ...about, kind: 'receipt', externalId: SID, to: from };

	test.each([
		['sent', 'sent'],
		['delivered', 'delivered'],
		['read', 'read'],
	])('%s', (status, state) => {
		expect(read(news(SID, status))).toEqual([{ ...receipt, key: `${status}:${SID}`, state }]);
	});

	test.each(['queued', 'sending', 'accepted', 'scheduled', 'partially_delivered', 'something new'])('%s says nothing yet', (status) => {
		expect(read(news(SID, status))).toEqual([
			{ ...about, kind: 'ignored', key: `${status}:${SID}`, why: `the status '${status}', which says nothing of the message's arrival` },
		]);
	});

	test.each([
		['failed', { ErrorCode: '30007', ErrorMessage: 'Message filtered' }, { code: 'content_unsupported', providerCode: '30007', providerMessage: 'Message filtered' }],
		['undelivered', { ErrorCode: '30008' }, { code: 'not_delivered', providerCode: '30008', providerMessage: null }],
		['undelivered', { ErrorCode: '39999' }, { code: 'not_delivered', providerCode: '39999' }],
		['undelivered', {}, { code: 'not_delivered', providerCode: null }],
		['canceled', {}, { code: 'not_delivered', providerCode: 'canceled' }],
	])('%s with %j', (status, more, failure) => {
		const [event] = read(news(SID, status, more));
		expect(event).toMatchObject({ ...receipt, key: `${status}:${SID}`, state: 'failed', failure: { channel: 'sms', retryable: false, ...failure } });
	});

	test('each piece of news has a key of its own, the same when it comes again', () => {
		const statuses = ['queued', 'sent', 'delivered', 'undelivered', 'failed'];
		const keys = [...statuses, ...statuses].map((status) => read(news(SID, status))[0]?.key);
		expect(new Set(keys).size).toBe(statuses.length);
	});
});

describe('consent', () => {
	const stop = [{ ...about, kind: 'consent', key: `stop:${SID}`, from, allowed: false }];
	const start = [
		{ ...about, ...ann, kind: 'activity', key: SID, from, what: 'followed' },
		{ ...about, kind: 'consent', key: `start:${SID}`, from, allowed: true },
	];
	const kinds = (params: Posted) => read(params).map((event) => (event.kind === 'consent' ? `consent ${event.allowed}` : event.kind));

	test.each(['STOP', 'stop', ' Stop\n', 'StopAll', 'UNSUBSCRIBE', 'cancel', 'End', 'quit', 'Revoke', 'optout'])("'%s' ends it, and is no message", (body) => {
		expect(read(message(SID, body))).toEqual(stop);
	});

	test.each(['START', 'Start', 'unstop'])("'%s' begins it, makes the contact and is no message", (body) => {
		expect(read(message(SID, body))).toEqual(start);
	});

	test("'Yes' is an answer, which also ends an earlier STOP", () => {
		expect(kinds(message(SID, 'Yes'))).toEqual(['consent true', 'message']);
		expect(kinds(message(SID, 'yes', { OptOutType: 'START' }))).toEqual(['consent true', 'message']);
		expect(new Set(read(message(SID, 'Yes')).map(({ key }) => key)).size).toBe(2);
	});

	test.each(['STOP it', 'Please stop', 'STOP!', 'Start now', 'HELP', 'info', 'Yes please', 'ENDE'])("'%s' is a message", (body) => {
		expect(kinds(message(SID, body))).toEqual(['message']);
	});

	test('a service with words of its own says what they mean', () => {
		expect(read(message(SID, 'Basta', { OptOutType: 'STOP' }))).toEqual(stop);
		expect(read(message(SID, 'JOIN', { OptOutType: 'START' }))).toEqual(start);
		expect(kinds(message(SID, 'HELP', { OptOutType: 'HELP' }))).toEqual(['message']);
		expect(kinds(message(SID, 'CANCEL', { OptOutType: 'HELP' }))).toEqual(['message']);
	});
});

describe('what Twilio hears', () => {
	test('nothing is to be answered to the person', () => {
		expect(sms.webhook.answer?.(null)).toEqual({
			status: 200,
			headers: { 'content-type': 'text/xml' },
			body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
		});
	});

	test('what is no message is refused without a word', () => {
		expect(sms.webhook.answer?.(new MalformedPayload('no'))).toEqual({ status: 400 });
	});

	test('news comes to an address of its own', () => {
		expect(sms.webhook.paths).toEqual(['status']);
	});
});
