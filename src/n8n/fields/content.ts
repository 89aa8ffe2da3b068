import type { INodeProperties } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import type { Channel } from '../../core/channel';
import { connectedOptions } from './channels';
import { choicesField } from './choices';
import { fileFields } from './files';
import {
	captionHint,
	DEFAULT_CAPTION_HINT,
	DEFAULT_FILES_HINT,
	DEFAULT_TEXT_HINT,
	filesHint,
	textHint,
	voiceHint,
	windowHint,
} from './limits';
import { locationFields } from './location';
import { mailFields, subjectField } from './mail';
import { nameIn, shownFor, type MessageKind, type Section } from './section';
import { sortedByName } from './sorting';
import { templateFields } from './template';

const FILLED_IN =
	'Variables such as $contact.firstname|there (with a fallback for people without a name) and snippets such as /greeting are filled in when it is sent';

/** The text itself is required, the caption of a file is not (A5). */
function textFields(section: Section, kinds: readonly MessageKind[], hints: { text: string; caption: string }): INodeProperties[] {
	const common = { name: nameIn(section, 'text'), type: 'string', typeOptions: { rows: 4 }, default: '', description: FILLED_IN } as const;
	return [
		{
			...common,
			displayName: `${section.label}Text`,
			required: true,
			placeholder: 'e.g. 🤖 Hi $contact.firstname|there! How can we help?',
			hint: hints.text,
			displayOptions: shownFor(section, kinds.filter((kind) => kind === 'text' || kind === 'choices')),
		},
		{
			...common,
			displayName: `${section.label}Caption`,
			placeholder: 'e.g. Here is your invoice',
			hint: hints.caption,
			displayOptions: shownFor(section, ['media']),
		},
	];
}

const TYPE_OPTIONS: Record<MessageKind, { name: string; description: string }> = {
	text: { name: 'Text', description: 'Plain text, with emojis, variables and snippets' },
	media: { name: 'Media', description: 'One or more files or images, with an optional caption' },
	choices: { name: 'Choices', description: 'A text with buttons to answer by' },
	location: { name: 'Location', description: 'A pin on a map' },
	template: { name: 'Template', description: 'A message that the provider has approved beforehand' },
	voice: { name: 'Voice Note', description: 'Audio that plays like one recorded in the app' },
};
const KINDS = Object.keys(TYPE_OPTIONS) as MessageKind[];

const typeOptions = (kinds: readonly MessageKind[]) => sortedByName(kinds.map((kind) => ({ ...TYPE_OPTIONS[kind], value: kind })));

/** The Default Message: text or media (A6). */
const DEFAULT_KINDS: readonly MessageKind[] = ['text', 'media'];
const DEFAULT_SECTION: Section = { prefix: '', label: '', show: {} };

export const defaultMessageFields: INodeProperties[] = [
	{
		displayName: 'Message Type',
		name: 'messageType',
		type: 'options',
		noDataExpression: true,
		default: 'text',
		options: typeOptions(DEFAULT_KINDS),
		description: 'What to send on every channel that has no response of its own',
	},
	...textFields(DEFAULT_SECTION, DEFAULT_KINDS, { text: DEFAULT_TEXT_HINT, caption: DEFAULT_CAPTION_HINT }),
	...fileFields(DEFAULT_SECTION, ['media'], DEFAULT_FILES_HINT),
];

/** What a channel can send is what is offered (A14, A15). */
function kindsOf({ can }: Channel): MessageKind[] {
	return KINDS.filter((kind) => (kind === 'voice' ? can.media.voice !== undefined : can.contents.includes(kind)));
}

/** The fields of one channel's own response. */
function responseFields(channel: Channel): INodeProperties[] {
	const { id, name, can } = channel;
	const section: Section = { prefix: id, label: `${name} `, show: { channelResponses: [id] } };
	const kinds = kindsOf(channel);
	const hint = windowHint(channel);
	return [
		{
			displayName: `${name} Message Type`,
			name: nameIn(section, 'messageType'),
			type: 'options',
			noDataExpression: true,
			default: 'text',
			options: typeOptions(kinds),
			description: `What to send on ${name} instead of the default message`,
			...(hint !== undefined && { hint }),
			displayOptions: { show: section.show },
		},
		...(can.mail ? [subjectField(section)] : []),
		...textFields(section, kinds, { text: textHint(channel), caption: captionHint(channel) }),
		...(can.mail ? mailFields(section) : []),
		...(can.attachments ? fileFields(section, ['media'], filesHint(can.attachments, can.media)) : []),
		...(kinds.includes('voice') ? fileFields(section, ['voice'], voiceHint(channel)) : []),
		...(can.choices ? [choicesField(section, channel, can.choices)] : []),
		...(kinds.includes('location') ? locationFields(section) : []),
		...(kinds.includes('template') ? templateFields(section, channel) : []),
	];
}

/** Answers of single channels, which win over the default message there (A23). */
export const channelResponseFields: INodeProperties[] = [
	{
		displayName: 'Channel Responses',
		name: 'channelResponses',
		type: 'multiOptions',
		noDataExpression: true,
		default: [],
		options: connectedOptions('connectedChannels'),
		description:
			'Channels that get a message of their own instead of the default message, such as one with buttons or an approved template',
	},
	...channelIds.flatMap((id) => responseFields(channels[id])),
];
