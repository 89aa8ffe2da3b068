import type { IWebhookFunctions } from 'n8n-workflow';
import type { Host } from '../../../src/n8n/host';
import { requestOf } from '../../../src/n8n/receivers/request';

/** The address that a provider called and signs: as n8n told it, whatever arrives here. */

const ID = '3f0c7f1e-0000-4000-8000-000000000001';

interface Called {
	/** Path and query as they arrive. */
	url: string;
	/** n8n's public address of production and of tests, with the first part of the path. */
	live?: string;
	test?: string;
	path?: string;
	isTest?: boolean;
	/** A version of n8n that names the production address only. */
	isOlder?: boolean;
}

async function addressOf({ url, live = 'https://n8n.test/webhook', test = 'https://n8n.test/webhook-test', path = 'sms', isTest = false, isOlder = false }: Called) {
	const below = `/${ID}/conversations/${path}`;
	const ctx = {
		getRequestObject: () => ({ method: 'POST', url, originalUrl: url, headers: {}, rawBody: Buffer.alloc(0), readRawBody: () => Promise.resolve() }),
		getMode: () => (isTest ? 'manual' : 'webhook'),
		getWebhookName: () => 'sms',
		getNodeWebhookUrl: () => live + below,
		...(!isOlder && { getWebhookResourceUrl: () => (isTest ? test : live) + below }),
	} as unknown as IWebhookFunctions;
	return (await requestOf(ctx, { desk: { now: () => 0 } } as Host)).url;
}

test.each<[string, Called, string]>([
	['as it is', { url: `/webhook/${ID}/conversations/sms` }, `https://n8n.test/webhook/${ID}/conversations/sms`],
	['a query, and a slash at the end, stay', { url: `/webhook/${ID}/conversations/sms/?x=a%20b&y=` }, `https://n8n.test/webhook/${ID}/conversations/sms/?x=a%20b&y=`],
	['a further path', { url: `/webhook/${ID}/conversations/sms/status?x=1`, path: 'sms/status' }, `https://n8n.test/webhook/${ID}/conversations/sms/status?x=1`],
	['a proxy that takes a part of the path away', { url: `/webhook/${ID}/conversations/sms`, live: 'https://shop.test/n8n/webhook' }, `https://shop.test/n8n/webhook/${ID}/conversations/sms`],
	['another word for webhooks', { url: `/hooks/${ID}/conversations/sms`, live: 'https://n8n.test:8443/hooks' }, `https://n8n.test:8443/hooks/${ID}/conversations/sms`],
	['a proxy that calls it otherwise', { url: `/in/${ID}/conversations/sms`, live: 'https://n8n.test/webhook' }, `https://n8n.test/webhook/${ID}/conversations/sms`],
	['a base address of the same words', { url: `/webhook/${ID}/conversations/sms`, live: 'https://shop.test/conversations/webhook' }, `https://shop.test/conversations/webhook/${ID}/conversations/sms`],
	['a query of the same words', { url: `/webhook/${ID}/conversations/sms?from=/conversations/x` }, `https://n8n.test/webhook/${ID}/conversations/sms?from=/conversations/x`],
	['a test', { url: `/webhook-test/${ID}/conversations/sms?x=1`, isTest: true }, `https://n8n.test/webhook-test/${ID}/conversations/sms?x=1`],
	['a test, where the editor has another host', { url: `/webhook-test/${ID}/conversations/sms`, isTest: true, test: 'https://editor.test/webhook-test' }, `https://editor.test/webhook-test/${ID}/conversations/sms`],
	['a test in an earlier n8n', { url: `/webhook-test/${ID}/conversations/sms?x=1`, isTest: true, isOlder: true, live: 'https://shop.test/n8n/webhook' }, `https://shop.test/n8n/webhook-test/${ID}/conversations/sms?x=1`],
])('%s', async (_what, called, expected) => {
	expect(await addressOf(called)).toBe(expected);
});

test('what is no address of a channel has none', async () => {
	expect(await addressOf({ url: '/somewhere/else' })).toBeUndefined();
});
