import { snippetNames, type AuthoredText, type Facts } from '../../core/authored';
import type { Attachment, Content } from '../../core/channel';
import { foldName } from '../../core/names';
import type { AskedContent } from './asked-content';
import type { AskedMail } from './asked-mail';
import { asVoiceNotes, refused, storeAsked, storeAttachments, type FileContext } from './attachments';
import { Writer, type SnippetFile } from './writer';

/** Content with its texts filled in and its files in the store. */

/** What is needed to write one item's message. */
export interface WritingContext extends FileContext {
	facts: Facts;
}

/** A message as it goes. */
export interface Completed {
	content: Content;
	/** Names of variables that had no value. */
	unfilled: string[];
	/** What was done differently from what was asked, as sentences. */
	notes: string[];
}

/**
 * The content as it is sent. `earlier`: the files of an earlier try of this message. `audioAsVoice`: audio files go as
 * voice notes.
 * @throws ConversationsError
 */
export async function completeContent(
	context: WritingContext,
	asked: AskedContent,
	audioAsVoice: boolean,
	earlier: readonly Attachment[],
): Promise<Completed> {
	const names = textsOf(asked).flatMap(snippetNames);
	const snippets = await context.desk.store.records.snippets.byNames([...new Set(names)]);
	const writer = new Writer(context.facts, snippets);
	const content = await contentOf(context, writer, asked, audioAsVoice, earlier);
	const left = content.kind === 'text' || content.kind === 'media' ? [] : writer.files();
	return { content, unfilled: writer.unfilled(), notes: left.length > 0 ? [leftOut(left)] : [] };
}

function textsOf(asked: AskedContent): AuthoredText[] {
	if (asked.kind === 'location') return [asked.name, asked.address];
	if (asked.kind === 'template') return asked.parameters.flatMap((each) => ('text' in each ? [each.text] : []));
	const labels = asked.kind === 'choices' ? asked.options.map(({ label }) => label) : [];
	const { subject = [], html = [] } = ('mail' in asked && asked.mail) || {};
	return [asked.text, ...labels, subject, html];
}

async function contentOf(
	context: WritingContext,
	writer: Writer,
	asked: AskedContent,
	audioAsVoice: boolean,
	earlier: readonly Attachment[],
): Promise<Content> {
	if (asked.kind === 'template') return await templateOf(context, writer, asked, earlier);
	if (asked.kind === 'location') {
		const { latitude, longitude, name, address } = asked;
		return { kind: 'location', text: null, latitude, longitude, name: writer.line(name) || null, address: writer.line(address) || null };
	}
	const text = writer.text(asked.text);
	if (asked.kind === 'choices') {
		const options = asked.options.map(({ label, id }) => ({ label: writer.line(label), id }));
		return { kind: 'choices', text, options: options.map(({ label, id }) => ({ label, id: id || label })) };
	}
	const mail = asked.mail && { mail: mailOf(writer, asked.mail) };
	if (asked.kind === 'text' && writer.files().length === 0) return { kind: 'text', text, ...mail };
	const attachments = await filesOf(context, writer, asked, earlier);
	const which = asked.kind === 'media' && asked.voice ? 'every' : audioAsVoice ? 'audio' : 'none';
	return { kind: 'media', text: text.trim() === '' ? null : text, attachments: asVoiceNotes(attachments, which), ...mail };
}

function mailOf(writer: Writer, { subject, html, ...more }: AskedMail) {
	const body = html === undefined ? '' : writer.html(html);
	return { ...more, subject: writer.line(subject), ...(body.trim() !== '' && { html: body }) };
}

/** The files that are asked for, and those that snippets bring along. */
async function filesOf(
	context: WritingContext,
	writer: Writer,
	asked: Extract<AskedContent, { kind: 'text' | 'media' }>,
	earlier: readonly Attachment[],
): Promise<Attachment[]> {
	const own = asked.kind === 'media' ? asked.files : [];
	const names = new Set(own.flatMap((file) => ('library' in file ? [foldName(file.library)] : [])));
	const brought = writer.files().filter(({ library }) => !names.has(foldName(library)) && names.add(foldName(library)));
	return await storeAttachments(context, [...own, ...brought], earlier);
}

type Template = Extract<Content, { kind: 'template' }>;

/** Values that come to nothing are left out, unless the provider wants them. */
async function templateOf(
	context: WritingContext,
	writer: Writer,
	{ name, language, parameters: asked, required }: Extract<AskedContent, { kind: 'template' }>,
	earlier: readonly Attachment[],
): Promise<Template> {
	const texts = asked.flatMap((each) => ('text' in each ? [{ id: each.id, text: writer.text(each.text) }] : []));
	const filled = new Map(texts.filter(({ text }) => text.trim() !== '').map(({ id, text }) => [id, text]));
	const given = asked.filter((each) => 'file' in each || filled.has(each.id));
	const lacking = required.find(({ id }) => !given.some((each) => each.id === id));
	if (lacking) {
		throw refused(
			context.channel,
			`'${lacking.label}' of the template has no value. Fill it in under 'Template Parameters'; a variable may need a fallback, e.g. $contact.firstname|there.`,
		);
	}
	const files = [...earlier];
	const parameters: Template['parameters'] = [];
	for (const each of given) {
		if ('text' in each) parameters.push({ id: each.id, text: filled.get(each.id) ?? '' });
		else parameters.push({ id: each.id, attachment: await storeAsked(context, each.file, 'Template Parameters', files.shift()) });
	}
	return { kind: 'template', text: null, name, language, parameters };
}

function leftOut(files: readonly SnippetFile[]): string {
	const names = [...new Set(files.map(({ snippet }) => `'/${snippet}'`))];
	return `The files of ${names.join(' and ')} were left out: a message of this type has no place for them.`;
}
