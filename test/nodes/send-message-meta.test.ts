import type { Desk } from '../../src/core/desk';
import { fakeMessenger, PAGE_ID, PSID, type FakeMessenger } from '../fakes/messenger';
import { FAKE, fakeWhatsApp, SHEENA, type FakeWhatsApp } from '../fakes/whatsapp';
import { BINARY, PNG, sendWith, writesOn } from './channel-contacts';
import { closeWorkspace, openWorkspace } from './workspace';

const HOUR_MS = 3_600_000;

let desk: Desk;
const closing: { close(): Promise<void> }[] = [];
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(async () => {
	await closeWorkspace();
	for (const server of closing.splice(0)) await server.close();
});

const SHEENA_HERE = { channel: 'whatsapp', account: FAKE.phoneNumberId, user: SHEENA.phone } as const;
const TEMPLATE = {
	name: 'order_update',
	language: 'en_US',
	status: 'APPROVED',
	category: 'UTILITY',
	parameter_format: 'POSITIONAL' as const,
	components: [
		{ type: 'HEADER', format: 'IMAGE' },
		{ type: 'BODY', text: 'Hello {{1}}, order {{2}} is on its way.', example: { body_text: [['Ann', '7']] } },
	],
};

describe('WhatsApp', () => {
	async function whatsapp(): Promise<FakeWhatsApp> {
		const fake = await fakeWhatsApp();
		closing.push(fake.server);
		fake.templates.push(TEMPLATE);
		return fake;
	}

	const template = (value: Record<string, string | null>) => ({
		text: 'Default',
		channelResponses: ['whatsapp'],
		whatsappMessageType: 'template',
		whatsappTemplate: 'order_update|en_US',
		whatsappTemplateParameters: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] },
	});

	test('A27: after 24 hours nothing free-form goes, without a call; an approved template does', async () => {
		const fake = await whatsapp();
		const { item } = await writesOn(desk, SHEENA_HERE, 'Hi', 25 * HOUR_MS);
		const late = await sendWith({ whatsapp: fake.fields }, { text: 'Are you there?' }, [item]);
		expect(late.out(1)).toMatchObject([{ failure: { code: 'window_closed', channel: 'whatsapp', reason: expect.stringContaining('template') as string } }]);
		expect(fake.server.requests).toEqual([]);
		const approved = await sendWith(
			{ whatsapp: fake.fields },
			template({ 'header.image': 'picture', 'body.1': 'Sheena', 'body.2': '={{ 40 + 2 }}', 'button.0.payload': '' }),
			[{ ...item, binary: BINARY }],
		);
		expect(approved.out(1)).toEqual([]);
		const image = { type: 'image', image: { id: expect.any(String) } };
		const words = [{ type: 'text', text: 'Sheena' }, { type: 'text', text: '42' }];
		expect(fake.sent).toMatchObject([
			{
				type: 'template',
				template: { name: 'order_update', language: { code: 'en_US' }, components: [{ type: 'header', parameters: [image] }, { type: 'body', parameters: words }] },
			},
		]);
		expect([...fake.media.values()].map(({ name, bytes }) => [name, Buffer.from(bytes).equals(PNG)])).toEqual([['ticket.png', true]]);
		expect(approved.out()).toMatchObject([
			{
				message: {
					type: 'template',
					template: { name: 'order_update', language: 'en_US', parameters: { 'header.image': 'ticket.png', 'body.1': 'Sheena', 'body.2': '42' } },
					attachments: [{ name: 'ticket.png', kind: 'image' }],
				},
			},
		]);
	});

	test('the file of a template may be a web address; a field without a file is named', async () => {
		const fake = await whatsapp();
		const { item } = await writesOn(desk, SHEENA_HERE);
		const words = { 'body.1': 'Sheena', 'body.2': '7' };
		const linked = await sendWith({ whatsapp: fake.fields }, template({ 'header.image': 'https://example.com/a.png', ...words }), [item]);
		expect(linked.out(1)).toEqual([]);
		expect(fake.sent).toMatchObject([{ template: { components: [{ parameters: [{ image: { link: 'https://example.com/a.png' } }] }, {}] } }]);
		const missing = await sendWith({ whatsapp: fake.fields }, template({ 'header.image': 'nothing', ...words }), [item]);
		expect(missing.out(1)).toMatchObject([{ failure: { code: 'content_unsupported', reason: expect.stringMatching(/'nothing'.*'Template Parameters'/) as string } }]);
		expect(fake.sent).toHaveLength(1);
	});

	test('values that are left of another template are not sent', async () => {
		const fake = await whatsapp();
		const { item } = await writesOn(desk, SHEENA_HERE);
		const asked = template({ 'header.image': 'https://example.com/a.png', 'body.1': 'Sheena', 'body.2': '7', 'body.3': 'old', 'body.4': null });
		const schema = ['header.image', 'body.1', 'body.2'].map((id) => ({ id, displayName: id, required: false, defaultMatch: false, display: true, type: 'string' }));
		const ran = await sendWith({ whatsapp: fake.fields }, { ...asked, whatsappTemplateParameters: { ...asked.whatsappTemplateParameters, schema } }, [item]);
		expect(ran.out(1)).toEqual([]);
		expect(fake.sent).toMatchObject([{ template: { components: [{}, { parameters: [{ text: 'Sheena' }, { text: '7' }] }] } }]);
	});

	test('a template is named by name and language, or it is said how', async () => {
		const fake = await whatsapp();
		const { item } = await writesOn(desk, SHEENA_HERE);
		const ran = await sendWith({ whatsapp: fake.fields }, { ...template({}), whatsappTemplate: 'order_update' }, [item]);
		expect(ran.out(1)).toMatchObject([{ failure: { code: 'configuration_invalid', reason: expect.stringContaining('order_update|en_US') as string } }]);
	});
});

describe('Messenger', () => {
	async function messenger(): Promise<FakeMessenger> {
		const fake = await fakeMessenger();
		closing.push(fake.server);
		return fake;
	}

	test('a person may answer for seven days, and Meta is told that it is one', async () => {
		const fake = await messenger();
		const { item } = await writesOn(desk, { channel: 'messenger', account: PAGE_ID, user: PSID }, 'Hi', 30 * HOUR_MS);
		const silence = fake.people.get(PSID);
		fake.person(PSID, { ...silence, silentMs: 30 * HOUR_MS });
		const automatic = await sendWith({ messenger: fake.fields }, { text: 'Hi' }, [item]);
		expect(automatic.out(1)).toMatchObject([{ failure: { code: 'window_closed', reason: expect.stringContaining("'Human Agent'") as string } }]);
		expect(fake.sent).toEqual([]);
		const person = await sendWith({ messenger: fake.fields }, { text: 'Hi', options: { humanAgent: true } }, [item], 'execution-2');
		expect(person.out(1)).toEqual([]);
		expect(fake.sent).toMatchObject([{ to: PSID, body: { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', message: { text: 'Hi' } } }]);
	});
});
