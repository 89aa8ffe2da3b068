import { createHmac } from 'node:crypto';
import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import type { ChannelId } from '../../core/channel';
import { ConversationsError, InputError, mayPass } from '../../core/failure';
import type { CallPorts, Provider } from '../../core/provider';
import { accountOf } from '../calls/accounts';

/** What every context of a trigger can do. */
export interface TriggerLike {
	getNode(): INode;
	getNodeParameter(name: string, fallback?: unknown): unknown;
	getCredentials<T extends object = ICredentialDataDecryptedObject>(type: string): Promise<T>;
}

/** A provider channel of a trigger with the account of the credential chosen there. */
export interface ChosenChannel {
	channel: ChannelId;
	provider: Provider;
	account: string;
	credential: unknown;
	ports: CallPorts;
	/** What the provider keys its address by. */
	key: string;
	/** The word by which the provider's calls to this trigger are known, where it hands one back. */
	secret: string;
}

export function isChosen(ctx: Pick<TriggerLike, 'getNodeParameter'>, channel: ChannelId): boolean {
	return (ctx.getNodeParameter('channels', []) as ChannelId[]).includes(channel);
}

export function chosenProviders(ctx: Pick<TriggerLike, 'getNodeParameter'>): ChannelId[] {
	return channelIds.filter((id) => channels[id].provider !== undefined && isChosen(ctx, id));
}

/** @throws InputError, ConversationsError: the sentence says what to change. */
export async function chosenChannel(ctx: TriggerLike, channel: ChannelId): Promise<ChosenChannel> {
	const { provider, name } = channels[channel];
	if (!provider) throw new InputError('Channels', `${name} has no account to choose.`);
	const { account, credential, ports } = await accountOf(provider, await credentialOf(ctx, provider, name));
	return {
		channel,
		provider,
		account,
		credential,
		ports,
		key: provider.registration.key(credential, account),
		secret: receiverSecret(provider, credential, ctx.getNode()),
	};
}

/** The fields of the credential chosen for a channel. @throws InputError when none is. */
export async function credentialOf(ctx: TriggerLike, provider: Provider, name: string): Promise<ICredentialDataDecryptedObject> {
	if (!ctx.getNode().credentials?.[provider.credentialType]) {
		throw new InputError('Credential', `No credential is chosen for ${name}. Choose one in the trigger, or take ${name} out of 'Channels'.`);
	}
	return await ctx.getCredentials(provider.credentialType);
}

/** Made anew from what does not change, so that it is kept nowhere. */
export function receiverSecret(provider: Provider, credential: unknown, node: Pick<INode, 'id' | 'webhookId'>): string {
	return createHmac('sha256', provider.secretOf(credential)).update(`receiver:${node.webhookId ?? node.id}`).digest('hex');
}

/** Whether it stays as it is until somebody changes a setting, here or at the provider. */
export function isForUser(error: unknown): boolean {
	if (error instanceof InputError) return true;
	return error instanceof ConversationsError && ['credential_invalid', 'configuration_invalid'].includes(error.failure.code);
}

/** Whether the provider answered, and said no. */
export function isRefusal(error: unknown): boolean {
	return error instanceof ConversationsError && !mayPass(error.failure);
}

/** The sentence of what a person can put right; undefined for anything else. */
export function sentenceOf(error: unknown): string | undefined {
	if (error instanceof ConversationsError) return error.failure.reason;
	return error instanceof InputError ? error.message : undefined;
}
