import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { ChannelId, Content } from '../../core/channel';
import type { Connection } from '../../core/connection';
import type { Desk } from '../../core/desk';
import type { Failure } from '../../core/failure';
import { send } from '../../core/outbox';
import type { Contact, Message } from '../../core/records';
import { contactKeys, outcomeKeys, passOn, passOnFailed } from '../items';
import type { SentItem } from '../waits';
import type { AskedContent } from './asked-content';
import type { AskedMessage } from './asked-message';
import { completeContent, contentMark, withoutFiles } from './complete-content';
import { messageKey } from './identity';
import { failureOf } from './problems';

/** What all items of a run have in common. */
export interface Run {
	ctx: IExecuteFunctions;
	desk: Desk;
	/** Of this run and its repetitions. */
	identity: string;
	connections: Partial<Record<ChannelId, Connection>>;
}

interface Item {
	input: INodeExecutionData;
	index: number;
	asked: AskedMessage;
	contact: Contact;
}

/** The item of a message that was not sent. */
export function unsent(input: INodeExecutionData, index: number, cause: Failure): SentItem {
	return { item: passOnFailed(input, index, {}, cause), contactId: null, messageId: null, failure: cause };
}

/** One message on its way out. */
export class Sending {
	/** True from the moment the message may be on its way. */
	private handedOver = false;

	constructor(
		private readonly shared: Run,
		private readonly item: Item,
	) {}

	/** Never rejects: what goes wrong with one item is that item's failure. */
	async run(): Promise<SentItem> {
		const { input, index, contact } = this.item;
		try {
			return await this.attempt();
		} catch (error) {
			const cause = failureOf(this.shared.ctx, error, this.handedOver);
			return { ...unsent(input, index, cause), contactId: contact.id };
		}
	}

	private async attempt(): Promise<SentItem> {
		const { input, index, asked, contact } = this.item;
		const { ctx, desk, connections } = this.shared;
		const { records } = desk.store;
		const idempotencyKey = this.key();
		const earlier = await records.messages.byIdempotencyKey(idempotencyKey);
		const { target, channel } = await this.route();
		const contents = await this.contents(target, earlier);
		const { openConversation, skipWhenAssigned, humanAgent, replyTo, retries } = asked.options;
		this.handedOver = true;
		const sent = await send(desk, {
			contactId: contact.id,
			source: 'workflow',
			channel,
			connections,
			...contents,
			idempotencyKey,
			openConversation,
			skipWhenAssigned,
			humanAgent,
			replyTo,
			retries,
			// n8n's 'Retry' of a failed execution, which somebody clicks.
			tryAgain: ctx.getMode() === 'retry',
			unfilled: [],
			execution: null,
			attempts: [],
			goesOn: () => false,
			signal: null,
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
		const { ctx, identity } = this.shared;
		const { index, asked, contact } = this.item;
		const { replyTo, voiceNote } = asked.options;
		const mark = (content: AskedContent) => contentMark(ctx, index, content);
		const responses = Object.entries(asked.responses).map(([id, content]) => [id, mark(content)]);
		return messageKey(identity, index, contact.id, [asked.channel, mark(asked.content), responses, replyTo, voiceNote]);
	}

	/**
	 * `target`: where the message will go, so that only that channel's files are fetched; null: nowhere. `channel`: the same
	 * for core, named outright when it can go there, so that a message which comes in meanwhile leads it nowhere else.
	 */
	private async route(): Promise<{ target: ChannelId | null; channel: AskedMessage['channel'] }> {
		const { asked, contact } = this.item;
		if (asked.channel !== 'lastInteracted') return { target: asked.channel, channel: asked.channel };
		const [latest] = await this.shared.desk.store.records.addresses.ofContact(contact.id);
		if (!latest) return { target: null, channel: asked.channel };
		const connection = this.shared.connections[latest.channel];
		const serves = connection && 'accounts' in connection && (connection.accounts?.includes(latest.account) ?? true);
		return { target: latest.channel, channel: serves ? latest.channel : asked.channel };
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

	private async complete(asked: AskedContent, target: ChannelId | null, earlier: Message | undefined): Promise<Content> {
		const { ctx, desk, connections } = this.shared;
		const connection = target === null ? undefined : connections[target];
		// Nothing will be sent, so nothing is fetched for it: core says why.
		if (target === null || !connection || 'failure' in connection) return withoutFiles(asked);
		const context = { ctx, desk, index: this.item.index, channel: desk.channel(target) };
		const files = earlier?.channel === target ? earlier.attachments : [];
		return await completeContent(context, asked, this.item.asked.options.voiceNote, files);
	}
}
