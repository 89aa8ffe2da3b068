import { Container } from '@n8n/di';
import { InstanceSettings } from 'n8n-core';
import { NodeHelpers, Workflow, type IDataObject, type INode, type INodeExecutionData, type INodePropertyOptions, type IRun, type ITriggerFunctions } from 'n8n-workflow';
import { channelIds, channels } from '../../src/channels';
import type { Desk } from '../../src/core/desk';
import { send } from '../../src/core/outbox';
import { EVENT_TYPES } from '../../src/core/records';
import { storeFile } from '../../src/n8n/files/stored-files';
import { draft } from '../core/desk';
import { runWorkflow } from '../n8n/engine';
import { until } from '../until';
import { closeWorkspace, openWorkspace, types, writes } from './workspace';

const trigger = types['conversationEventTrigger']!;
const { description } = trigger;

function nodeWith(parameters: IDataObject): INode {
	const node = { id: 'node-1', name: 'Event', type: 'conversationEventTrigger', typeVersion: 2, position: [0, 0] as [number, number], webhookId: 'events' };
	return { ...node, parameters: parameters as INode['parameters'] };
}

describe('in the editor', () => {
	const values = (parameters: IDataObject) => NodeHelpers.getNodeParameters(description.properties, parameters as INode['parameters'], true, false, nodeWith(parameters), description) ?? {};
	const shown = (parameters: IDataObject) =>
		description.properties.filter((property) => NodeHelpers.displayParameter(values(parameters), property, nodeWith(parameters), description)).map(({ name }) => name);
	const field = (name: string) => description.properties.find((property) => property.name === name);
	const options = (name: string) => field(name)?.options as INodePropertyOptions[];

	test('asks which events; nothing else has to be chosen', () => {
		expect(shown({})).toEqual(['events', 'channels', 'credentials', 'sources', 'options']);
		expect(values({})).toMatchObject({ events: ['message.received'], channels: [], sources: [] });
		expect(NodeHelpers.getNodeParametersIssues(description.properties, nodeWith(values({})), description)).toBeNull();
		expect(NodeHelpers.getNodeParametersIssues(description.properties, nodeWith({ ...values({}), events: [] }), description)?.parameters).toHaveProperty('events');
	});

	test('offers every event, with words, by name', () => {
		expect(options('events').map(({ value }) => value).toSorted()).toEqual([...EVENT_TYPES].sort());
		expect(options('events').map(({ name }) => name)).toEqual(options('events').map(({ name }) => name).toSorted());
		expect(options('events').find(({ value }) => value === 'message.failed')).toMatchObject({ name: 'Message Failed', description: expect.stringContaining('failed later') as string });
	});

	test('asks for the credentials of the channels that are chosen, as the other trigger does', () => {
		const asked = (chosen: string[]) =>
			description.credentials?.filter((each) => NodeHelpers.displayParameter({ channels: chosen }, each, null, description)).map(({ name }) => name) ?? [];
		expect([asked([]), asked(['webchat'])]).toEqual([[], []]);
		expect(asked(['telegram', 'sms']).toSorted()).toEqual(['conversationsTelegramApi', 'conversationsTwilioApi']);
		expect(description.credentials).toEqual(types['conversationOpenedTrigger']!.description.credentials);
	});

	test('has the same addresses and options, and one more against loops; what only listens opens nothing', () => {
		const opened = types['conversationOpenedTrigger']!.description;
		expect(description.webhooks).toEqual(opened.webhooks);
		const names = ({ properties }: typeof description) => (properties.find(({ name }) => name === 'options')?.options ?? []).map(({ name }) => name);
		expect(names(description).filter((name) => !names(opened).includes(name))).toEqual(['includeOwnMessages']);
		expect(names(opened).filter((name) => !names(description).includes(name))).toEqual([]);
		const activity = field('options')?.options?.find(({ name }) => name === 'allActivityOpens');
		const isOffered = (chosen: string[]) => NodeHelpers.displayParameter({}, activity ?? { name: '' }, nodeWith({ channels: chosen }), description, { channels: chosen });
		expect([isOffered([]), isOffered(['telegram'])]).toEqual([false, true]);
	});

	test('says on the canvas which events', () => {
		const node = nodeWith({ events: ['message.failed', 'contact.mergeSuggested'] });
		const nodeTypes = { getByName: () => trigger, getByNameAndVersion: () => trigger, getKnownTypes: () => ({}) };
		const { expression } = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
		expect(expression.getSimpleParameterValue(node, description.subtitle, 'manual', {})).toBe('Message Failed, Contact MergeSuggested');
	});

	test('each channel with an account is one that it can receive', () => {
		expect(options('channels').map(({ value }) => value).toSorted()).toEqual(channelIds.toSorted());
		expect(channelIds.filter((id) => channels[id].provider && shown({ channels: [id] }).includes('accountNotice'))).toEqual(channelIds.filter((id) => channels[id].provider));
	});
});

describe('published', () => {
	let desk: Desk;
	let emitted: INodeExecutionData[][];
	beforeEach(async () => {
		desk = await openWorkspace();
		emitted = [];
	});
	afterEach(closeWorkspace);

	/** What n8n gives a trigger, as far as ours asks for it. */
	const publish = async (parameters: IDataObject) => {
		const values: IDataObject = { channels: [], sources: [], options: { orderMaxWaitSeconds: 0 }, ...parameters };
		await trigger.trigger?.call({
			getNode: () => nodeWith(values),
			getInstanceId: () => Container.get(InstanceSettings).instanceId,
			getWorkflow: () => ({ id: 'workflow-1', name: 'w', active: true }),
			getMode: () => 'trigger',
			getActivationMode: () => 'activate',
			getNodeParameter: (name: string, fallback: unknown) => values[name] ?? fallback,
			helpers: { createDeferredPromise: () => ({ promise: new Promise<IRun>(() => undefined), resolve: () => undefined, reject: () => undefined }) },
			emit: (items: INodeExecutionData[][]) => void emitted.push(items[0] ?? []),
		} as unknown as ITriggerFunctions);
	};

	/** The execution that an emit starts, through n8n's engine. */
	const runs = async (items: INodeExecutionData[], executionId: string) =>
		(await runWorkflow({ nodes: [nodeWith({ events: ['message.failed'] })], connections: {}, nodeTypes: { conversationEventTrigger: trigger }, executionId }, { input: items })).outputs('Event')[0] ?? [];

	const sends = async (contactId: string, text: string, workflowId: string) =>
		await send(desk, draft(contactId, text, { execution: { id: '231', workflowId, node: 'Tell the Price' } }));

	test('promise 2: an event is one execution, however often n8n runs it; a message alone starts none', async () => {
		await publish({ events: ['message.failed'] });
		const { contactId } = await writes(desk, 'visitor', 'What does it cost?');
		await sends(contactId, 'Nine pounds', 'shop');
		await sends(contactId, 'x'.repeat(2_001), 'shop');
		await until(() => emitted.length === 1);
		const [first, second, again] = [await runs(emitted[0] ?? [], '17'), await runs(emitted[0] ?? [], '18'), await runs(emitted[0] ?? [], '17')];
		expect([first.length, second.length, again.length, emitted.length]).toEqual([1, 0, 1, 1]);
	});

	test('a failed message is tied to its contact, conversation, execution and words, and says why as on the Failed output', async () => {
		await publish({ events: ['message.failed'] });
		const { contactId, conversationId } = await writes(desk, 'visitor');
		const text = 'x'.repeat(2_001);
		await sends(contactId, text, 'shop');
		await until(() => emitted.length === 1);
		const [item] = await runs(emitted[0] ?? [], '17');
		const failure = { code: 'content_unsupported', channel: 'webchat', retryable: false, retryAfterMs: null, providerCode: null, providerMessage: null };
		expect(item?.json).toMatchObject({
			event: { type: 'message.failed', source: 'workflow' },
			conversation: { id: conversationId, status: 'open' },
			contact: { id: contactId },
			message: { direction: 'out', text, status: 'failed', execution: { id: '231', workflowId: 'shop', node: 'Tell the Price' }, failure },
			failure,
		});
		expect(item?.json).not.toHaveProperty('error');
	});

	test('a message that went has no failure, and one that no workflow sent no execution', async () => {
		await publish({ events: ['message.sent', 'message.received'] });
		const { contactId } = await writes(desk, 'visitor');
		await send(desk, draft(contactId, 'Hi', { source: 'agent' }));
		await until(() => emitted.length === 2);
		for (const [item] of emitted) {
			expect(item?.json).not.toHaveProperty('failure');
			expect(item?.json['message']).not.toHaveProperty('execution');
		}
	});

	test('only what was caused by whom it asks for', async () => {
		await publish({ events: ['message.sent'], sources: ['agent'] });
		const { contactId } = await writes(desk, 'visitor');
		await sends(contactId, 'By a workflow', 'shop');
		await send(desk, draft(contactId, 'By an agent', { source: 'agent' }));
		await until(() => emitted.length > 0);
		expect(emitted.map(([item]) => item?.json['message'])).toMatchObject([{ text: 'By an agent' }]);
	});

	test('its own messages start it only when asked for', async () => {
		await publish({ events: ['message.sent'], options: { orderMaxWaitSeconds: 0, includeOwnMessages: true } });
		const { contactId } = await writes(desk, 'visitor');
		await sends(contactId, 'Own', 'workflow-1');
		await until(() => emitted.length === 1);
		await publish({ events: ['message.sent'] });
		await sends(contactId, 'Own again', 'workflow-1');
		await sends(contactId, 'Of another', 'shop');
		await until(() => emitted.length === 2);
		expect(emitted[1]?.[0]?.json['message']).toMatchObject({ text: 'Of another' });
	});

	test('a burst is one item with all its messages, where they are grouped', async () => {
		await publish({ events: ['message.received'], options: { groupMessagesSeconds: 0.2 } });
		for (const text of ['I have', 'a question', '!']) await writes(desk, 'visitor', text);
		await until(() => emitted.length > 0);
		expect(emitted.map(([item]) => item?.json)).toMatchObject([{ message: { text: 'I have' }, messages: [{ text: 'I have' }, { text: 'a question' }, { text: '!' }] }]);
	});

	test('files of the message are attached', async () => {
		await publish({ events: ['message.received'] });
		const file = await storeFile(desk, { name: 'note.txt', bytes: Buffer.from('hello'), declaredMime: 'text/plain', owner: null });
		await writes(desk, 'visitor', { kind: 'media', text: null, attachments: [file] });
		await until(() => emitted.length === 1);
		const [item] = await runs(emitted[0] ?? [], '17');
		expect(item?.binary?.['data']).toMatchObject({ fileName: 'note.txt', mimeType: 'text/plain' });
	});
});
