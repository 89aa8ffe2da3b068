import { LoggerProxy } from 'n8n-workflow';
import { channels } from '../../channels';
import { MalformedPayload, type ChannelEvent, type ChannelId, type WebhookRequest } from '../../core/channel';
import type { Desk } from '../../core/desk';
import { receive, type Received } from '../../core/inbox';
import type { CallPorts, Provider } from '../../core/provider';
import { offerToTests } from './test-runs';

/** Where a body came from. */
export interface Source {
	channel: ChannelId;
	provider: Provider;
	account: string;
	credential: unknown;
	ports: CallPorts;
}

/**
 * Stores what an authentic body says; when it resolves the provider may be answered.
 * `testing`: the listener of a test run that the provider itself posted to, which needs no copy.
 * @throws StoreError, MalformedPayload
 */
export async function takeIn(desk: Desk, source: Source, request: WebhookRequest, testing?: string): Promise<Received[]> {
	const facts = factsOf(source, request);
	const received = await receive(desk, facts);
	for (const fact of facts) if (fact.kind === 'ignored') LoggerProxy.debug(`Conversations: ${channels[source.channel].name} told something that is not used: ${fact.why}.`);
	void afterwards(source, facts, () => offerToTests(desk, facts, received, testing));
	return received;
}

function factsOf({ channel, credential, account }: Source, request: WebhookRequest): ChannelEvent[] {
	try {
		return channels[channel].webhook.parse(request, credential, account);
	} catch (error) {
		if (error instanceof MalformedPayload) {
			LoggerProxy.warn(`Conversations: ${channels[channel].name} sent something that is not in its format. ${error.message}`);
		}
		throw error;
	}
}

/** What the provider does not wait for. Never rejects. */
async function afterwards(source: Source, facts: readonly ChannelEvent[], offer: () => Promise<void>): Promise<void> {
	try {
		await Promise.all([acknowledge(source, facts), offer()]);
	} catch (error) {
		LoggerProxy.warn(`Conversations: a message is stored, but what follows was not all done (${error instanceof Error ? error.name : 'unexpected'}).`);
	}
}

/** A press that is not answered looks as if it were still being worked on. */
async function acknowledge({ provider, ports }: Source, facts: readonly ChannelEvent[]): Promise<void> {
	for (const fact of facts) {
		if (fact.kind === 'message' && fact.acknowledge !== undefined) await provider.acknowledge?.(fact.acknowledge, ports);
	}
}
