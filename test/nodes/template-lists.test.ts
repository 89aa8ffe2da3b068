import { NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';
import { channelIds, channels } from '../../src/channels';
import { templateMethods } from '../../src/n8n/calls/template-lists';
import { fakeMessenger } from '../fakes/messenger';
import { fakeWhatsApp, type FakeWhatsApp } from '../fakes/whatsapp';

/** What the editor gives a list: the credential chosen on the node, and its parameters as they stand. */
function editor(type: string, fields: object | null, parameters: Record<string, unknown> = {}): ILoadOptionsFunctions {
	const seen: Partial<ILoadOptionsFunctions> = {
		getNode: () => ({
			id: 'node',
			name: 'Send Message',
			type: 'sendMessage',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
			...(fields && { credentials: { [type]: { id: '1', name: 'Mine' } } }),
		}),
		getCredentials: async <T extends object>() => fields as T,
		getCurrentNodeParameter: (name) => parameters[name] as string,
	};
	return seen as ILoadOptionsFunctions;
}

const WHATSAPP = 'conversationsWhatsAppApi';
const getTemplates = (ctx: ILoadOptionsFunctions) => templateMethods.loadOptions['getWhatsappTemplates']!.call(ctx);
const getParameters = (ctx: ILoadOptionsFunctions) => templateMethods.resourceMapping['getWhatsappTemplateParameters']!.call(ctx);
const withTemplate = (whatsappTemplate: unknown) => ({ whatsappTemplate });

let fake: FakeWhatsApp;
beforeEach(async () => {
	fake = await fakeWhatsApp();
	fake.templates.push(
		{
			name: 'order_update',
			language: 'en_US',
			status: 'APPROVED',
			category: 'UTILITY',
			parameter_format: 'POSITIONAL',
			components: [
				{ type: 'HEADER', format: 'DOCUMENT' },
				{ type: 'BODY', text: 'Hello {{1}}, order {{2}} is on its way.', example: { body_text: [['Ann', '7']] } },
			],
		},
		{ name: 'hello', language: 'de', status: 'APPROVED', category: 'MARKETING', components: [{ type: 'BODY', text: 'Hallo' }] },
		{ name: 'waiting', language: 'de', status: 'PENDING', category: 'MARKETING', components: [{ type: 'BODY', text: 'Not yet' }] },
	);
});
afterEach(() => fake.server.close());

test('there are methods for every channel with templates, and no other', () => {
	const ids = channelIds.filter((id) => channels[id].provider?.templates).map((id) => `${id.charAt(0).toUpperCase()}${id.slice(1)}`);
	expect(Object.keys(templateMethods.loadOptions)).toEqual(ids.map((id) => `get${id}Templates`));
	expect(Object.keys(templateMethods.resourceMapping)).toEqual(ids.map((id) => `get${id}TemplateParameters`));
});

test('A16: the approved templates of the account, by name', async () => {
	expect(await getTemplates(editor(WHATSAPP, fake.fields))).toEqual([
		{ name: 'Hello (de)', value: 'hello|de', description: 'Hallo' },
		{ name: 'Order update (en_US)', value: 'order_update|en_US', description: 'Hello Ann, order 7 is on its way.' },
	]);
});

test('of Messenger as well', async () => {
	const messenger = await fakeMessenger();
	messenger.templates.push({ name: 'receipt', language: 'en', status: 'APPROVED', category: 'UTILITY', components: [{ type: 'BODY', text: 'Paid {{1}}' }] });
	const ctx = editor('conversationsMessengerApi', messenger.fields, { messengerTemplate: 'receipt|en' });
	const listed = await templateMethods.loadOptions['getMessengerTemplates']!.call(ctx);
	const { fields } = await templateMethods.resourceMapping['getMessengerTemplateParameters']!.call(ctx);
	await messenger.server.close();
	expect(listed).toMatchObject([{ value: 'receipt|en' }]);
	expect(fields).toMatchObject([{ id: 'body.1', displayName: 'Body: 1', type: 'string' }]);
});

test('the fields of the chosen one, each with its label', async () => {
	const { fields } = await getParameters(editor(WHATSAPP, fake.fields, withTemplate('order_update|en_US')));
	expect(fields.map(({ id, displayName }) => [id, displayName])).toEqual([
		['header.document', 'Header: document (URL or field)'],
		['body.1', 'Body: 1 (e.g. Ann)'],
		['body.2', 'Body: 2 (e.g. 7)'],
	]);
	expect(await getParameters(editor(WHATSAPP, fake.fields, withTemplate('hello|de')))).toEqual({
		fields: [],
		emptyFieldsNotice: 'This template has no fields to fill in.',
	});
});

test('a field needs a value, unless it is what a press brings back', async () => {
	fake.templates.push({
		...{ name: 'survey', language: 'en', status: 'APPROVED', category: 'UTILITY' },
		components: [
			{ type: 'BODY', text: 'How was {{1}}?' },
			{ type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Good' }, { type: 'URL', text: 'Tell us', url: 'https://shop.test/{{1}}' }] },
		],
	});
	const { fields } = await getParameters(editor(WHATSAPP, fake.fields, withTemplate('survey|en')));
	expect(fields.map(({ id, required }) => [id, required])).toEqual([
		['body.1', true],
		['button.0.payload', false],
		['button.1.url', true],
	]);
});

test.each([
	['nothing is chosen yet', '', 'Choose a template'],
	['an expression', '={{ $json.template }}', 'Pick one from the list'],
])('no fields when it is %s, and no call', async (_what, chosen, said) => {
	const { fields, emptyFieldsNotice } = await getParameters(editor(WHATSAPP, fake.fields, withTemplate(chosen)));
	expect(fields).toEqual([]);
	expect(emptyFieldsNotice).toContain(said);
	expect(fake.server.requests).toEqual([]);
});

describe('what cannot be listed is said in a sentence', () => {
	test('a template that is no longer approved', async () => {
		await expect(getParameters(editor(WHATSAPP, fake.fields, withTemplate('waiting|de')))).rejects.toThrow("'waiting' in the language 'de'");
	});

	test.each([
		['no credential', null, 'Choose a credential for WhatsApp'],
		['an empty field', { accessToken: '' }, "'Access Token' of the credential is empty"],
		['no business account', { businessAccountId: '' }, "'Business Account ID'"],
		['a token that Meta does not know', { accessToken: 'EAAGwrongtoken' }, 'token'],
	])('%s', async (_what, changes, said) => {
		const ctx = editor(WHATSAPP, changes && { ...fake.fields, ...changes });
		const refusal = await getTemplates(ctx).then(
			() => undefined,
			(error: unknown) => error,
		);
		expect(refusal).toBeInstanceOf(NodeOperationError);
		expect((refusal as NodeOperationError).message).toContain(said);
		expect((refusal as NodeOperationError).message).not.toContain('EAAG');
	});
});
