import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NodeHelpers, Workflow, type IDataObject, type INode, type INodeProperties, type INodePropertyOptions, type INodeType } from 'n8n-workflow';
import { channelIds, channels } from '../../src/channels';
import { closeWorkspace, openWorkspace, opens, run, types } from './workspace';

const ROOT = resolve(__dirname, '../..');
const FOLDERS: Record<string, string> = {
	conversationOpenedTrigger: 'ConversationOpenedTrigger',
	conversationEventTrigger: 'ConversationEventTrigger',
	sendMessage: 'SendMessage',
	assignConversation: 'AssignConversation',
	closeConversation: 'CloseConversation',
	conversations: 'Conversations',
};

const send = types['sendMessage']!.description;

function shown(parameters: IDataObject, type = 'sendMessage'): string[] {
	const description = types[type]!.description;
	const node = nodeOf(type, parameters);
	const values = NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
	return description.properties
		.filter((property) => NodeHelpers.displayParameter(values, property, node, description))
		.map(({ displayName, name }) => `${name}: ${displayName}`);
}

const nodeOf = (type: string, parameters: IDataObject): INode => ({
	id: 'node',
	name: 'Node',
	type,
	typeVersion: type.endsWith('Trigger') ? 2 : 1,
	position: [0, 0],
	parameters: parameters as INode['parameters'],
});

const field = (name: string, type = 'sendMessage') =>
	types[type]!.description.properties.filter((property) => property.name === name);

function outputsOf(parameters: IDataObject, more: Partial<INode> = {}) {
	const node = { ...nodeOf('sendMessage', parameters), ...more };
	const nodeTypes = { getByName: () => types['sendMessage']!, getByNameAndVersion: () => types['sendMessage']!, getKnownTypes: () => ({}) };
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return NodeHelpers.getNodeOutputs(workflow, workflow.getNode('Node')!, send).map((output) =>
		typeof output === 'string' ? output : (output.displayName ?? output.type),
	);
}

describe('Send Message in the editor', () => {
	test('A1, A4: asks for the channel, then for the content', () => {
		expect(shown({})).toEqual([
			'contact: Contact',
			'connectedChannels: Connected Channels',
			'credentials: Credentials',
			'channel: Channel',
			'messageType: Message Type',
			'text: Text',
			'channelResponses: Channel Responses',
			'waitFor: Wait For',
			'addFailureBranch: Add Message Failure Branch',
			'options: Options',
		]);
	});

	test('A2, A3: the channel is the last interacted one or one of the connected, and so are those with responses', () => {
		const offered = (name: string, connectedChannels: string[]) =>
			(field(name)[0]?.options as INodePropertyOptions[])
				.filter((option) => NodeHelpers.displayParameter({ connectedChannels }, option, null, null))
				.map(({ value }) => value);
		expect(field('channel')[0]?.default).toBe('lastInteracted');
		expect(offered('channel', ['webchat'])).toEqual(['lastInteracted', 'webchat']);
		expect(offered('channel', [])).toEqual(['lastInteracted']);
		expect(offered('channelResponses', ['webchat', 'sms'])).toEqual(['sms', 'webchat']);
	});

	test('A6: the default message is text or media, and a caption is not required', () => {
		expect(field('messageType')[0]?.options?.map((option) => (option as INodePropertyOptions).value)).toEqual(['media', 'text']);
		expect(shown({ messageType: 'media' })).toEqual(
			expect.arrayContaining(['text: Caption', 'attachments: Attachments', 'attachmentUrls: Attachment URLs']),
		);
		expect(shown({ messageType: 'media' })).not.toContain('text: Text');
	});

	test('A14, A15: each channel response opens its own fields, made of what the channel can', () => {
		for (const id of channelIds) {
			const types = field(`${id}MessageType`)[0]?.options?.map((option) => (option as INodePropertyOptions).value);
			const { contents, media } = channels[id].can;
			expect(types?.toSorted()).toEqual([...contents, ...(media.voice ? ['voice'] : [])].toSorted());
		}
		const choices = shown({ channelResponses: ['webchat'], webchatMessageType: 'choices' });
		expect(choices).toEqual(expect.arrayContaining(['webchatText: Website Chat Text', 'webchatChoices: Website Chat Choices']));
		expect(choices).not.toContain('webchatAttachments: Website Chat Attachments');
	});

	test('A20: the failure branch is an output of its own', () => {
		expect(outputsOf({})).toEqual(['Sent', 'Failed']);
		expect(outputsOf({ addFailureBranch: false })).toEqual(['Sent']);
		expect(outputsOf({ addFailureBranch: false, waitFor: 'reply' })).toEqual(['Sent', 'Failed']);
		expect(outputsOf({}, { onError: 'continueErrorOutput' })).toHaveLength(3);
	});

	test('hints name the limit and the bot emoji (A10, A30)', () => {
		expect(field('text')[0]?.hint).toMatch(/2,000 characters.*🤖/);
	});
});

describe('A5: the text is required', () => {
	beforeEach(openWorkspaceHere);
	afterEach(closeWorkspace);
	let desk: Awaited<ReturnType<typeof openWorkspace>>;
	async function openWorkspaceHere() {
		desk = await openWorkspace();
	}

	test.each([
		['text', {}, '"Text" is required'],
		['a response', { text: 'Hi', channelResponses: ['webchat'] }, '"Website Chat Text" is required'],
	])('n8n refuses a workflow without %s', async (_what, parameters, said) => {
		const { item } = await opens(desk, 'ann');
		await expect(run('sendMessage', parameters, [item])).rejects.toThrow(said);
	});

	test('but a caption is not', async () => {
		const { item } = await opens(desk, 'ann');
		const ran = await run('sendMessage', { messageType: 'media' }, [item]);
		expect(ran.status).toBe('success');
	});
});

describe('Conversation Opened Trigger in the editor', () => {
	test('asks for the channels and who opened it; D6: the contact unless told otherwise', () => {
		const trigger = types['conversationOpenedTrigger']!.description;
		expect(trigger.version).toBe(2);
		expect(field('channels', 'conversationOpenedTrigger')[0]?.default).toEqual(['webchat']);
		expect(field('sources', 'conversationOpenedTrigger')[0]).toMatchObject({ default: ['contact'] });
		expect(shown({}, 'conversationOpenedTrigger').map((entry) => entry.split(':')[0])).toEqual([
			'channels',
			'credentials',
			'webchatNotice',
			'sources',
			'contactType',
			'oncePerContact',
			'options',
		]);
	});

	test('its addresses are static, so that n8n evaluates nothing to serve them', () => {
		for (const { path, httpMethod, isFullPath } of types['conversationOpenedTrigger']!.description.webhooks ?? []) {
			expect(path).toMatch(/^conversations\/[\w./]+$/);
			expect(['GET', 'HEAD', 'POST']).toContain(httpMethod);
			expect(isFullPath ?? false).toBe(false);
		}
	});
});

describe.each(Object.keys(FOLDERS))('%s', (name) => {
	const type: INodeType = types[name]!;
	const { description } = type;
	const folder = join(ROOT, 'nodes', FOLDERS[name] ?? '');

	test('has icons for light and dark, and words to be found by', () => {
		expect(description.name).toBe(name);
		const icon = description.icon as { light: string; dark: string };
		for (const path of [icon.light, icon.dark]) {
			const file = join(folder, path.replace('file:', ''));
			expect(existsSync(file)).toBe(true);
			expect(readFileSync(file, 'utf8')).toMatch(/^<svg [^>]*viewBox="0 0 64 64"/);
		}
		const codex = JSON.parse(readFileSync(join(folder, `${FOLDERS[name]}.node.json`), 'utf8')) as IDataObject;
		// Without 'resources' n8n silently leaves out the whole file.
		expect(codex).toMatchObject({
			node: `n8n-nodes-conversations.${name}`,
			categories: ['Communication'],
			resources: { primaryDocumentation: [{ url: expect.stringMatching(/^https:/) }] },
			alias: expect.arrayContaining(['omnichannel']),
		});
	});

	test('every list it offers can be loaded', () => {
		const methods = { ...type.methods?.listSearch, ...type.methods?.loadOptions };
		const asked = description.properties.flatMap((property) => [
			...(property.modes ?? []).map((mode) => mode.typeOptions?.searchListMethod),
			property.typeOptions?.loadOptionsMethod,
		]);
		for (const method of asked) if (method !== undefined) expect(Object.keys(methods)).toContain(method);
	});

	test('no field is said twice for the same choices', () => {
		const places = description.properties.map(({ name: field, displayOptions }: INodeProperties) =>
			JSON.stringify([field, displayOptions]),
		);
		expect(new Set(places).size).toBe(places.length);
	});
});
