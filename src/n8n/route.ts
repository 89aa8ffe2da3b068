import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { ChannelId } from '../core/channel';
import type { Host } from './host';

/** One address of a trigger. */
export interface Route {
	/** Answered only when this channel is chosen; null: always. */
	channel: ChannelId | null;
	/** n8n's name of the entry. */
	name: string;
	method: 'GET' | 'HEAD' | 'POST';
	/** Below `…/webhook/<webhookId>/conversations/`. */
	path: string;
	/** Whether the trigger's panel lists it when its channel is chosen. */
	shown: boolean;
	handle(ctx: IWebhookFunctions, host: Host): Promise<IWebhookResponseData>;
}

/** The answer has been given already. */
export const ANSWERED: IWebhookResponseData = { noWebhookResponse: true };
