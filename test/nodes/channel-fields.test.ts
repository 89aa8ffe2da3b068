import { NodeHelpers, type IDataObject, type INode, type INodeProperties, type INodePropertyOptions, type INodeTypeDescription } from 'n8n-workflow';
import { channelIds, channels } from '../../src/channels';
import type { ChannelId } from '../../src/core/channel';
import { channelCredentials } from '../../src/n8n/fields/credentials';
import { types } from './workspace';

/** What channels bring to the nodes: made from what each of them can do. */

const withProvider = channelIds.filter((id) => channels[id].provider !== undefined);
const send = types['sendMessage']!;
const trigger = types['conversationOpenedTrigger']!;

function shown({ description }: { description: INodeTypeDescription }, parameters: IDataObject): INodeProperties[] {
	const node: INode = { id: 'node', name: 'Node', type: description.name, typeVersion: 1, position: [0, 0], parameters: parameters as INode['parameters'] };
	const values = NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
	return description.properties.filter((property) => NodeHelpers.displayParameter(values, property, node, description));
}

const named = (id: ChannelId, type: string, more: IDataObject = {}) =>
	shown(send, { channelResponses: [id], [`${id}MessageType`]: type, ...more })
		.map(({ name }) => name)
		.filter((name) => name.startsWith(id) && name !== `${id}MessageType`)
		.map((name) => name.slice(id.length));

describe.each(withProvider)('%s', (id) => {
	const { name, can, provider } = channels[id];

	test('asks for its credential while it is connected, and only then; it can be tested', () => {
		const [asked] = send.description.credentials?.filter((each) => each.name === provider?.credentialType) ?? [];
		expect(asked).toEqual({
			name: provider?.credentialType,
			displayName: `Credential for ${name}`,
			required: true,
			displayOptions: { show: { connectedChannels: [id] } },
			testedBy: `${id}Test`,
		});
		expect(typeof send.methods?.credentialTest?.[`${id}Test`]).toBe('function');
		const asks = (connectedChannels: string[]) =>
			NodeHelpers.displayParameter({ connectedChannels }, asked ?? { name: '' }, null, send.description);
		expect([asks([id]), asks(['webchat', id]), asks(['webchat'])]).toEqual([true, true, false]);
	});

	test('a trigger asks for the same by its own field', () => {
		expect(channelCredentials('channels').find((each) => each.name === provider?.credentialType)).toMatchObject({
			displayOptions: { show: { channels: [id] } },
			testedBy: `${id}Test`,
		});
	});

	test('its fields are those that its API can fill', () => {
		const files = ['Attachments', 'AttachmentUrls'];
		const [above, below] = can.mail ? [['Subject'], ['Html', 'Cc', 'Bcc', 'ReplyTo']] : [[], []];
		expect(named(id, 'text')).toEqual([...above, 'Text', ...below]);
		if (can.contents.includes('media')) expect(named(id, 'media')).toEqual([...above, 'Text', ...below, ...files]);
		if (can.media.voice) expect(named(id, 'voice')).toEqual(files);
		if (can.contents.includes('choices')) expect(named(id, 'choices')).toEqual(['Text', 'Choices']);
		if (can.contents.includes('location')) expect(named(id, 'location')).toEqual(['Latitude', 'Longitude', 'LocationName', 'LocationAddress']);
		if (can.contents.includes('template')) {
			expect(named(id, 'template')).toEqual(['Template']);
			expect(named(id, 'template', { [`${id}Template`]: 'hello|en' })).toEqual(['Template', 'TemplateParameters']);
		}
		const all = send.description.properties.map((property) => property.name);
		expect(all.includes(`${id}Template`)).toBe(can.contents.includes('template'));
		expect(all.includes(`${id}Latitude`)).toBe(can.contents.includes('location'));
	});

	test('templates can be sent exactly where they can be listed', () => {
		expect(can.contents.includes('template')).toBe(provider?.templates !== undefined);
	});

	test('A27: when it may be written to is said where its message is written', () => {
		const [type] = send.description.properties.filter((property) => property.name === `${id}MessageType`);
		if (!can.window) expect(type).not.toHaveProperty('hint');
		else expect(type?.hint).toMatch(new RegExp(`^${name}: .* within \\d+ hours after the contact's last message`));
	});

	test('a trigger says what to do for it', () => {
		const notices = shown(trigger, { channels: [id] }).filter(({ type }) => type === 'notice');
		expect(notices.map(({ displayName }) => displayName)).toEqual([expect.stringContaining(`docs/channels/${id}.md" target="_blank">${name}</a>`)]);
	});

	test('a trigger lets one choose to poll it exactly where there are two ways', () => {
		const options = trigger.description.properties.find((property) => property.name === 'options');
		const fields = (options?.options ?? []) as INodeProperties[];
		const field = fields.find((each) => each.name === `${id}ReceiveBy`);
		expect(field !== undefined).toBe(provider?.poll !== undefined && !provider.onlyPolls);
		if (field) {
			expect(field).toMatchObject({ default: 'webhook', displayOptions: { show: { '/channels': [id] } } });
			expect(field.options?.map((option) => (option as INodePropertyOptions).value)).toEqual(['polling', 'webhook']);
		}
	});
});

test('the names of INTERFACE, where there is one of each', () => {
	const names = send.description.properties.map(({ name }) => name);
	expect(names).toEqual(expect.arrayContaining(['whatsappTemplate', 'whatsappTemplateParameters', 'messengerTemplate', 'telegramLatitude', 'lineChoices', 'emailSubject', 'emailHtml', 'emailCc', 'emailBcc', 'emailReplyTo']));
	const options = send.description.properties.find(({ name }) => name === 'options')?.options as INodeProperties[];
	expect(options.map(({ name }) => name)).toEqual(['fallbackChannels', 'humanAgent', 'retries', 'openConversation', 'replyTo', 'skipWhenAssigned', 'voiceNote']);
});

test('a template for when the window is closed need not be chosen on every channel, and n8n does not show it in red', () => {
	const fields = shown(send, { connectedChannels: ['whatsapp', 'messenger'], ifWindowClosed: 'template' });
	const templates = fields.filter(({ name }) => /^(whatsapp|messenger)Template$/.test(name));
	expect(templates.map(({ required, allowArbitraryValues }) => [required, allowArbitraryValues])).toEqual([
		[undefined, true],
		[undefined, true],
	]);
});

test('hints say the limits of the channel', () => {
	const hint = (name: string, type: string) =>
		send.description.properties.find((property) => property.name === name && property.displayOptions?.show?.[`${name.replace(/(Text|Attachments)$/, '')}MessageType`]?.includes(type))?.hint;
	expect(hint('instagramText', 'text')).toBe('At most 1,000 bytes; emojis and letters beyond English ones count as several');
	expect(hint('telegramText', 'text')).toBe('At most 2,000 characters');
	expect(hint('whatsappText', 'text')).toBe('At most 2,000 characters; above choices 1,024 characters');
	expect(hint('whatsappText', 'media')).toBe('Optional, at most 1,024 characters');
	expect(hint('lineText', 'media')).toBe('Optional, at most 2,000 characters. It goes as a message of its own.');
	expect(hint('lineAttachments', 'media')).toBe('At most 4 files of 20 MB each; images up to 1 MB');
	expect(hint('whatsappAttachments', 'media')).toBe('At most 10 files of 100 MB each; images up to 5 MB, videos up to 16 MB, audio up to 16 MB');
	expect(hint('whatsappAttachments', 'voice')).toBe('WhatsApp takes OGG with Opus as a voice note; other audio goes as an ordinary file, and the item says so');
});

describe.each([
	['Send Message', send.description],
	['Conversation Opened Trigger', trigger.description],
])('the words of %s', (_name, description) => {
	const all = description.properties.flatMap((property) => [
		property,
		...(property.type === 'collection' ? ((property.options ?? []) as INodeProperties[]) : []),
	]);

	test.each(all.map((property) => [property.name, property] as const))('%s', (_field, property) => {
		const { displayName, type, placeholder, description: said = '', hint = '' } = property;
		expect(displayName).not.toBe('');
		if (!['notice', 'collection', 'fixedCollection'].includes(type) && property.name !== 'waitLimitUnit') expect(said + hint).not.toBe('');
		if (type === 'boolean') expect(said).toMatch(/^Whether /);
		if (type === 'string' && placeholder !== undefined) expect(placeholder).toMatch(/^e\.g\. /);
		// n8n's own words for its settings stay as they are.
		const ours = `${displayName} ${said} ${hint}`.replace(/'(On Error|Error|Continue \(using error output\))'/g, '');
		expect(ours).not.toMatch(/\b(errors?|problems?|mistakes?|binary property)\b/i);
	});
});
