import { Container } from '@n8n/di';
import { InstanceSettings } from 'n8n-core';
import type { IDataObject, IHookFunctions, INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';
import { ConversationOpenedTrigger } from '../../nodes/ConversationOpenedTrigger/ConversationOpenedTrigger.node';
import type { Desk } from '../../src/core/desk';
import { openHost } from '../../src/n8n/host';
import { storeFile } from '../../src/n8n/files/stored-files';
import { conversationWebhookMethods } from '../../src/n8n/webhooks';
import { runWorkflow } from '../n8n/engine';
import { ACCOUNT, closeWorkspace, openWorkspace, writes } from './workspace';

let desk: Desk;
beforeEach(async () => {
	desk = await openWorkspace();
});
afterEach(closeWorkspace);

const trigger = new ConversationOpenedTrigger();
const node = {
	id: 'node-1', name: 'Conversation Opened', type: 'conversationOpenedTrigger', typeVersion: 2,
	position: [0, 0] as [number, number], parameters: { channels: ['webchat'] }, webhookId: ACCOUNT,
};

/** What n8n gives a trigger, as far as ours asks for it; emits are collected. */
function context(parameters: IDataObject = {}, emitted: INodeExecutionData[][][] = []) {
	const values: IDataObject = { channels: ['webchat'], sources: ['contact'], contactType: 'any', oncePerContact: false, ...parameters };
	return {
		getNode: () => node,
		getInstanceId: () => Container.get(InstanceSettings).instanceId,
		getWorkflow: () => ({ id: 'workflow-1', name: 'w', active: true }),
		getMode: () => 'trigger',
		getActivationMode: () => 'activate',
		getNodeParameter: (name: string, fallback: unknown) => values[name] ?? fallback,
		helpers: {
			createDeferredPromise: () => ({ promise: new Promise<IRun>(() => undefined), resolve: () => undefined, reject: () => undefined }),
		},
		// The executions of these tests do not end.
		emit: (items: INodeExecutionData[][]) => {
			emitted.push(items);
		},
	};
}

const asTrigger = (ctx: unknown) => ctx as ITriggerFunctions;
const asHook = (ctx: unknown) => ctx as IHookFunctions;
const methods = conversationWebhookMethods as Record<string, NonNullable<typeof conversationWebhookMethods.default>>;
const subscriptions = async () => (await (await openHost()).desk.store.records.subscriptions.active()).length;

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The execution that an emit starts, through n8n's engine. */
const runs = async (items: INodeExecutionData[], executionId: string, parameters: IDataObject = {}) =>
	await runWorkflow(
		{
			nodes: [{ ...node, parameters: { ...node.parameters, ...parameters } }],
			connections: {},
			nodeTypes: { conversationOpenedTrigger: trigger },
			executionId,
		},
		{ input: items },
	);

test('D5: a message becomes an emit; its execution passes the item on', async () => {
	const emitted: INodeExecutionData[][][] = [];
	await trigger.trigger.call(asTrigger(context({}, emitted)));
	await writes(desk, 'v', 'Hello');
	await until(() => emitted.length === 1);
	const run = await runs(emitted[0]?.[0] ?? [], '17');
	expect(run.json('Conversation Opened')).toMatchObject([{ event: { type: 'conversation.opened' }, message: { text: 'Hello' } }]);
});

test('promise 2: an execution that comes second for the same delivery gets nothing to do', async () => {
	const emitted: INodeExecutionData[][][] = [];
	await trigger.trigger.call(asTrigger(context({}, emitted)));
	await writes(desk, 'v');
	await until(() => emitted.length === 1);
	const items = emitted[0]?.[0] ?? [];
	const [first, second, firstAgain] = [await runs(items, '17'), await runs(items, '18'), await runs(items, '17')];
	expect([first, second, firstAgain].map((run) => run.json('Conversation Opened').length)).toEqual([1, 0, 1]);
});

test('files of the message are attached, unless that is switched off', async () => {
	const emitted: INodeExecutionData[][][] = [];
	await trigger.trigger.call(asTrigger(context({}, emitted)));
	const file = await storeFile(desk, { name: 'note.txt', bytes: Buffer.from('hello'), declaredMime: 'text/plain', owner: null });
	await writes(desk, 'v', { kind: 'media', text: null, attachments: [file] });
	await until(() => emitted.length === 1);
	const items = emitted[0]?.[0] ?? [];
	const [item] = (await runs(items, '17')).outputs('Conversation Opened')[0] ?? [];
	expect(item?.binary?.['data']).toMatchObject({ fileName: 'note.txt', mimeType: 'text/plain' });
	const [plain] = (await runs(items, '17', { options: { includeFiles: false } })).outputs('Conversation Opened')[0] ?? [];
	expect(plain?.binary).toBeUndefined();
});

test('a message between the registration of the addresses and the trigger starts a workflow', async () => {
	await methods['webchat']?.create.call(asHook(context()));
	await writes(desk, 'v', 'Am I early?');
	const emitted: INodeExecutionData[][][] = [];
	await trigger.trigger.call(asTrigger(context({}, emitted)));
	await until(() => emitted.length === 1);
});

describe('promise 8: the end of a test run', () => {
	test('leaves a live trigger alone', async () => {
		await trigger.trigger.call(asTrigger(context()));
		await methods['webchat']?.create.call(asHook({ ...context(), getActivationMode: () => 'manual' }));
		await methods['webchat']?.delete.call(asHook(context()));
		expect(await subscriptions()).toBe(1);
	});

	test('of a workflow that is not active leaves nothing behind', async () => {
		await methods['webchat']?.create.call(asHook({ ...context(), getActivationMode: () => 'manual' }));
		await methods['webchat']?.delete.call(asHook(context()));
		expect(await subscriptions()).toBe(0);
	});
});

test('a workflow that is switched off ends its subscription; switched on again it has it back', async () => {
	const response = await trigger.trigger.call(asTrigger(context()));
	await response.closeFunction?.();
	await methods['webchat']?.delete.call(asHook(context()));
	expect(await subscriptions()).toBe(0);
	await trigger.trigger.call(asTrigger(context()));
	expect(await subscriptions()).toBe(1);
});

test('a stop of n8n keeps the subscription, so that nothing is missed meanwhile', async () => {
	const response = await trigger.trigger.call(asTrigger(context()));
	await response.closeFunction?.();
	await writes(desk, 'v', 'While you were away');
	const emitted: INodeExecutionData[][][] = [];
	await trigger.trigger.call(asTrigger(context({}, emitted)));
	await until(() => emitted.length === 1);
});

/** The same code loaded a second time, as n8n does when it updates a package. */
function laterBuild(): typeof import('../../src/n8n/host') {
	let build: typeof import('../../src/n8n/host') | undefined;
	jest.isolateModules(() => {
		build = jest.requireActual<typeof import('../../src/n8n/host')>('../../src/n8n/host');
	});
	if (!build) throw new Error('not loaded');
	return build;
}

test('an update of the package: the newer build takes over the triggers of the older', async () => {
	const emitted: INodeExecutionData[][][] = [];
	await trigger.trigger.call(asTrigger(context({}, emitted)));
	const older = await openHost();
	const newer = await laterBuild().openHost();
	expect(newer).not.toBe(older);
	// Whoever still runs the older code works with the newer host.
	expect(await openHost()).toBe(newer);
	await writes(newer.desk, 'v', 'After the update');
	await until(() => emitted.length === 1);
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(emitted).toHaveLength(1);
});

test('a store that cannot be opened stops the activation with a sentence', async () => {
	await closeWorkspace();
	process.env['CONVERSATIONS_DATABASE_URL'] = 'sqlite:/nowhere/at/all/c.sqlite';
	try {
		await expect(trigger.trigger.call(asTrigger(context()))).rejects.toThrow(/\/nowhere\/at\/all.*Create it/);
	} finally {
		delete process.env['CONVERSATIONS_DATABASE_URL'];
		await openWorkspace();
	}
});
