import type { IDataObject } from 'n8n-workflow';
import type { Provider } from './provider';

/** Parts of workflows as n8n exports them. */

export const node = (name: string, type: string, parameters: IDataObject, more: IDataObject = {}): IDataObject => ({
	id: `id-${name}`,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters,
	...more,
});
export const ours = (type: string) => `n8n-nodes-conversations.${type}`;
export const to = (...names: string[]) => names.map((name) => ({ node: name, type: 'main', index: 0 }));

/** What the credential of a provider is called in the workflows of tests. */
export function credentialId({ channel }: Provider): string {
	return `cred-${channel}`;
}

/** The credentials that a node on these providers has chosen. */
export function credentialsOf(providers: readonly Provider[]): IDataObject {
	return Object.fromEntries(providers.map((provider) => [provider.credentialType, { id: credentialId(provider), name: provider.channel }]));
}

/** For `N8n.importCredentials`. */
export function importable(providers: readonly Provider[]) {
	return providers.map((provider) => ({ id: credentialId(provider), name: provider.channel, type: provider.credentialType, data: provider.fields }));
}

/** The trigger of a workflow on these providers, called 'Opened'. */
export function openedTrigger(webhookId: string, providers: readonly Provider[], options: IDataObject = {}): IDataObject {
	const parameters = { channels: providers.map(({ channel }) => channel), sources: ['contact'], options: { groupMessagesSeconds: 0, ...options } };
	return node('Opened', ours('conversationOpenedTrigger'), parameters, { typeVersion: 2, webhookId, credentials: credentialsOf(providers) });
}

/** The address that a provider is told. */
export function receiver(origin: string, webhookId: string, channel: string): string {
	return `${origin}/webhook/${webhookId}/conversations/${channel}`;
}
