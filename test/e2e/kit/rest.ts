import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject, INodeExecutionData, INodeTypeDescription, ITaskData } from 'n8n-workflow';
import { OWNER } from '../../../demo/n8n-env.mjs';
import type { WorkflowJson } from './n8n';
import { unflatten } from './unflatten';

/** 'new' (queued), 'running', 'waiting', 'success', 'error', 'crashed', 'canceled'. */
export type ExecutionStatus = string;

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	mode: string;
	startedAt: string | null;
	stoppedAt: string | null;
}

export interface Execution extends ExecutionSummary {
	/** Message of the error that ended it. */
	error: string | undefined;
	/** Each run of each node. */
	runs: Record<string, ITaskData[]>;
	/** Items on one output of a node's last run. */
	items(node: string, output?: number): INodeExecutionData[];
	/** JSON of those items. */
	json(node: string, output?: number): IDataObject[];
}

export interface SavedWorkflow extends WorkflowJson {
	active: boolean;
	versionId: string;
}

/** n8n's own REST interface, as its editor uses it, signed in as the owner. */
export class Rest {
	private constructor(
		private readonly url: string,
		private readonly cookie: string,
	) {}

	static async signIn(url: string): Promise<Rest> {
		const response = await fetch(`${url}/rest/login`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ emailOrLdapLoginId: OWNER.email, password: OWNER.password }),
		});
		if (!response.ok) throw new Error(`Signing in answered ${response.status}: ${await response.text()}`);
		const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0]);
		return new Rest(url, cookie.join('; '));
	}

	/** @returns what stands under `data` in n8n's answer. @throws when the status is not 2xx */
	async call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: { cookie: this.cookie, 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) throw new RestError(response.status, `${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
		return (JSON.parse(text) as { data: T }).data;
	}

	/** What the editor knows of every installed node type. */
	async nodeTypes(): Promise<INodeTypeDescription[]> {
		const response = await fetch(`${this.url}/types/nodes.json`, { headers: { cookie: this.cookie } });
		return (await response.json()) as INodeTypeDescription[];
	}

	/** Newest first. */
	async executions(workflowId: string, status?: ExecutionStatus): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, ...(status ? { status: [status] } : {}) }));
		const { results } = await this.call<{ results: ExecutionSummary[] }>('GET', `/executions?filter=${filter}&limit=100`);
		return results;
	}

	async execution(id: string): Promise<Execution> {
		const { data, ...summary } = await this.call<ExecutionSummary & { data: string }>('GET', `/executions/${id}`);
		const { resultData } = unflatten(data) as { resultData: { runData?: Execution['runs']; error?: { message: string } } };
		const runs = resultData.runData ?? {};
		const items = (node: string, output = 0) => runs[node]?.at(-1)?.data?.['main']?.[output] ?? [];
		return {
			...summary,
			error: resultData.error?.message,
			runs,
			items,
			json: (node, output) => items(node, output).map((item) => item.json),
		};
	}

	/**
	 * Waits until the workflow has `count` executions that ended, and gives all it has then, oldest first.
	 * @throws when that takes longer than `limitMs`
	 */
	async endedExecutions(workflowId: string, count: number, limitMs = 60_000): Promise<Execution[]> {
		const deadline = Date.now() + limitMs;
		for (;;) {
			const all = await this.executions(workflowId);
			if (all.filter(({ status }) => !['new', 'running', 'unknown'].includes(status)).length >= count) {
				return Promise.all(all.map(({ id }) => this.execution(id))).then((list) => list.reverse());
			}
			if (Date.now() > deadline) {
				const seen = all.map(({ id, status }) => `${id} ${status}`).join(', ');
				throw new Error(`Waited for ${count} executions of ${workflowId} to end; there are: ${seen || 'none'}.`);
			}
			await wait(200);
		}
	}

	workflow(id: string): Promise<SavedWorkflow> {
		return this.call('GET', `/workflows/${id}`);
	}

	createWorkflow(workflow: WorkflowJson): Promise<SavedWorkflow> {
		return this.call('POST', '/workflows', workflow);
	}

	async updateWorkflow(id: string, changes: Partial<WorkflowJson>): Promise<SavedWorkflow> {
		const { versionId } = await this.workflow(id);
		return this.call('PATCH', `/workflows/${id}`, { ...changes, versionId });
	}

	/** Makes the saved version the active one. n8n serves it up to a second later. */
	async publish(id: string): Promise<SavedWorkflow> {
		const { versionId } = await this.workflow(id);
		return this.call('POST', `/workflows/${id}/activate`, { versionId });
	}

	unpublish(id: string): Promise<SavedWorkflow> {
		return this.call('POST', `/workflows/${id}/deactivate`);
	}

	/**
	 * 'Execute workflow' in the editor, from this trigger.
	 * @returns `waitingForWebhook` when n8n now listens on the test address, else the id of the execution
	 */
	async runManually(id: string, trigger: string): Promise<{ waitingForWebhook?: boolean; executionId?: string }> {
		const workflowData = await this.workflow(id);
		return this.call('POST', `/workflows/${id}/run`, { workflowData, triggerToStartFrom: { name: trigger } });
	}

	/** The editor's Stop, of a running or waiting execution. */
	async stop(executionId: string): Promise<void> {
		await this.call('POST', `/executions/${executionId}/stop`);
	}

	/** @returns its id */
	async createCredential(name: string, type: string, data: object): Promise<string> {
		const { id } = await this.call<{ id: string }>('POST', '/credentials', { name, type, data });
		return id;
	}

	/** Ends listening on the test address, as the editor's button does. */
	async stopListening(id: string): Promise<void> {
		await this.call('DELETE', `/test-webhook/${id}`);
	}

	/** The editor's Retry of a failed execution. */
	async retry(executionId: string): Promise<unknown> {
		return this.call('POST', `/executions/${executionId}/retry`, { loadWorkflow: false });
	}
}

/** n8n refused a call. */
export class RestError extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}
