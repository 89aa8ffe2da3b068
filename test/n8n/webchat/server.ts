import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type { IWebhookFunctions, INodeExecutionData, WorkflowExecuteMode } from 'n8n-workflow';
import { closeHost, openDesk } from '../../../src/n8n/host';
import { conversationWebhook, conversationWebhooks } from '../../../src/n8n/webhooks';
import type { Desk } from '../../../src/core/desk';
import { freshStore } from '../../setup/fresh-store';

/** The trigger's addresses on a real HTTP server, as n8n serves them: same paths, same raw body, same response object. */
export interface ChatServer {
	desk: Desk;
	/** `mode` 'manual': the test address. */
	base(mode?: 'production' | 'test', webhookId?: string): string;
	/** Items that requests started test runs with. */
	started: INodeExecutionData[][][];
	close(): Promise<void>;
}

export async function chatServer(parameters: Record<string, unknown> = {}): Promise<ChatServer> {
	const folder = mkdtempSync(join(process.env['CONVERSATIONS_TEST_ROOT'] ?? tmpdir(), 'chat-'));
	const before = process.env['N8N_USER_FOLDER'];
	process.env['N8N_USER_FOLDER'] = folder;
	mkdirSync(join(folder, '.n8n'));
	await freshStore(join(folder, '.n8n', 'conversations.sqlite'));
	await closeHost();
	const desk = await openDesk();
	const started: INodeExecutionData[][][] = [];
	const app = express();
	app.set('trust proxy', 1);
	for (const [prefix, mode] of [['webhook', 'webhook'], ['webhook-test', 'manual']] as const) {
		for (const entry of conversationWebhooks) {
			const method = ({ GET: 'get', HEAD: 'head', POST: 'post' } as const)[entry.httpMethod as 'GET' | 'HEAD' | 'POST'];
			app[method](`/${prefix}/:webhookId/${entry.path}`, (req, res, next) => {
				void serve(entry.name, mode, req, res).catch(next);
			});
		}
	}
	const serve = async (name: string, mode: WorkflowExecuteMode, req: express.Request, res: express.Response) => {
		let raw: Promise<void> | undefined;
		const withRawBody = Object.assign(req, {
			readRawBody: () => {
				raw ??= (async () => {
					const chunks: Buffer[] = [];
					for await (const chunk of req) chunks.push(chunk as Buffer);
					Object.assign(req, { rawBody: Buffer.concat(chunks) });
				})();
				return raw;
			},
		});
		// n8n reads JSON before the node is asked, and answers malformed JSON itself.
		if (req.headers['content-type']?.includes('json')) await withRawBody.readRawBody();
		const ctx = {
			getMode: () => mode,
			getWebhookName: () => name,
			getNode: () => ({ id: 'node-1', name: 'Conversation Opened Trigger', webhookId: req.params['webhookId'] }),
			getNodeParameter: (parameter: string, fallback: unknown) =>
				({ channels: ['webchat'], ...parameters })[parameter] ?? fallback,
			getRequestObject: () => withRawBody,
			getResponseObject: () => res,
		} as unknown as IWebhookFunctions;
		const { workflowData } = await conversationWebhook.call(ctx);
		if (workflowData) started.push(workflowData);
	};
	const server = app.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		desk,
		base: (mode = 'production', webhookId = 'page-1') =>
			`${origin}/${mode === 'test' ? 'webhook-test' : 'webhook'}/${webhookId}/conversations/webchat`,
		started,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await closeHost();
			process.env['N8N_USER_FOLDER'] = before;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
