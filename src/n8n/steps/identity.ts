import { createHash } from 'node:crypto';
import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { CHANNEL_IDS } from '../../core/channel';

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

/** Parameters that make a message, besides those of single channels. */
const MAKING: readonly string[] = ['channel', 'messageType', 'text', 'attachments', 'attachmentUrls', 'channelResponses'];

/**
 * What tells one message of a run from another: what the author typed, and the item it is made of. Not what expressions
 * give, since `{{ $now }}` or a model says something else on every try, and the contact would get both.
 */
export function messageMark(ctx: IExecuteFunctions, index: number): unknown {
	const { parameters } = ctx.getNode();
	const { json = {}, binary = {} } = ctx.getInputData()[index] ?? {};
	const { replyTo, voiceNote } = (parameters['options'] ?? {}) as Record<string, unknown>;
	const making = Object.entries(parameters).filter(([name]) => MAKING.includes(name) || isOfChannel(name));
	return [making, replyTo, voiceNote, json, Object.entries(binary).map(([field, file]) => [field, fileMark(file)])];
}

/** 'whatsappText' */
function isOfChannel(name: string): boolean {
	return CHANNEL_IDS.some((id) => name.startsWith(id) && /^[A-Z]/.test(name.slice(id.length)));
}

/** Tells one file from another, where n8n keeps them elsewhere without reading it. */
function fileMark({ id, data }: IBinaryData): string {
	return id ?? createHash('sha256').update(data).digest('hex');
}

/** The same for every try of the same message, different for any other. `mark`: of `messageMark`. */
export function messageKey(identity: string, index: number, contactId: string, mark: unknown): string {
	return createHash('sha256')
		.update(JSON.stringify([identity, index, contactId, mark]))
		.digest('hex');
}
