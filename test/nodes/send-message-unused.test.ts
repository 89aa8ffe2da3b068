import { NodeHelpers, type IDataObject, type INodeExecutionData, type INodeParameters, type INodePropertyOptions } from 'n8n-workflow';
import { channelIds } from '../../src/channels';
import type { Desk } from '../../src/core/desk';
import { saveContact } from '../../src/core/contact';
import { fakeServer } from '../fakes/server';
import { ANN as PHONE, fakeSms } from '../fakes/sms';
import { BOT_ID, fakeTelegram, PERSON, type FakeTelegram } from '../fakes/telegram';
import { BINARY, PNG, sendWith, writesOn } from './channel-contacts';
import { closeWorkspace, messagesTo, openWorkspace, opens, run, types } from './workspace';

let desk: Desk;
const closing: { close(): Promise<void> }[] = [];
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(async () => {
	await closeWorkspace();
	for (const server of closing.splice(0)) await server.close();
});

const ANN = { channel: 'telegram', account: String(BOT_ID), user: String(PERSON.id) } as const;

async function telegram(): Promise<FakeTelegram> {
	const fake = await fakeTelegram();
	closing.push(fake.server);
	return fake;
}

describe('A24: what is wrong with a response that is not sent keeps nobody from a message', () => {
	const NOWHERE = "={{ $('Nowhere').first().json.text }}";
	const place = { channelResponses: ['telegram'], telegramMessageType: 'location', telegramLatitude: '={{ $json.shop }}', telegramLongitude: '={{ "" }}' };

	test.each<[string, IDataObject]>([
		['a place that only some items have', place],
		['an expression that n8n cannot work out', { channelResponses: ['telegram'], telegramText: NOWHERE }],
		['a template that is not named as one', { channelResponses: ['whatsapp'], whatsappMessageType: 'template', whatsappTemplate: 'order_update' }],
		['the default message itself', { text: NOWHERE, channelResponses: ['webchat'], webchatText: 'Hi' }],
	])('%s', async (_what, parameters) => {
		const ann = await opens(desk, 'ann');
		const ran = await run('sendMessage', { text: 'Hi', ...parameters }, [ann.item]);
		expect(ran.out(1)).toEqual([]);
		expect(await messagesTo(desk, ann.contactId)).toMatchObject([{ text: 'Hi', status: 'sent' }]);
	});

	test('where it would go, it is named, and the next channel is tried', async () => {
		const fake = await telegram();
		const { item, message } = await writesOn(desk, ANN);
		const parameters = { text: 'Hi', ...place };
		const ran = await sendWith({ telegram: fake.fields }, parameters, [item]);
		expect(ran.out(1)).toMatchObject([
			{ contact: { id: message.contactId }, failure: { code: 'configuration_invalid', channel: 'telegram', reason: expect.stringContaining("'Latitude' is empty") as string } },
		]);
		expect(fake.server.requests).toEqual([]);
		const sms = await fakeSms();
		closing.push(sms);
		await saveContact(desk, { by: 'id', id: message.contactId }, { phone: PHONE }, 'api');
		const further = { ...parameters, options: { fallbackChannels: ['sms'] } };
		const again = await sendWith({ telegram: fake.fields, sms: sms.fields }, further, [item], 'execution-2');
		expect(again.out()).toMatchObject([{ message: { channel: 'sms', text: 'Hi', attempts: [{ channel: 'telegram', code: 'configuration_invalid' }] } }]);
	});
});

describe('DESIGN 5.4: files are fetched from the own network only at the base URL of the credential', () => {
	test('its host and port, and no other', async () => {
		const fake = await telegram();
		const { item } = await writesOn(desk, ANN);
		const other = await fakeServer(() => ({ bytes: PNG, headers: { 'content-type': 'image/png' } }));
		closing.push(other);
		const send = (url: string, executionId: string) =>
			sendWith({ telegram: fake.fields }, { messageType: 'media', attachmentUrls: [url] }, [item], executionId);
		fake.server.next('/price.png', { bytes: PNG, headers: { 'content-type': 'image/png' } });
		const own = await send(`${fake.server.url}/price.png`, 'execution-1');
		expect(own.out()).toMatchObject([{ message: { attachments: [{ name: 'price.png', kind: 'image' }] } }]);
		fake.server.next('/moved.png', { status: 302, headers: { location: `${other.url}/secret` } });
		for (const [index, url] of [`${other.url}/secret`, `${fake.server.url}/moved.png`].entries()) {
			const refused = await send(url, `execution-${index + 2}`);
			expect(refused.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', reason: expect.stringContaining('private network') as string } }]);
		}
		expect(other.requests).toEqual([]);
	});
});

describe("INTERFACE 4: what n8n's own ways with failures leave of an item", () => {
	const OFF = { text: 'Hi', addFailureBranch: false };

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)('%s: its files, its pair and the message that did not go', async (onError) => {
		const fake = await telegram();
		const { item, message } = await writesOn(desk, ANN);
		const input: INodeExecutionData[] = [{ json: { ...item.json, message: { direction: 'in' }, order: 7 }, binary: BINARY }];
		const credentials = { conversationsTelegramApi: fake.wrongFields as Record<string, string> };
		const node = { onError, credentials: { conversationsTelegramApi: { id: 'credential-telegram', name: 'telegram' } } };
		const ran = await run('sendMessage', { ...OFF, connectedChannels: ['telegram'] }, input, { node, workflow: { credentials } });
		const [output, key] = onError === 'continueErrorOutput' ? [1, 'details'] : [0, 'failure'];
		expect(ran.items(output)).toMatchObject([{ binary: BINARY, pairedItem: { item: 0 } }]);
		expect(ran.out(output)).toMatchObject([
			{
				order: 7,
				contact: { id: message.contactId },
				error: expect.stringContaining('bot token') as string,
				message: { direction: 'out', status: 'failed' },
				[key]: { code: 'credential_invalid', channel: 'telegram' },
			},
		]);
	});
});

describe('A5, A14: what n8n wants filled in before it publishes a response', () => {
	const { properties } = types['sendMessage']!.description;
	const REQUIRED: Readonly<Record<string, string[]>> = { text: ['Text'], choices: ['Text'], location: ['Latitude', 'Longitude'], template: ['Template'], media: [], voice: [] };
	const kinds = channelIds.flatMap((id) => {
		const options = properties.find(({ name }) => name === `${id}MessageType`)?.options as INodePropertyOptions[];
		return options.map(({ value }) => [id, String(value)] as const);
	});

	test.each(kinds)('%s %s: its own fields, and none of another type or channel', (id, kind) => {
		const node = { id: 'n', name: 'N', type: 'sendMessage', typeVersion: 1, position: [0, 0] as [number, number], parameters: {} };
		const given: INodeParameters = { text: 'Hi', channelResponses: [id], [`${id}MessageType`]: kind };
		const { description } = types['sendMessage']!;
		const parameters = NodeHelpers.getNodeParameters(properties, given, true, false, node, description) ?? {};
		const issues = NodeHelpers.getNodeParametersIssues(properties, { ...node, parameters }, description);
		expect(Object.keys(issues?.parameters ?? {})).toEqual((REQUIRED[kind] ?? ['?']).map((field) => `${id}${field}`));
	});
});
