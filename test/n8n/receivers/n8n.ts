import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type {
	IDataObject,
	IHookFunctions,
	INodeExecutionData,
	IRun,
	ITriggerFunctions,
	IWebhookFunctions,
	WorkflowActivateMode,
} from 'n8n-workflow';
import type { Desk } from '../../../src/core/desk';
import { closeHost, openDesk } from '../../../src/n8n/host';
import { conversationTrigger } from '../../../src/n8n/triggers';
import { conversationWebhook, conversationWebhookMethods, conversationWebhooks } from '../../../src/n8n/webhooks';
import { freshStore } from '../../setup/fresh-store';

/** The address under which providers know this n8n. */
export const PUBLIC = 'https://n8n.example.test';

export interface TriggerSetup {
	workflowId: string;
	channels: string[];
	/** Of a Conversation Event Trigger; absent: it is a Conversation Opened Trigger. */
	events?: string[];
	/** By credential type. */
	credentials: Record<string, IDataObject>;
	options?: IDataObject;
}

/** A trigger node in a workflow, and what n8n does with it. */
export interface TestTrigger {
	publish(mode?: 'activate' | 'init' | 'update'): Promise<void>;
	unpublish(): Promise<void>;
	/** 'Execute workflow' in the editor, and its end. */
	listen(): Promise<void>;
	stopListening(): Promise<void>;
	/** The items that executions were started with, and those of test runs. */
	started: INodeExecutionData[];
	tests: INodeExecutionData[];
	/** Sentences shown among the executions. */
	reports: string[];
	/** As the provider is told. */
	address(channel: string, kind?: 'webhook' | 'webhook-test'): string;
}

export interface TestN8n {
	desk: Desk;
	/** Where it really listens. */
	origin: string;
	trigger(setup: TriggerSetup): TestTrigger;
	/** Ends all that lives long, as a crash does, and begins anew on the same store. */
	restart(): Promise<void>;
	close(): Promise<void>;
}

interface Entry {
	setup: TriggerSetup;
	webhookId: string;
	live: boolean;
	testing: boolean;
	tests: INodeExecutionData[];
}

/** n8n's part of the game for triggers: registers, serves, takes back. Real HTTP, a real store. */
export async function testN8n(): Promise<TestN8n> {
	const folder = mkdtempSync(join(process.env['CONVERSATIONS_TEST_ROOT'] ?? tmpdir(), 'receivers-'));
	const before = { folder: process.env['N8N_USER_FOLDER'], port: process.env['N8N_PORT'] };
	process.env['N8N_USER_FOLDER'] = folder;
	mkdirSync(join(folder, '.n8n'));
	await freshStore(join(folder, '.n8n', 'conversations.sqlite'));
	await closeHost();
	const entries = new Map<string, Entry>();
	const server = serve(entries);
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	process.env['N8N_PORT'] = String(port);
	const n8n: TestN8n = {
		desk: await openDesk(),
		origin: `http://127.0.0.1:${port}`,
		trigger: (setup) => makeTrigger(setup, entries),
		restart: async () => {
			await closeHost();
			n8n.desk = await openDesk();
		},
		close: async () => {
			server.closeAllConnections();
			server.close();
			await closeHost();
			process.env['N8N_USER_FOLDER'] = before.folder;
			process.env['N8N_PORT'] = before.port;
			rmSync(folder, { recursive: true, force: true });
		},
	};
	return n8n;
}

function serve(entries: Map<string, Entry>) {
	const app = express();
	for (const [prefix, kind] of [['webhook', 'live'], ['webhook-test', 'testing']] as const) {
		for (const description of conversationWebhooks) {
			const method = ({ GET: 'get', HEAD: 'head', POST: 'post' } as const)[description.httpMethod as 'GET' | 'HEAD' | 'POST'];
			app[method](`/${prefix}/:webhookId/${description.path}`, (req, res, next) => {
				const entry = entries.get(req.params.webhookId);
				if (!entry?.[kind]) res.status(404).end();
				else void answer(entry, description.name, kind === 'testing', req, res).catch(next);
			});
		}
	}
	return app.listen(0, '127.0.0.1');
}

async function answer(entry: Entry, name: string, testing: boolean, req: express.Request, res: express.Response): Promise<void> {
	const chunks: Buffer[] = [];
	for await (const chunk of req) chunks.push(chunk as Buffer);
	const request = Object.assign(req, { rawBody: Buffer.concat(chunks), readRawBody: () => Promise.resolve() });
	const ctx = {
		...common(entry),
		getMode: () => (testing ? 'manual' : 'webhook'),
		getWebhookName: () => name,
		// The production address, in a test run as well; the other one knows what was called.
		getNodeWebhookUrl: (asked: string) => addressOf(entry, 'webhook', asked),
		getWebhookResourceUrl: (asked: string) => addressOf(entry, testing ? 'webhook-test' : 'webhook', asked),
		getRequestObject: () => request,
		getResponseObject: () => res,
	} as unknown as IWebhookFunctions;
	const { workflowData } = await conversationWebhook.call(ctx);
	if (workflowData) entry.tests.push(...(workflowData[0] ?? []));
}

function addressOf({ webhookId }: Entry, prefix: string, name: string): string {
	return `${PUBLIC}/${prefix}/${webhookId}/${conversationWebhooks.find((each) => (each.name as string) === name)?.path}`;
}

function common({ setup, webhookId }: Entry) {
	const { channels, events, options = {} } = setup;
	const parameters: IDataObject = events
		? { channels, events, sources: [], options }
		: { channels, sources: ['contact'], contactType: 'any', oncePerContact: false, options };
	return {
		getNode: () => ({
			id: `node-${setup.workflowId}`,
			name: 'Conversation Opened',
			webhookId,
			credentials: Object.fromEntries(Object.keys(setup.credentials).map((type) => [type, { id: type, name: type }])),
		}),
		getWorkflow: () => ({ id: setup.workflowId }),
		getInstanceId: () => 'instance-1',
		getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
		getCredentials: (type: string) => Promise.resolve(setup.credentials[type]),
	};
}

function makeTrigger(setup: TriggerSetup, entries: Map<string, Entry>): TestTrigger {
	const webhookId = `hook-${setup.workflowId}`;
	const entry: Entry = { setup, webhookId, live: false, testing: false, tests: [] };
	entries.set(webhookId, entry);
	let close: (() => Promise<void>) | undefined;
	const address = (channel: string, kind = 'webhook') => `${PUBLIC}/${kind}/${webhookId}/conversations/${channel}`;
	const hooks = (mode: WorkflowActivateMode) =>
		({
			...common(entry),
			getMode: () => (mode === 'manual' ? 'manual' : 'trigger'),
			getActivationMode: () => mode,
			getNodeWebhookUrl: (name: string) => address(name, mode === 'manual' ? 'webhook-test' : 'webhook'),
		}) as unknown as IHookFunctions;
	const trigger: TestTrigger = {
		started: [],
		tests: entry.tests,
		reports: [],
		address,
		publish: async (mode = 'activate') => {
			entry.live = true;
			const ctx = {
				...common(entry),
				getMode: () => 'trigger',
				getActivationMode: () => mode,
				saveFailedExecution: (error: Error) => trigger.reports.push(error.message),
				helpers: { createDeferredPromise: deferred },
				emit: (items: INodeExecutionData[][], _response: undefined, done: Deferred) => {
					trigger.started.push(...(items[0] ?? []));
					done.resolve({} as IRun);
				},
			} as unknown as ITriggerFunctions;
			close = (await conversationTrigger.call(ctx)).closeFunction;
			await create(hooks(mode));
		},
		unpublish: async () => {
			await close?.();
			await remove(hooks('update'));
			entry.live = false;
		},
		listen: async () => {
			entry.testing = true;
			await create(hooks('manual'));
		},
		stopListening: async () => {
			await remove(hooks('manual'));
			entry.testing = false;
		},
	};
	return trigger;
}

type Methods = Record<string, { checkExists(this: IHookFunctions): Promise<boolean>; create(this: IHookFunctions): Promise<boolean>; delete(this: IHookFunctions): Promise<boolean> }>;
const methods = conversationWebhookMethods as unknown as Methods;

/** One entry after the other, in their order, as n8n does. */
async function create(ctx: IHookFunctions): Promise<void> {
	for (const { name } of conversationWebhooks) {
		const own = methods[name];
		if (own && !(await own.checkExists.call(ctx))) await own.create.call(ctx);
	}
}

async function remove(ctx: IHookFunctions): Promise<void> {
	for (const { name } of conversationWebhooks) await methods[name]?.delete.call(ctx);
}

interface Deferred {
	promise: Promise<IRun>;
	resolve(run: IRun): void;
}

/** What n8n's own helper makes. */
function deferred(): Deferred {
	let resolve: Deferred['resolve'] = () => undefined;
	const promise = new Promise<IRun>((settled) => {
		resolve = settled;
	});
	return { promise, resolve };
}
