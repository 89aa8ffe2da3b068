import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { ChannelId, Content } from '../../core/channel';
import { requireContactBy } from '../../core/contact';
import type { Desk } from '../../core/desk';
import { failure, InputError, type Failure } from '../../core/failure';
import { send } from '../../core/outbox';
import type { Contact, Message } from '../../core/records';
import { openDesk } from '../host';
import { contactKeys, outcomeKeys, passOn, passOnFailed } from '../items';
import { waitForNews, type SentItem } from '../waits';
import { askedMessage, type AskedContent, type AskedMessage } from './asked-message';
import { fileMarks, storeAttachments } from './attachments';
import { messageKey, runIdentity } from './identity';
import { inLanes, type Job } from './lanes';
import { failureOf, isExpected, isTool, itemError } from './problems';
import { sentOutputs, waitingFor, type Waiting } from './sent-outputs';

/** The Send Message node: output 0 what was sent, output 1 what was not, with its `failure`. */
export async function sendMessages(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const inputs = this.getInputData();
	const setUp = await setUpOrFailure(this);
	if ('code' in setUp) {
		return sentOutputs(this, inputs.map((input, index) => unsent(input, index, setUp)));
	}
	const { desk, identity, wait } = setUp;
	const jobs = await Promise.all(inputs.map((input, index) => job(this, desk, identity, input, index)));
	const sent = await inLanes(jobs);
	return wait ? await waitOrFail(this, desk, wait, sent) : sentOutputs(this, sent);
}

/** When the wait itself cannot begin, n8n must not give unsent items on as sent ones either. */
async function waitOrFail(
	ctx: IExecuteFunctions,
	desk: Desk,
	{ kind, limitMs }: Waiting,
	sent: SentItem[],
): Promise<INodeExecutionData[][]> {
	try {
		return await waitForNews(ctx, desk, kind, limitMs, sent);
	} catch (error) {
		if (!isExpected(error)) throw error;
		if (!ctx.continueOnFail()) throw itemError(ctx, 0, error);
		const reason = `The message was sent, but waiting could not begin. ${error.message}`;
		const cause = failure(kind === 'reply' ? 'reply_timeout' : 'delivery_timeout', reason);
		return [[], sent.map(({ item, failure: own }, index) => (own ? item : passOnFailed(item, index, {}, cause)))];
	}
}

interface SetUp {
	desk: Desk;
	identity: string;
	wait: Waiting | null;
}

/**
 * What all items need. Without it the workflow stops, unless n8n is told to go on; then it would give unsent items on as
 * sent ones, so that each of them is a failed one.
 */
async function setUpOrFailure(ctx: IExecuteFunctions): Promise<SetUp | Failure> {
	try {
		return { desk: await openDesk(), identity: runIdentity(ctx), wait: isTool(ctx) ? null : waitingFor(ctx) };
	} catch (error) {
		if (!isExpected(error)) throw error;
		if (!ctx.continueOnFail()) throw itemError(ctx, 0, error);
		return failureOf(ctx, error, false);
	}
}

function unsent(input: INodeExecutionData, index: number, cause: Failure): SentItem {
	return { item: passOnFailed(input, index, {}, cause), contactId: null, messageId: null, failure: cause };
}

/** What is to be done for one item, in the lane of its contact. */
async function job(
	ctx: IExecuteFunctions,
	desk: Desk,
	identity: string,
	input: INodeExecutionData,
	index: number,
): Promise<Job<SentItem>> {
	const settled = (cause: Failure): Job<SentItem> => ({ lane: null, run: () => Promise.resolve(unsent(input, index, cause)) });
	try {
		const asked = askedMessage(ctx, index);
		const contact = await contactOrFailure(desk, asked.contact);
		if ('code' in contact) return settled(contact);
		const one = new Sending(ctx, desk, { identity, input, index, asked, contact });
		return { lane: contact.id, run: () => one.run() };
	} catch (error) {
		return settled(failureOf(ctx, error, false));
	}
}

/** An unknown contact has no channel (A25), which is no reason to stop the other items. */
async function contactOrFailure(desk: Desk, reference: string): Promise<Contact | Failure> {
	try {
		return await requireContactBy(desk.store.records, reference);
	} catch (error) {
		if (error instanceof InputError) return failure('no_channel', error.message);
		throw error;
	}
}

interface Item {
	identity: string;
	input: INodeExecutionData;
	index: number;
	asked: AskedMessage;
	contact: Contact;
}

/** One message on its way out. */
class Sending {
	/** True from the moment the message may be on its way. */
	private handedOver = false;

	constructor(
		private readonly ctx: IExecuteFunctions,
		private readonly desk: Desk,
		private readonly item: Item,
	) {}

	/** Never rejects: what goes wrong with one item is that item's failure. */
	async run(): Promise<SentItem> {
		const { input, index, contact } = this.item;
		try {
			return await this.attempt();
		} catch (error) {
			const cause = failureOf(this.ctx, error, this.handedOver);
			return { ...unsent(input, index, cause), contactId: contact.id };
		}
	}

	private async attempt(): Promise<SentItem> {
		const { input, index, asked, contact } = this.item;
		const { records } = this.desk.store;
		const idempotencyKey = this.key();
		const earlier = await records.messages.byIdempotencyKey(idempotencyKey);
		const target = await this.targetChannel();
		const contents = await this.contents(target, earlier);
		this.handedOver = true;
		const sent = await send(this.desk, {
			contactId: contact.id,
			source: 'workflow',
			channel: asked.channel === 'lastInteracted' && target && asked.connected.includes(target) ? target : asked.channel,
			connected: asked.connected,
			...contents,
			idempotencyKey,
			openConversation: asked.openConversation,
			skipWhenAssigned: asked.skipWhenAssigned,
		});
		const keys = sent.message ? await outcomeKeys(records, sent.message.id) : await contactKeys(records, contact);
		return {
			item: sent.ok ? passOn(input, index, keys) : passOnFailed(input, index, keys, sent.failure),
			contactId: contact.id,
			messageId: sent.message?.id ?? null,
			failure: sent.ok ? null : sent.failure,
		};
	}

	private key(): string {
		const { identity, index, asked, contact } = this.item;
		const mark = (content: AskedContent) =>
			content.kind === 'media' ? [content.text, fileMarks(this.ctx, index, content)] : content;
		const responses = Object.entries(asked.responses).map(([id, content]) => [id, mark(content)]);
		return messageKey(identity, index, contact.id, [asked.channel, mark(asked.content), responses]);
	}

	/** Where the message will go, so that only that channel's files are fetched. Null: nowhere. */
	private async targetChannel(): Promise<ChannelId | null> {
		const { asked, contact } = this.item;
		if (asked.channel !== 'lastInteracted') return asked.channel;
		return (await this.desk.store.records.addresses.ofContact(contact.id))[0]?.channel ?? null;
	}

	/** The default message and the response of the target channel; files only of the one that will be sent (A23, A24). */
	private async contents(target: ChannelId | null, earlier: Message | undefined) {
		const { content, responses } = this.item.asked;
		const response = target === null ? undefined : responses[target];
		if (target === null || response === undefined) {
			return { content: await this.complete(content, target, earlier), responses: {} };
		}
		return {
			content: withoutFiles(content),
			responses: { [target]: await this.complete(response, target, earlier) },
		};
	}

	/** An earlier try of this message has its files already, and the address of one may be gone by now. */
	private async complete(asked: AskedContent, target: ChannelId | null, earlier: Message | undefined): Promise<Content> {
		if (asked.kind !== 'media' || target === null) return withoutFiles(asked);
		const attachments =
			earlier && earlier.attachments.length > 0
				? earlier.attachments
				: await storeAttachments(this.ctx, this.desk, this.item.index, asked, this.desk.channel(target));
		return { kind: 'media', text: asked.text, attachments };
	}
}

function withoutFiles(asked: AskedContent): Content {
	return asked.kind === 'media' ? { kind: 'media', text: asked.text, attachments: [] } : asked;
}
