import type { IExecuteFunctions } from 'n8n-workflow';
import type { Attachment, Content, TemplateParameter } from '../../core/channel';
import type { AskedContent } from './asked-content';
import { asVoiceNotes, fileMark, storeAttachments, storeParameters, unfitted, type FileContext } from './attachments';

/** Content with its files in the store. */

/** What tells one content from another without reading its files. */
export function contentMark(ctx: IExecuteFunctions, index: number, asked: AskedContent): unknown {
	if (asked.kind === 'media') {
		const { fields, urls, text, voice, mail } = asked;
		return [text, [...fields.map((field) => fileMark(ctx, index, field)), ...urls], voice, ...(mail ? [mail] : [])];
	}
	if (asked.kind !== 'template') return asked;
	const { name, language, parameters } = asked;
	return [name, language, parameters.map((each) => ('text' in each ? each : [each.id, fileMark(ctx, index, each.field)]))];
}

/** The content of a channel that the message will not go to. */
export function withoutFiles(asked: AskedContent): Content {
	if (asked.kind === 'media') return { kind: 'media', text: asked.text, attachments: [], ...mailOf(asked) };
	if (asked.kind !== 'template') return asked;
	return { ...asked, parameters: asked.parameters.flatMap((each) => ('text' in each ? [each] : [])) };
}

/**
 * The content as it is sent. `earlier`: the files of an earlier try of this message, which are used again, since the
 * address of one may be gone by now. `audioAsVoice`: audio files go as voice notes.
 * @throws ConversationsError
 */
export async function completeContent(
	context: FileContext,
	asked: AskedContent,
	audioAsVoice: boolean,
	earlier: readonly Attachment[],
): Promise<Content> {
	if (asked.kind === 'template') return { ...asked, parameters: await parametersOf(context, asked, earlier) };
	if (asked.kind !== 'media') return asked;
	const attachments = earlier.length > 0 ? unfitted(earlier) : await storeAttachments(context, asked);
	const which = asked.voice ? 'every' : audioAsVoice ? 'audio' : 'none';
	return { kind: 'media', text: asked.text, attachments: asVoiceNotes(attachments, which), ...mailOf(asked) };
}

const mailOf = ({ mail }: Pick<Extract<AskedContent, { kind: 'media' }>, 'mail'>) => (mail ? { mail } : {});

async function parametersOf(
	context: FileContext,
	{ parameters }: Extract<AskedContent, { kind: 'template' }>,
	earlier: readonly Attachment[],
): Promise<TemplateParameter[]> {
	if (earlier.length === 0) return await storeParameters(context, parameters);
	const files = [...earlier];
	return parameters.flatMap((each): TemplateParameter[] => {
		if ('text' in each) return [each];
		const attachment = files.shift();
		return attachment ? [{ id: each.id, attachment }] : [];
	});
}
