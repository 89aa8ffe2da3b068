import { createHash } from 'node:crypto';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

/** Under this name an execution remembers what it is called; n8n hands it on when a failed execution is retried. */
const CONTEXT_KEY = 'conversationsRun';
/** What `$('<node>')` is in an expression. */
interface NodeData {
	isExecuted: boolean;
	first(): INodeExecutionData | undefined;
}

/** Ends of our triggers' type names. */
const TRIGGER_TYPES = ['conversationOpenedTrigger', 'conversationEventTrigger'];

/**
 * What this run of the node has in common with its repetitions: n8n's Retry On Fail (the same execution) and Retry of a
 * failed execution (another execution id, the first one's data). Different runs of a loop differ.
 */
export function runIdentity(ctx: IExecuteFunctions): string {
	const runIndex = Number(ctx.getWorkflowDataProxy(0)['$runIndex'] ?? 0);
	return JSON.stringify([String(ctx.getWorkflow().id ?? ''), executionIdentity(ctx), ctx.getNode().id, runIndex]);
}

function executionIdentity(ctx: IExecuteFunctions): string {
	const remembered = ctx.getContext('flow');
	const mode = ctx.getMode();
	// Every test sends again, also with the pinned item of an earlier one.
	const known: unknown = mode === 'manual' ? undefined : remembered[CONTEXT_KEY];
	const identity = typeof known === 'string' ? known : freshIdentity(ctx, mode);
	remembered[CONTEXT_KEY] = identity;
	return identity;
}

/** A crash loses what the execution remembered, but not which event started it. */
function freshIdentity(ctx: IExecuteFunctions, mode: string): string {
	const event = mode === 'manual' ? null : startingEvent(ctx);
	return event === null ? `execution ${ctx.getExecutionId()}` : `event ${event}`;
}

/** The trigger of ours that started this execution and its event's id; null when something else did. */
function startingEvent(ctx: IExecuteFunctions): string | null {
	const nodeData = ctx.getWorkflowDataProxy(0)['$'] as (name: string) => NodeData;
	for (const { name, type } of ctx.getParentNodes(ctx.getNode().name)) {
		if (!TRIGGER_TYPES.some((end) => type.endsWith(end))) continue;
		const trigger = nodeData(name);
		const event = trigger.isExecuted ? (trigger.first()?.json['event'] as { id?: unknown } | undefined) : undefined;
		if (typeof event?.id === 'string') return `${name} ${event.id}`;
	}
	return null;
}

/** The same for every try of the same message, different for any other. */
export function messageKey(identity: string, index: number, contactId: string, content: unknown): string {
	return createHash('sha256')
		.update(JSON.stringify([identity, index, contactId, content]))
		.digest('hex');
}
