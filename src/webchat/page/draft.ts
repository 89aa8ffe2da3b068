import type { WireAttachment } from '../../channels/webchat/wire';
import { parsedJson } from '../logic/api';
import type { Keeping } from '../logic/keeping';

/** What the visitor has begun to write. Kept per tab, so that a reload does not eat it. */
export interface Draft {
	text: string;
	attachments: WireAttachment[];
}

export function readDraft(keeping: Keeping, key: string): Draft {
	const text = keeping.read(key);
	const value = text === null ? undefined : parsedJson(text);
	if (typeof value !== 'object' || value === null) return { text: '', attachments: [] };
	const { text: words, attachments } = value as Partial<Draft>;
	return { text: typeof words === 'string' ? words : '', attachments: Array.isArray(attachments) ? attachments : [] };
}

export function writeDraft(keeping: Keeping, key: string, draft: Draft): void {
	if (draft.text === '' && draft.attachments.length === 0) keeping.remove(key);
	else keeping.write(key, JSON.stringify(draft));
}
