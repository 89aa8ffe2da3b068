import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { failure, type Failure } from '../../core/failure';
import { contactToReach } from '../../core/reach';
import { connectionsOf } from '../calls/connections';
import { openHost, type Host } from '../host';
import { passOnFailed } from '../items';
import { waitForNews, type SentItem } from '../waits';
import { askedMessage, connectedChannels } from './asked-message';
import { runIdentity } from './identity';
import { inLanes, type Job } from './lanes';
import { failureOf, isExpected, isTool, itemError } from './problems';
import { Sending, unsent, type Run } from './sending';
import { sentOutputs, waitingFor, type Waiting } from './sent-outputs';

/** The Send Message node: output 0 what was sent, output 1 what was not, with its `failure`. */
export async function sendMessages(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const inputs = this.getInputData();
	const setUp = await setUpOrFailure(this);
	if ('code' in setUp) {
		return sentOutputs(this, inputs.map((input, index) => unsent(input, index, setUp)));
	}
	const { run, wait } = setUp;
	const jobs = await Promise.all(inputs.map((input, index) => job(run, input, index)));
	const sent = await inLanes(jobs);
	return wait && !this.getExecutionCancelSignal()?.aborted ? await waitOrFail(run, wait, sent) : sentOutputs(this, sent);
}

/**
 * When the wait itself cannot begin, the messages have gone all the same: nothing is thrown, whatever n8n is told to do
 * then, and each item says so.
 */
async function waitOrFail({ ctx, desk }: Run, { kind, limitMs }: Waiting, sent: SentItem[]): Promise<INodeExecutionData[][]> {
	try {
		return await waitForNews(ctx, desk, kind, limitMs, sent);
	} catch (error) {
		const reason = `The message was sent, but waiting could not begin. ${failureOf(ctx, error, false).reason}`;
		const cause = failure(kind === 'reply' ? 'reply_timeout' : 'delivery_timeout', reason);
		return [[], sent.map(({ item, failure: own }, index) => (own ? item : passOnFailed(item, index, {}, cause)))];
	}
}

interface SetUp {
	run: Run;
	wait: Waiting | null;
}

/**
 * What all items need. Without it the workflow stops, unless n8n is told to go on; then it would give unsent items on as
 * sent ones, so that each of them is a failed one.
 */
async function setUpOrFailure(ctx: IExecuteFunctions): Promise<SetUp | Failure> {
	try {
		const host = await openHost();
		const [identity, wait] = [runIdentity(ctx), isTool(ctx) ? null : waitingFor(ctx)];
		const connections = await connectionsOrFailure(ctx, host);
		return 'code' in connections ? connections : { run: { ctx, desk: host.desk, identity, connections }, wait };
	} catch (error) {
		if (!isExpected(error)) throw error;
		if (!ctx.continueOnFail()) throw itemError(ctx, 0, error);
		return failureOf(ctx, error, false);
	}
}

/** A credential that cannot be used is a reason why messages fail, not one to stop the workflow (A26). */
async function connectionsOrFailure(ctx: IExecuteFunctions, host: Host): Promise<Run['connections'] | Failure> {
	const ids = connectedChannels(ctx);
	try {
		return await connectionsOf(ctx, host, ids, 0);
	} catch (error) {
		return failureOf(ctx, error, false);
	}
}

/** What is to be done for one item, in the lane of its contact. */
async function job(run: Run, input: INodeExecutionData, index: number): Promise<Job<SentItem>> {
	const settled = (cause: Failure): Job<SentItem> => ({ lane: null, run: () => Promise.resolve(unsent(input, index, cause)) });
	try {
		const asked = askedMessage(run.ctx, index);
		const channels = [asked.channel, ...asked.options.fallbackChannels];
		const contact = await contactToReach(run.desk, asked.contact, channels, run.connections);
		if ('code' in contact) return settled(contact);
		const one = new Sending(run, { input, index, asked, contact });
		return { lane: contact.id, run: () => one.run() };
	} catch (error) {
		return settled(failureOf(run.ctx, error, false));
	}
}
