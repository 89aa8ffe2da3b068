import { ConversationsError, failure } from '../../src/core/failure';
import type { CallPorts, CredentialFields, Provider, SendPorts } from '../../src/core/provider';
import { httpFor } from '../../src/n8n/http';

export interface TestFile {
	name: string;
	mime: string;
	bytes: Uint8Array;
	durationMs?: number;
}

/** Where files stand that a provider fetches itself. */
export const PUBLIC_FILES = 'https://n8n.example.test/webhook/trigger-1/conversations/media';

/** The real calls to a provider (a fake on this machine), with files from memory and a clock that stands still. */
export function sendPorts<C>(
	provider: Provider<C>,
	fields: CredentialFields,
	{ now = 0, files = {} }: { now?: number; files?: Record<string, TestFile> } = {},
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
	};
}

export function callPorts<C>(provider: Provider<C>, fields: CredentialFields, now = 0): CallPorts<C> {
	const credential = provider.read(fields);
	return { http: httpFor(provider, credential), now: () => now, credential };
}
