import { BaseError, NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Desk } from '../../core/desk';
import { ConversationsError, failure, InputError, type Failure } from '../../core/failure';
import { StoreError } from '../../core/store';
import { openDesk } from '../host';
import { describeFailure, passOnFailed } from '../items';

/** @throws NodeOperationError with the store's own sentence when it cannot be opened. */
export async function requireDesk(ctx: IExecuteFunctions): Promise<Desk> {
	try {
		return await openDesk();
	} catch (error) {
		if (isExpected(error)) throw new NodeOperationError(ctx.getNode(), error.message);
		throw error;
	}
}

/** What a person can do something about: a wrong parameter, a store in trouble, an expression that n8n cannot work out. */
export type Expected = InputError | StoreError | BaseError;

export function isExpected(error: unknown): error is Expected {
	return error instanceof InputError || error instanceof StoreError || error instanceof BaseError;
}

/** What happened, and what to do about it: our sentences come in that order. */
function halves(text: string): { what: string; next: string } {
	const [what = text, ...rest] = text.split(/\.\s+(?=[A-Z'])/);
	return { what: what.replace(/\.$/, ''), next: rest.join('. ') };
}

/** A sentence that names the parameter to change; variables of the environment are not parameters. */
function sentenceOf(error: Expected): string {
	if (error instanceof BaseError) {
		return `n8n could not work out a field of this node: ${error.message.replace(/\.$/, '')}. Check the expressions in it.`;
	}
	if (!(error instanceof InputError) || /^[A-Z_]+$/.test(error.parameter)) return error.message;
	const { message } = error;
	if (message.includes(`'${error.parameter}'`)) return message;
	const begin = /^[A-Z][a-z]/.test(message) ? `${message.charAt(0).toLowerCase()}${message.slice(1)}` : message;
	return `Check '${error.parameter}': ${begin}`;
}

/** n8n's form of a problem with one item; `also` is said after what to do. */
export function itemError(
	ctx: IExecuteFunctions,
	index: number,
	problem: Expected | Failure,
	also = '',
): NodeOperationError {
	const { what, next } = halves(problem instanceof Error ? sentenceOf(problem) : problem.reason);
	const description = [next, also].filter((part) => part !== '').join(' ');
	return new NodeOperationError(ctx.getNode(), `${what} [item ${index}]`, {
		itemIndex: index,
		...(description !== '' && { description }),
	});
}

/** Whether n8n adds an output 'Error' of its own to the node. */
const hasErrorOutput = (ctx: IExecuteFunctions) => ctx.getNode().onError === 'continueErrorOutput';

/**
 * The item of a problem when n8n is told to go on. For its own 'Error' output n8n wants nothing in it but `error`,
 * `message` and `details`, and adds the input's keys itself; anywhere else they are ours to keep. `item`: the input's, or
 * what has become of it.
 */
export function errorItem(
	ctx: IExecuteFunctions,
	item: INodeExecutionData,
	index: number,
	text: string,
	more: { failure?: Failure } = {},
): INodeExecutionData {
	const details = more.failure && describeFailure(more.failure);
	const { message } = item.json;
	const json = hasErrorOutput(ctx)
		? { error: text, ...(details && { details, ...(message !== undefined && { message }) }) }
		: { ...item.json, error: text, ...(details && { failure: details }) };
	return { json, ...(item.binary && { binary: item.binary }), pairedItem: { item: index } };
}

/**
 * The same for a node with an output of its own for what did not go well: the item says so in `failure`, without the
 * `error` by which n8n would take it for something else.
 */
export function failedItem(
	ctx: IExecuteFunctions,
	input: INodeExecutionData,
	index: number,
	problem: Expected,
): INodeExecutionData {
	if (hasErrorOutput(ctx)) return errorItem(ctx, input, index, itemError(ctx, index, problem).message);
	return passOnFailed(input, index, {}, failureOf(ctx, problem, false));
}

/** An agent's tool call sees the first output only. */
export function isTool(ctx: IExecuteFunctions): boolean {
	return ctx.getNode().type.endsWith('Tool');
}

/**
 * Why one item could not be dealt with, whatever was thrown: were it thrown on, n8n's 'On Error' would pass unsent items
 * as sent ones. `handedOver`: the message may be on its way.
 */
export function failureOf(ctx: IExecuteFunctions, error: unknown, handedOver: boolean): Failure {
	if (error instanceof ConversationsError) return error.failure;
	if (handedOver) {
		const why = error instanceof StoreError ? error.message : unexpected(ctx, error);
		return failure('outcome_unknown', `It is not known whether the message was sent. ${why}`);
	}
	if (error instanceof StoreError) return failure('provider_unavailable', error.message);
	if (isExpected(error)) return failure('configuration_invalid', sentenceOf(error));
	return failure('rejected', unexpected(ctx, error));
}

/** Logs where it happened, without the message, which could quote what a customer wrote. */
function unexpected(ctx: IExecuteFunctions, error: unknown): string {
	const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at')) : [];
	const name = error instanceof Error ? error.name : typeof error;
	ctx.logger.error([`Conversations: unexpected ${name} in '${ctx.getNode().name}'`, ...frames.slice(0, 5)].join('\n'));
	return `Something unexpected happened (${name}). The log of n8n says where.`;
}
