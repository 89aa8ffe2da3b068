import {
	LoggerProxy,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type IWebhookDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { isTestAccount } from '../core/channel';
import type { Desk } from '../core/desk';
import type { Failure } from '../core/failure';
import { park } from '../core/parking';
import type { Wait, WaitKind } from '../core/records';
import { StoreError } from '../core/store';
import { timedOut } from '../core/waits';
import { CONTINUED, STILL_WAITING } from './continued';
import { filesUnderWay } from './files/reply-files';
import { openHost, type Host } from './host';
import { keepPairs } from './lineage';
import { askFromNode } from './steps/ask-again';
import { questionOf } from './steps/asked-question';
import { outputsOf } from './wait-outputs';
import { takeReply } from './webchat/routes';

/** What a sending node did with one of its input items. */
export interface SentItem {
	/** The item to pass on, with `message` and the rest already set; its binary data and `pairedItem` are kept. */
	item: INodeExecutionData;
	contactId: string | null;
	messageId: string | null;
	/** Null when it was sent. */
	failure: Failure | null;
}

/** The address that continues an execution parked in this node. */
export const waitingWebhook: IWebhookDescription = {
	name: 'default',
	httpMethod: 'POST',
	path: '={{ $nodeId }}',
	restartWebhook: true,
	isFullPath: true,
	responseMode: 'onReceived',
	responseData: '',
};

/** n8n itself ends the wait this long after our own limit, in case our resume could not reach it. */
const SAFETY_NET_MS = 60_000;

/** So many posts are put off until the files of a reply are here: with the pauses between them about twenty seconds. */
const TRIES_FOR_FILES = 5;

/**
 * Both outputs of a node once news has come of what it sent. Parks the execution when there is something to wait for:
 * it is then resumed once, when the last item is settled or at the limit (`resumeWaiting`).
 */
export async function waitForNews(
	ctx: IExecuteFunctions,
	desk: Desk,
	kind: WaitKind,
	limitMs: number,
	sent: SentItem[],
): Promise<INodeExecutionData[][]> {
	const until = desk.now() + limitMs;
	const parked = await park(desk, {
		executionId: ctx.getExecutionId(),
		nodeId: ctx.getNode().id,
		workflowId: String(ctx.getWorkflow().id ?? ''),
		kind,
		resumeUrl: resumeUrl(ctx),
		until,
		items: await Promise.all(
			sent.map(async ({ item, contactId, messageId, failure: cause }, index) => ({
				contactId,
				messageId,
				item,
				result: cause ? { outcome: 'failed' as const, failure: cause, messageId } : null,
				question: kind === 'reply' && messageId !== null && !cause ? await questionOf(ctx, desk, index, messageId) : null,
			})),
		),
	});
	if (!parked.wait) return await outputsOf(ctx, desk.store.records, kind, parked.items);
	// Should n8n's own time limit come first, it takes these instead of the input: unsettled items are failures.
	const overdue = await outputsOf(ctx, desk.store.records, kind, parked.items.map((item) => ({ ...item, result: item.result ?? timedOut(kind, item) })));
	ctx.setMetadata({ forwardAllOutputs: true });
	const execution = ctx.getExecuteData();
	execution.data['main'] = overdue;
	// n8n links what leaves on the second output to a second input: without one, nothing that came before could be named there.
	const [source] = execution.source?.['main'] ?? [];
	if (source && execution.source) execution.source['main'] = [source, source];
	await ctx.putExecutionToWait(new Date(until + SAFETY_NET_MS));
	// While it waits, nothing has come out of either output.
	return [[], []];
}

/** n8n's address of this wait. It gives one per execution; the node's id says which node is meant. */
function resumeUrl(ctx: IExecuteFunctions): string {
	const evaluated = ctx.evaluateExpression('{{ $execution.resumeUrl }}', 0);
	if (typeof evaluated !== 'string') {
		throw new NodeOperationError(ctx.getNode(), 'n8n gave no address to continue this execution', {
			description: "Set 'Wait For' to 'Nothing', or run the workflow in n8n itself.",
		});
	}
	const url = new URL(evaluated);
	url.pathname = `${url.pathname.replace(/\/$/, '')}/${ctx.getNode().id}`;
	return url.href;
}

/**
 * Answers a resume: the node's outputs when its wait is over, else nothing, and the execution goes on waiting. Never
 * throws: n8n would end the execution.
 */
export async function resumeWaiting(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const host = await openHost();
		const { records } = host.desk.store;
		const wait = await records.waits.find(this.getExecutionId(), this.getNode().id);
		if (this.getRequestObject().headers.authorization) return await takeTestReply(this, host, wait);
		if (wait?.state === 'open') await askFromNode(this, host.desk, wait);
		if (wait?.state !== 'due') return { webhookResponse: STILL_WAITING };
		const items = await records.waits.items(wait.id);
		if (wait.kind === 'reply' && wait.attempts <= TRIES_FOR_FILES && (await filesUnderWay(records, items))) return later(this);
		const workflowData = await outputsOf(this, records, wait.kind, items);
		keepPairs(this, workflowData);
		return { workflowData, webhookResponse: CONTINUED };
	} catch (error) {
		LoggerProxy.error(`Conversations: a waiting step was not continued and is tried again. ${nameOf(error)}`);
		return later(this);
	}
}

/** Whoever posted tries again. */
function later(ctx: IWebhookFunctions): IWebhookResponseData {
	const response = ctx.getResponseObject();
	if (!response.headersSent) response.status(503).end();
	return { noWebhookResponse: true };
}

function nameOf(error: unknown): string {
	return error instanceof StoreError ? error.message : error instanceof Error ? error.name : 'Unexpected error.';
}

/** The page of a test run answers here while the run waits: its own address is gone then. */
async function takeTestReply(ctx: IWebhookFunctions, host: Host, wait: Wait | undefined): Promise<IWebhookResponseData> {
	const { waits, addresses } = host.desk.store.records;
	for (const { contactId } of wait?.state === 'open' ? await waits.items(wait.id) : []) {
		const known = contactId === null ? [] : await addresses.ofContact(contactId);
		const test = known.find(({ channel, account }) => channel === 'webchat' && isTestAccount(account));
		if (test) return await takeReply(ctx, host, test.account);
	}
	ctx.getResponseObject().status(404).end();
	return { noWebhookResponse: true };
}
