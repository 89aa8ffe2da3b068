import type { DeliveryReport } from '../../core/mail';
import { headerFields, idsIn, type HeaderField } from './head';

/** A part of a mail, decoded. */
export interface Part {
	/** In lower case. */
	mime: string;
	bytes: Uint8Array;
}

const STATUS_PARTS = ['message/delivery-status', 'message/global-delivery-status'];
const ORIGINAL_PARTS = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'];

/** RFC 3464 with 6533; null: the mail is none. */
export function readReport(parts: readonly Part[]): DeliveryReport | null {
	const at = parts.findIndex(({ mime }) => STATUS_PARTS.includes(mime));
	const status = parts[at];
	if (!status) return null;
	const [about = [], ...recipients] = groupsOf(status.bytes);
	const original = parts.slice(at + 1).find(({ mime }) => ORIGINAL_PARTS.includes(mime));
	return {
		originalMessageId: messageIdOf(original) ?? idsIn(valueOf(about, 'original-message-id') ?? valueOf(about, 'x-original-message-id'))[0] ?? null,
		// Some servers leave out the group about the mail, or the empty line behind it.
		recipients: [about, ...recipients].filter(namesSomebody).map(recipientOf),
	};
}

function groupsOf(bytes: Uint8Array): HeaderField[][] {
	const groups = Buffer.from(bytes).toString('latin1').trim().split(/(?:\r?\n[ \t]*){2,}(?=\S)/);
	return groups.map((group) => headerFields(Buffer.from(group, 'latin1')));
}

function messageIdOf(original: Part | undefined): string | undefined {
	return original && idsIn(valueOf(headerFields(original.bytes), 'message-id'))[0];
}

function namesSomebody(fields: readonly HeaderField[]): boolean {
	return fields.some(({ name }) => name === 'final-recipient' || name === 'original-recipient');
}

function recipientOf(fields: readonly HeaderField[]): DeliveryReport['recipients'][number] {
	const address = untyped(valueOf(fields, 'final-recipient') ?? valueOf(fields, 'original-recipient') ?? '').replace(/^<|>$/g, '');
	const diagnostic = untyped(valueOf(fields, 'diagnostic-code') ?? '').replace(/\s+/g, ' ');
	return {
		address: address === '' ? null : address,
		action: (valueOf(fields, 'action') ?? '').toLowerCase().replace(/[^a-z].*$/s, ''),
		status: statusOf(valueOf(fields, 'status') ?? '', diagnostic),
		diagnostic: diagnostic === '' ? null : diagnostic,
	};
}

const CODE = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/;

/** Exim says 5.0.0 of everything, and repeats what the other server said. */
function statusOf(status: string, diagnostic: string): string | null {
	const [said] = CODE.exec(status) ?? [];
	const [quoted] = CODE.exec(diagnostic) ?? [];
	const isVague = said === undefined || said.endsWith('.0.0');
	return (isVague && (said === undefined || quoted?.[0] === said[0]) ? quoted : undefined) ?? said ?? null;
}

/** 'rfc822; ann@example.test' → 'ann@example.test' */
function untyped(value: string): string {
	return value.replace(/^[a-z0-9-]+[ \t]*;/i, '').trim();
}

function valueOf(fields: readonly HeaderField[], name: string): string | undefined {
	return fields.find((field) => field.name === name)?.value;
}
