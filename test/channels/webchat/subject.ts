import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../../src/core/channel';
import type { WebchatSecrets } from '../../../src/channels/webchat/webhook';
import type { Subject } from '../../contracts/channel';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const ACCOUNT = 'page-1';
const USER = 'AAAAAAAAAAAAAAAAAAAAAA';
const AT = Date.parse('2026-11-21T10:00:00Z');

/** A token made here by what the page's documentation says of it, not by the code under test. */
export function token(changes: { a?: string; u?: string; i?: number } = {}, key = KEY): string {
	const payload = Buffer.from(JSON.stringify({ a: ACCOUNT, u: USER, i: AT, ...changes })).toString('base64url');
	const signature = createHmac('sha256', key).update(`visitor:1.${payload}`).digest('base64url');
	return `1.${payload}.${signature}`;
}

export function post(body: unknown, authorization = `Bearer ${token()}`): WebhookRequest {
	return { method: 'POST', headers: { authorization }, query: {}, body: Buffer.from(JSON.stringify(body)), receivedAt: AT };
}

const from = { channel: 'webchat', account: ACCOUNT, user: USER } as const;
const about = { channel: 'webchat', account: ACCOUNT, at: AT } as const;
const file = { fileId: 'file-1', kind: 'file', name: '', mime: '', sizeBytes: 0 } as const;

export const subject: Subject<WebchatSecrets> = {
	credential: { key: KEY },
	user: USER,
	otherCredential: { key: Buffer.from('another key of thirty-two bytes!') },
	account: ACCOUNT,
	signatureHeader: 'authorization',
	signatureOf: (header) => header.slice(header.lastIndexOf('.') + 1),
	received: [
		{
			name: 'a text',
			request: post({ type: 'message', id: 'client-0001', text: 'Hello 👋' }),
			events: [
				{ ...about, kind: 'message', key: `${USER}:client-0001`, externalId: `${USER}:client-0001`, from, content: { kind: 'text', text: 'Hello 👋' } },
			],
		},
		{
			name: 'files with a caption',
			request: post({ type: 'message', id: 'client-0002', text: 'See this', attachments: ['file-1'] }),
			events: [
				{ ...about, kind: 'message', key: `${USER}:client-0002`, externalId: `${USER}:client-0002`, from, content: { kind: 'media', text: 'See this', attachments: [file] } },
			],
		},
		{
			name: 'a file alone',
			request: post({ type: 'message', id: 'client-0003', attachments: ['file-1'] }),
			events: [
				{ ...about, kind: 'message', key: `${USER}:client-0003`, externalId: `${USER}:client-0003`, from, content: { kind: 'media', text: null, attachments: [file] } },
			],
		},
		{
			name: 'the press of a button',
			request: post({ type: 'message', id: 'client-0004', choice: { messageId: 'menu-1', id: 'hours' } }),
			events: [
				{
					...about, kind: 'message', key: `${USER}:client-0004`, externalId: `${USER}:client-0004`, from, replyTo: 'menu-1',
					content: { kind: 'choice', choice: { id: 'hours', label: 'hours' }, text: 'hours' },
				},
			],
		},
		{
			name: 'receipts, each an event',
			request: post({ type: 'receipt', delivered: ['out-1', 'out-2'], read: ['out-1'] }),
			events: [
				{ ...about, kind: 'receipt', key: 'delivered:out-1', externalId: 'out-1', state: 'delivered', to: from },
				{ ...about, kind: 'receipt', key: 'delivered:out-2', externalId: 'out-2', state: 'delivered', to: from },
				{ ...about, kind: 'receipt', key: 'read:out-1', externalId: 'out-1', state: 'read', to: from },
			],
		},
		{
			name: 'what is no fact is ignored with a reason',
			request: post({ type: 'history', before: 'out-1' }),
			events: [{ ...about, kind: 'ignored', key: `history:${USER}`, why: "a page's 'history'" }],
		},
	],
	sendable: [
		{ kind: 'text', text: '🤖 Hello' },
		{ kind: 'choices', text: 'Pick', options: [{ id: 'a', label: 'A' }] },
		{ kind: 'media', text: null, attachments: [{ ...file, name: 'a.pdf', sizeBytes: 10 * 1024 * 1024 }] },
	],
};
