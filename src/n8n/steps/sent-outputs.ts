import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { WaitKind } from '../../core/records';
import { describeFailure } from '../message-item';
import type { SentItem } from '../waits';
import { askedReply } from './asked-question';
import { text } from './parameters';
import { errorItem, isTool, itemError } from './problems';

const MINUTE_MS = 60_000;
const UNIT_MS: Record<string, number> = { minutes: MINUTE_MS, hours: 3_600_000, days: 86_400_000 };
const WAIT_LIMIT_DEFAULT = 60;
/** A year; n8n knows no date that is too far ahead. */
const WAIT_MAX_MS = 365 * 24 * 3_600_000;

export interface Waiting {
	kind: WaitKind;
	limitMs: number;
}

/** What the node waits for after sending, if anything. @throws InputError for what could not be waited for. */
export function waitingFor(ctx: IExecuteFunctions): Waiting | null {
	const kind = ctx.getNodeParameter('waitFor', 0, 'nothing');
	if (kind !== 'delivery' && kind !== 'reply') return null;
	// Found out before anything is sent.
	if (kind === 'reply') ctx.getInputData().forEach((_input, index) => askedReply(ctx, index));
	const limit = Number(ctx.getNodeParameter('waitLimit', 0, WAIT_LIMIT_DEFAULT));
	const unitMs = UNIT_MS[text(ctx, 0, 'waitLimitUnit', 'Wait Limit Unit')] ?? MINUTE_MS;
	return { kind, limitMs: Math.min(WAIT_MAX_MS, (Number.isFinite(limit) && limit > 0 ? limit : WAIT_LIMIT_DEFAULT) * unitMs) };
}

/**
 * The node's outputs. With the failure branch: what was sent and what was not. Without it a failed item is an n8n error,
 * raised after everything that could be sent was sent. An agent sees one output only, so all is there.
 */
export function sentOutputs(ctx: IExecuteFunctions, sent: readonly SentItem[]): INodeExecutionData[][] {
	if (isTool(ctx)) return [sent.map(forAgent)];
	const [good, failed] = [sent.filter((one) => one.failure === null), sent.filter((one) => one.failure !== null)];
	if (ctx.getNodeParameter('addFailureBranch', 0, true) !== false) {
		return [good.map(({ item }) => item), failed.map(({ item }) => item)];
	}
	const index = sent.findIndex(({ failure }) => failure !== null);
	const first = sent[index]?.failure;
	if (!first) return [good.map(({ item }) => item)];
	if (!ctx.continueOnFail()) {
		const also = sent.length > 1 ? `${failed.length} of ${sent.length} messages were not sent; the others were.` : '';
		throw itemError(ctx, index, first, failed.length < sent.length ? also : '');
	}
	return [sent.map(({ item, failure }, at) => (failure ? errorItem(ctx, item, at, failure.reason, { failure }) : item))];
}

/** What a model needs to know: it is paid by the word, and what else the item has is none of its business. */
function forAgent({ item: { json, pairedItem }, messageId, failure: cause }: SentItem): INodeExecutionData {
	const { id = null, name = null } = (json['contact'] ?? {}) as { id?: string; name?: string | null };
	const answer: IDataObject = { sent: cause === null, contact: { id, name } };
	if (messageId !== null) answer['message'] = json['message'];
	if (cause) answer['failure'] = describeFailure(cause);
	return { json: answer, ...(pairedItem !== undefined && { pairedItem }) };
}
