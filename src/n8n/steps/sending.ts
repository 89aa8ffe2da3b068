import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { CHANNEL_IDS, type ChannelId } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { factsAbout } from '../../core/facts';
import { ConversationsError, type Failure } from '../../core/failure';
import { sendInTurn } from '../../core/in-turn';
import type { Form, Plan, Written } from '../../core/plan';
import type { Contact, Message } from '../../core/records';
import type { Connections } from '../../core/routing';
import { ownOrigins } from '../calls/connections';
import { contactKeys, outcomeKeys, passOn, passOnFailed } from '../items';
import type { SentItem } from '../waits';
import type { AskedMessage } from './asked-message';
import { completeContent } from './complete-content';
import { messageKey, messageMark } from './identity';
import { failureOf } from './problems';

/** What all items of a run have in common. */
export interface Run {
	ctx: IExecuteFunctions;
	desk: Desk;
	/** Of this run and its repetitions. */
	identity: string;
	connections: Connections;
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
		const { input, index, contact } = this.item;
		const { records } = this.shared.desk.store;
		const sent = await sendInTurn(this.shared.desk, this.plan());
		this.handedOver = true;
		const keys = sent.message ? await outcomeKeys(records, sent.message.id) : await contactKeys(records, contact);
		return {
			item: sent.ok ? passOn(input, index, keys) : passOnFailed(input, index, keys, sent.failure),
			contactId: sent.message?.contactId ?? contact.id,
			messageId: sent.message?.id ?? null,
			failure: sent.ok ? null : sent.failure,
		};
	}

	private plan(): Plan {
		const { ctx, identity, connections } = this.shared;
		const { index, asked, contact } = this.item;
		const { openConversation, skipWhenAssigned, humanAgent, replyTo, retries, fallbackChannels } = asked.options;
		const idempotencyKey = messageKey(identity, index, contact.id, messageMark(ctx, index));
		return {
			contactId: contact.id,
			source: 'workflow',
			channel: asked.channel,
			fallbackChannels,
			ifWindowClosed: asked.ifWindowClosed,
			templates: CHANNEL_IDS.filter((id) => asked.templates[id] !== undefined),
			isTemplate: (channel) => (asked.responses[channel] ?? asked.content).kind === 'template',
			connections,
			write: (channel, form, earlier) => this.write(channel, form, earlier),
			idempotencyKey,
			openConversation,
			skipWhenAssigned,
			humanAgent,
			replyTo,
			retries,
			// n8n's 'Retry' of a failed execution, which somebody clicks.
			tryAgain: ctx.getMode() === 'retry',
			execution: { id: ctx.getExecutionId(), workflowId: String(ctx.getWorkflow().id ?? ''), node: ctx.getNode().name },
			signal: ctx.getExecutionCancelSignal() ?? null,
		};
	}

	/** The response of the channel, else the default message (A23, A24); files only of the one that will be sent. */
	private async write(channel: ChannelId, form: Form, earlier: Message | undefined): Promise<Written> {
		const { ctx, desk, connections } = this.shared;
		const { asked, index } = this.item;
		try {
			const content = (form === 'template' ? asked.templates[channel] : asked.responses[channel]) ?? asked.content;
			if (content.kind === 'unreadable') throw content.why;
			const context = {
				...{ ctx, desk, index, channel: desk.channel(channel), facts: await factsAbout(desk, this.item.contact, channel, ctx.getTimezone()) },
				ownOrigins: ownOrigins(desk.channel(channel), connections[channel]),
			};
			// Files of an earlier try are used again, since the address of one may be gone by now.
			const fits = earlier?.channel === channel && (earlier.type === 'template') === (content.kind === 'template');
			const files = fits ? earlier.attachments : [];
			const written = await completeContent(context, content, asked.options.voiceNote, files);
			this.handedOver = true;
			return written;
		} catch (error) {
			// Nothing of it has gone, whatever it was.
			const cause = failureOf(ctx, error, false);
			throw new ConversationsError({ ...cause, channel: cause.channel ?? channel });
		}
	}
}
