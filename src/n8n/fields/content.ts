import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import type { Channel, Content } from '../../core/channel';
import { TEXT_MAX } from '../../core/content';
import { channelOptions } from './channels';

const thousands = (count: number) => count.toLocaleString('en-US');
const megabytes = (bytes: number) => `${Math.floor(bytes / 1_048_576)} MB`;

const TEXT_HINT = `At most ${thousands(TEXT_MAX)} characters. Start automatic messages with 🤖, so that people know what they are talking to.`;

interface Place {
	/** Empty for the default message. */
	prefix: string;
	/** Stands before the labels: 'Website Chat '. */
	label: string;
	show: NonNullable<IDisplayOptions['show']>;
}

const nameIn = ({ prefix }: Place, name: string) =>
	prefix === '' ? name : `${prefix}${name[0]?.toUpperCase()}${name.slice(1)}`;

/** The text itself is required, the caption of a file is not (A5). */
function textFields(place: Place, textKinds: readonly Content['kind'][]): INodeProperties[] {
	const type = nameIn(place, 'messageType');
	const common = { name: nameIn(place, 'text'), type: 'string', typeOptions: { rows: 4 }, default: '' } as const;
	return [
		{
			...common,
			displayName: `${place.label}Text`,
			required: true,
			placeholder: 'e.g. 🤖 Hi! How can we help?',
			hint: TEXT_HINT,
			displayOptions: { show: { ...place.show, [type]: [...textKinds] } },
		},
		{
			...common,
			displayName: `${place.label}Caption`,
			placeholder: 'e.g. Here is your invoice',
			hint: `Optional, at most ${thousands(TEXT_MAX)} characters`,
			displayOptions: { show: { ...place.show, [type]: ['media'] } },
		},
	];
}

function fileFields(place: Place, limits: string): INodeProperties[] {
	const displayOptions = { show: { ...place.show, [nameIn(place, 'messageType')]: ['media'] } };
	return [
		{
			displayName: `${place.label}Attachments`,
			name: nameIn(place, 'attachments'),
			type: 'string',
			default: '',
			placeholder: 'e.g. data',
			description: 'The input data field name with the file; several are separated by commas',
			hint: limits,
			displayOptions,
		},
		{
			displayName: `${place.label}Attachment URLs`,
			name: nameIn(place, 'attachmentUrls'),
			type: 'string',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add URL' },
			default: [],
			placeholder: 'e.g. https://example.com/price-list.pdf',
			description: 'Files to fetch from the internet and send. Addresses inside your own network are refused.',
			displayOptions,
		},
	];
}

/** The Default Message: text or media (A6). */
const DEFAULT_PLACE: Place = { prefix: '', label: '', show: {} };

export const defaultMessageFields: INodeProperties[] = [
	{
		displayName: 'Message Type',
		name: 'messageType',
		type: 'options',
		noDataExpression: true,
		default: 'text',
		options: [
			{ name: 'Media', value: 'media', description: 'One or more files or images, with an optional caption' },
			{ name: 'Text', value: 'text', description: 'Plain text, with emojis and expressions' },
		],
		description: 'What to send on every channel that has no response of its own',
	},
	...textFields(DEFAULT_PLACE, ['text']),
	...fileFields(DEFAULT_PLACE, 'Each channel has its own limits on the number and size of files'),
];

const TYPE_OPTIONS: Record<Content['kind'], { name: string; description: string }> = {
	text: { name: 'Text', description: 'Plain text, with emojis and expressions' },
	media: { name: 'Media', description: 'One or more files or images, with an optional caption' },
	choices: { name: 'Choices', description: 'A text with buttons to answer by' },
};

function choicesField(place: Place, { can, name }: Channel): INodeProperties[] {
	if (!can.choices) return [];
	const { max, labelMax } = can.choices;
	return [
		{
			displayName: `${place.label}Choices`,
			name: nameIn(place, 'choices'),
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add Choice',
			default: { values: [{ label: '', id: '' }] },
			description: `The buttons under the text. ${name} takes at most ${max}.`,
			options: [
				{
					displayName: 'Choice',
					name: 'values',
					// Label first: most people never need an ID.
					values: [
						{
							displayName: 'Label',
							name: 'label',
							type: 'string',
							default: '',
							placeholder: 'e.g. Opening hours',
							description: `What the button says, at most ${labelMax} characters`,
						},
						{
							displayName: 'ID',
							name: 'id',
							type: 'string',
							default: '',
							placeholder: 'e.g. hours',
							description: 'What your workflow is told when the button is pressed. Without it the label is used.',
						},
					],
				},
			],
			displayOptions: { show: { ...place.show, [nameIn(place, 'messageType')]: ['choices'] } },
		},
	];
}

/** The fields of one channel's own response: what the channel can send is what is offered (A14, A15). */
function responseFields(channel: Channel): INodeProperties[] {
	const { id, name, can } = channel;
	const place: Place = { prefix: id, label: `${name} `, show: { channelResponses: [id] } };
	const kinds = (Object.keys(TYPE_OPTIONS) as Content['kind'][]).filter((kind) => can.contents.includes(kind));
	const files = can.attachments;
	return [
		{
			displayName: `${name} Message Type`,
			name: nameIn(place, 'messageType'),
			type: 'options',
			noDataExpression: true,
			default: 'text',
			options: kinds
				.map((kind) => ({ ...TYPE_OPTIONS[kind], value: kind }))
				.toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
			displayOptions: { show: place.show },
		},
		...textFields(place, kinds.filter((kind) => kind !== 'media')),
		...(files ? fileFields(place, `At most ${files.max} files of ${megabytes(files.maxBytes)} each`) : []),
		...choicesField(place, channel),
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
		options: channelOptions,
		description: 'Channels that get a message of their own instead of the default message, such as one with buttons',
	},
	...channelIds.flatMap((id) => responseFields(channels[id])),
];
