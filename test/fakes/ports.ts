import { ConversationsError, failure } from '../../src/core/failure';
import type { CallPorts, CredentialFields, PollPorts, Provider, SendPorts } from '../../src/core/provider';
import { httpFor } from '../../src/n8n/calls/http';
import { mailService, NO_MAIL } from '../../src/n8n/mail/service';

export interface TestFile {
	name: string;
	mime: string;
	bytes: Uint8Array;
	durationMs?: number;
}

/** Where files stand that a provider fetches itself. */
export const PUBLIC_FILES = 'https://n8n.example.test/webhook/trigger-1/conversations/media';

/**
 * The real calls to a provider (a fake on this machine), with files from memory and a clock that stands still. `receiver`: the address
 * that is registered; without it there is none.
 */
export function sendPorts<C>(
	provider: Provider<C>,
	fields: CredentialFields,
	{ now = 0, files = {}, receiver = '' }: { now?: number; files?: Record<string, TestFile>; receiver?: string } = {},
): SendPorts<C> {
	const find = (fileId: string): TestFile => {
		const file = files[fileId];
		if (!file) throw new ConversationsError(failure('content_unsupported', `There is no file ${fileId}.`));
		return file;
	};
	return {
		...callPorts(provider, fields, now),
		file: async (fileId) => find(fileId).bytes,
		publicUrl: async (file) => {
			const name = 'fileId' in file ? find(file.fileId).name : file.name;
			return `${PUBLIC_FILES}?id=${'fileId' in file ? file.fileId : 'made'}&name=${encodeURIComponent(name)}`;
		},
		durationMs: async (fileId) => find(fileId).durationMs ?? null,
		receiverUrl: async (_account, path) => (receiver === '' ? null : [receiver, path].filter(Boolean).join('/')),
	};
}

export function callPorts<C>(provider: Provider<C>, fields: CredentialFields, now = 0): CallPorts<C> {
	const credential = provider.read(fields);
	const servers = provider.mailServers?.(credential);
	return { http: httpFor(provider, credential), mail: servers ? mailService(servers) : NO_MAIL, now: () => now, credential };
}

/** The same for a provider that is asked for news; files it keeps end up in `kept`. */
export function pollPorts<C>(
	provider: Provider<C>,
	fields: CredentialFields,
	{ now = 0, signal = new AbortController().signal, kept = [] }: { now?: number; signal?: AbortSignal; kept?: TestFile[] } = {},
): PollPorts<C> {
	return {
		...callPorts(provider, fields, now),
		signal,
		keepFile: async ({ name, mime, bytes }) => {
			kept.push({ name, mime: mime ?? 'application/octet-stream', bytes });
			const kind = mime?.startsWith('image/') ? 'image' : 'file';
			return { fileId: `kept-${kept.length}`, kind, name, mime: mime ?? 'application/octet-stream', sizeBytes: bytes.length };
		},
	};
}
