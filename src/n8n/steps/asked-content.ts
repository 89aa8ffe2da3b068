import type { IExecuteFunctions } from 'n8n-workflow';
import type { AuthoredText } from '../../core/authored';
import type { Place } from '../../core/channel';
import { InputError } from '../../core/failure';
import { filesOf, type AskedFile } from './asked-files';
import { mailPartsOf, type AskedMail } from './asked-mail';
import { templateOf, type AskedTemplate } from './asked-template';
import { Parameters, partOf } from './authored';
import { numberOf, textOf } from './values';

/** A button. Without an id of its own it has its label's. */
export interface AskedChoice {
	label: AuthoredText;
	id: string;
}

/** What the author of a workflow asks to send, before its texts are filled in and its files are fetched. */
export type AskedContent =
	| { kind: 'text'; text: AuthoredText; mail?: AskedMail }
	| { kind: 'choices'; text: AuthoredText; options: AskedChoice[] }
	| {
			kind: 'media';
			text: AuthoredText;
			mail?: AskedMail;
			files: AskedFile[];
			/** They go as voice notes, where the channel takes them so. */
			voice: boolean;
	  }
	| (Pick<Place, 'latitude' | 'longitude'> & { kind: 'location'; name: AuthoredText; address: AuthoredText })
	| AskedTemplate;

const READERS: Readonly<Record<string, (parameters: Parameters) => AskedContent>> = {
	text: (parameters) => ({ kind: 'text', text: parameters.text('Text', 'text') }),
	choices: (parameters) => ({ kind: 'choices', text: parameters.text('Text', 'text'), options: choicesOf(parameters) }),
	media: (parameters) => ({ kind: 'media', text: parameters.text('Caption', 'text'), files: filesOf(parameters), voice: false }),
	voice: (parameters) => ({ kind: 'media', text: [], files: filesOf(parameters), voice: true }),
	location: placeOf,
	template: templateOf,
};

/**
 * `prefix`: a channel's id for its own response, '' for the default message. `isMail`: that channel's messages are mails.
 * @throws InputError
 */
export function askedContent(ctx: IExecuteFunctions, index: number, prefix: string, isMail = false): AskedContent {
	const parameters = new Parameters(ctx, index, prefix);
	const type = String(parameters.value('messageType', 'text'));
	const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
	if (!reader) throw new InputError('Message Type', `'Message Type' is '${type}', which is no type of message.`);
	const asked = reader(parameters);
	return isMail && (asked.kind === 'text' || asked.kind === 'media') ? { ...asked, mail: mailPartsOf(parameters) } : asked;
}

/** The template of a channel, whatever else is asked to be sent there; null: none is chosen. @throws InputError */
export function askedTemplate(ctx: IExecuteFunctions, index: number, prefix: string): AskedTemplate | null {
	const template = templateOf(new Parameters(ctx, index, prefix));
	return template.name === '' ? null : template;
}

function choicesOf(parameters: Parameters): AskedChoice[] {
	const rows = partOf(parameters.given('choices', {}), 'values');
	if (!Array.isArray(rows.value)) return [];
	return rows.value.map((_row, position) => {
		const row = partOf(rows, position);
		return { label: parameters.textOf('Label', partOf(row, 'label')), id: textOf('ID', partOf(row, 'id').value).trim() };
	});
}

function placeOf(parameters: Parameters): AskedContent {
	return {
		kind: 'location',
		latitude: numberOf('Latitude', parameters.value('latitude', ''), '52.5163'),
		longitude: numberOf('Longitude', parameters.value('longitude', ''), '13.3777'),
		name: parameters.text('Location Name', 'locationName'),
		address: parameters.text('Location Address', 'locationAddress'),
	};
}
