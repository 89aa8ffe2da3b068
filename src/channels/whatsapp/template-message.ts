import type { Attachment, Content, TemplateParameter } from '../../core/channel';
import { ConversationsError, failure } from '../../core/failure';
import type { SendPorts } from '../../core/provider';
import type { WhatsAppCredential } from './credential';
import { WHATSAPP } from './facts';
import { upload } from './upload';
import type { MediaLocation, OutgoingComponent, OutgoingParameter, OutgoingTemplate } from './wire';

type Ports = SendPorts<WhatsAppCredential>;
type TemplateContent = Extract<Content, { kind: 'template' }>;

/** `header.text.1`, `header.image`, `body.name`, `button.0.url` … as `templates` lists them. */
const HEADER_TEXT = /^header\.text\.(.+)$/;
const HEADER_MEDIA = /^header\.(image|video|document)$/;
const BODY = /^body\.(.+)$/;
const BUTTON = /^button\.(\d+)\.(url|payload|code)$/;

/** Parts of the template without values are left out. */
export async function templateOf({ name, language, parameters }: TemplateContent, ports: Ports): Promise<OutgoingTemplate> {
	const stranger = parameters.find(({ id }) => ![HEADER_TEXT, HEADER_MEDIA, BODY, BUTTON].some((form) => form.test(id)));
	if (stranger) throw unsuited(`The field '${stranger.id}' is not one of a WhatsApp template. Choose the template again, so that its fields are read anew.`);
	const media = parameters.find(({ id }) => HEADER_MEDIA.test(id));
	const header = media ? [await mediaParameter(media, ports)] : textParameters(parameters, HEADER_TEXT);
	const body = textParameters(parameters, BODY);
	const components: OutgoingComponent[] = [
		...(header.length > 0 ? [{ type: 'header' as const, parameters: header }] : []),
		...(body.length > 0 ? [{ type: 'body' as const, parameters: body }] : []),
		...parameters.flatMap(buttonOf),
	];
	return { name, language: { code: language }, ...(components.length > 0 && { components }) };
}

/** Values with names go by name; numbered ones in the order of their numbers. */
function textParameters(parameters: readonly TemplateParameter[], form: RegExp): OutgoingParameter[] {
	const named = parameters.flatMap((parameter) => {
		const key = form.exec(parameter.id)?.[1];
		return key === undefined ? [] : [{ key, text: textOf(parameter) }];
	});
	const isNumber = (key: string) => /^\d+$/.test(key);
	const order = (key: string) => (isNumber(key) ? Number(key) : 0);
	return named
		.sort((a, b) => order(a.key) - order(b.key))
		.map(({ key, text }) => ({ type: 'text', ...(!isNumber(key) && { parameter_name: key }), text }));
}

function textOf(parameter: TemplateParameter): string {
	if ('text' in parameter) return parameter.text;
	throw unsuited(`The field '${parameter.id}' of the template takes a text, not a file.`);
}

/** A file is uploaded; a text is the address of one that WhatsApp fetches itself. */
async function mediaParameter(parameter: TemplateParameter, ports: Ports): Promise<OutgoingParameter> {
	const kind = HEADER_MEDIA.exec(parameter.id)?.[1];
	const attachment = 'attachment' in parameter ? parameter.attachment : undefined;
	const location = attachment ? { id: await upload(attachment, ports) } : linkOf(parameter);
	if (kind === 'image') return { type: 'image', image: location };
	if (kind === 'video') return { type: 'video', video: location };
	return { type: 'document', document: { ...location, ...filenameOf(location, attachment) } };
}

function linkOf(parameter: TemplateParameter): { link: string } {
	const link = textOf(parameter).trim();
	if (/^https:\/\//.test(link) && URL.canParse(link)) return { link };
	throw unsuited(`The field '${parameter.id}' of the template takes a file or an address that begins with https://.`);
}

/** People see the name of a document. */
function filenameOf(location: MediaLocation, attachment: Attachment | undefined): { filename?: string } {
	const name = attachment?.name ?? ('link' in location ? new URL(location.link).pathname.split('/').pop() : '');
	return name ? { filename: name } : {};
}

function buttonOf(parameter: TemplateParameter): OutgoingComponent[] {
	const [, index, what] = BUTTON.exec(parameter.id) ?? [];
	if (index === undefined) return [];
	const text = textOf(parameter);
	if (what === 'url') return [{ type: 'button', sub_type: 'url', index, parameters: [{ type: 'text', text }] }];
	if (what === 'code') return [{ type: 'button', sub_type: 'copy_code', index, parameters: [{ type: 'coupon_code', coupon_code: text }] }];
	// Without a payload of our own a press brings the button's text.
	if (text === '') return [];
	return [{ type: 'button', sub_type: 'quick_reply', index, parameters: [{ type: 'payload', payload: text }] }];
}

function unsuited(reason: string): ConversationsError {
	return new ConversationsError(failure('content_unsupported', reason, { channel: WHATSAPP.id }));
}
