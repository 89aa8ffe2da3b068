import { NodeOperationError, type ICredentialDataDecryptedObject, type IExecuteFunctions } from 'n8n-workflow';
import type { Channel, ChannelId } from '../../core/channel';
import type { Connection } from '../../core/connection';
import type { Desk } from '../../core/desk';
import { ConversationsError, failure, InputError, type Failure } from '../../core/failure';
import { AnswerTooLarge } from '../../core/http';
import type { CallPorts, CredentialFields, Provider, SendPorts } from '../../core/provider';
import { accountOf } from './accounts';
import type { Host } from '../host';
import { playingTimeMs } from '../files/playing-time';
import { NO_MAIL } from '../mail/service';
import { fileBytes, publicUrl } from '../files/public-files';
import { receiverUrl } from '../receivers/addresses';

/** A node with the credentials chosen on it, while it runs or is called. */
type Holder = Pick<IExecuteFunctions, 'getNode' | 'getCredentials'>;

/**
 * How a node may use each of these channels, by the credentials chosen on it; a channel without its credential is left
 * out. One that cannot be used says why, and the others can be used all the same.
 */
export async function connectionsOf(
	ctx: Holder,
	{ desk }: Pick<Host, 'desk'>,
	ids: readonly ChannelId[],
	index: number,
): Promise<Partial<Record<ChannelId, Connection>>> {
	const connected = await Promise.all(
		[...new Set(ids)].map(async (id) => [id, await connectionOf(ctx, desk, desk.channel(id), index)] as const),
	);
	return Object.fromEntries(connected.filter(([, connection]) => connection !== null));
}

async function connectionOf(ctx: Holder, desk: Desk, channel: Channel, index: number): Promise<Connection | null> {
	const { provider } = channel;
	if (!provider) return { accounts: null, ports: sendPorts(desk, channel, nobody(desk)), monthlyQuota: null, messagesPerWindow: null };
	try {
		const fields = await fieldsOf(ctx, channel, provider, index);
		if (!fields) return null;
		const { account, credential, ports } = await accountOf(provider, fields);
		return {
			accounts: [account],
			ports: sendPorts(desk, channel, ports),
			monthlyQuota: provider.monthlyQuota?.(credential) ?? null,
			messagesPerWindow: provider.messagesPerWindow?.(credential) ?? channel.can.window?.count ?? null,
		};
	} catch (error) {
		return { failure: failureOf(error, channel) };
	}
}

/** What n8n says when the credential's field is hidden or empty. */
const NOT_CHOSEN = /^(Credentials not found|Node does not (require credentials|have any credentials))/;

async function fieldsOf(ctx: Holder, channel: Channel, { credentialType }: Provider, index: number): Promise<CredentialFields | null> {
	if (!ctx.getNode().credentials?.[credentialType]) return null;
	try {
		return await ctx.getCredentials<ICredentialDataDecryptedObject>(credentialType, index);
	} catch (error) {
		if (error instanceof NodeOperationError && NOT_CHOSEN.test(error.message)) return null;
		// It was deleted, or n8n cannot decrypt it or reach what it refers to; n8n's words could quote it.
		throw new InputError(
			'Credential',
			`n8n could not read the credential for ${channel.name}. Open the credential, check its fields and save it; then choose it on this node again.`,
		);
	}
}

function failureOf(error: unknown, { id, name }: Channel): Failure {
	if (error instanceof ConversationsError) return { ...error.failure, channel: error.failure.channel ?? id };
	if (error instanceof InputError) return failure('credential_invalid', error.message, { channel: id });
	if (error instanceof AnswerTooLarge) {
		const reason = `What answers at the credential's base URL is not the API of ${name}. Check the base URL.`;
		return failure('configuration_invalid', reason, { channel: id });
	}
	throw error;
}

/** Where the base URLs of the credential lead: the provider, or a server of one's own that stands for it. */
export function ownOrigins({ provider }: Channel, connection: Connection | undefined): string[] {
	if (!provider || !connection || 'failure' in connection) return [];
	return Object.values(provider.bases(connection.ports.credential)).map((base) => new URL(base).origin);
}

/** Beside the calls: the store's files, and addresses at which a provider can fetch them. */
export function sendPorts<C>(desk: Desk, channel: Pick<Channel, 'id' | 'name'>, ports: CallPorts<C>): SendPorts<C> {
	return {
		...ports,
		file: (fileId) => fileBytes(desk, fileId, channel),
		publicUrl: (file) => publicUrl(desk, file, channel),
		durationMs: async (fileId) => await playingTimeMs(await fileBytes(desk, fileId, channel)),
		receiverUrl: (account, path) => receiverUrl(desk, channel.id, account, path),
	};
}

function nobody(desk: Desk): CallPorts {
	return {
		http: () => Promise.reject(new Error('This channel has no provider to call')),
		mail: NO_MAIL,
		now: () => desk.now(),
		credential: {},
	};
}
