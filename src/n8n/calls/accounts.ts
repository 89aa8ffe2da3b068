import { createHash } from 'node:crypto';
import type { CallPorts, CredentialFields, Provider } from '../../core/provider';
import { httpFor } from './http';
import { mailService, NO_MAIL } from '../mail/service';

/** Our ends by a fingerprint of the whole credential: one secret may serve several (phone numbers of one business). */
const accounts = new Map<string, Promise<string>>();
/** Credentials change seldom, so that what is beyond this is of earlier ones. */
const REMEMBERED_MAX = 1_000;

/** What a credential is good for. */
export interface OwnAccount<C = unknown> {
	account: string;
	credential: C;
	ports: CallPorts<C>;
}

/** The calls that may be made with a credential. @throws InputError that names a field. */
export function callPorts<C>(provider: Provider<C>, fields: CredentialFields): CallPorts<C> {
	const credential = provider.read(fields);
	const servers = provider.mailServers?.(credential);
	return { http: httpFor(provider, credential), mail: servers ? mailService(servers) : NO_MAIL, now: () => Date.now(), credential };
}

/**
 * Our end of a channel, asked for once in this process; whoever asks at the same time shares the call. A provider that
 * did not answer is asked again by the next caller.
 * @throws InputError that names a field of the credential, ConversationsError
 */
export async function accountOf<C>(provider: Provider<C>, fields: CredentialFields): Promise<OwnAccount<C>> {
	const ports = callPorts(provider, fields);
	const fingerprint = fingerprintOf(provider, ports.credential);
	let account = accounts.get(fingerprint);
	if (!account) {
		account = provider.account(ports);
		remember(fingerprint, account);
		account.catch(() => accounts.delete(fingerprint));
	}
	return { account: await account, credential: ports.credential, ports };
}

function remember(fingerprint: string, account: Promise<string>): void {
	const [oldest] = accounts.keys();
	if (oldest !== undefined && accounts.size >= REMEMBERED_MAX) accounts.delete(oldest);
	accounts.set(fingerprint, account);
}

function fingerprintOf<C>(provider: Provider<C>, credential: C): string {
	const parts = [provider.credentialType, provider.secretOf(credential), provider.bases(credential), credential];
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
