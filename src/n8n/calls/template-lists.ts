import { NodeOperationError, type ILoadOptionsFunctions, type INodePropertyOptions, type ResourceMapperFields } from 'n8n-workflow';
import { channelIds, channels } from '../../channels';
import type { Channel } from '../../core/channel';
import { ConversationsError, InputError } from '../../core/failure';
import type { Provider, Template, TemplateField } from '../../core/provider';
import { callPorts } from './accounts';
import { nameIn } from '../fields/section';
import { sortedByName } from '../fields/sorting';
import { templateListMethod, templateParametersMethod } from '../fields/template';

/** The templates of a channel's account, and the fields of the one that is chosen, for the editor. */

interface WithTemplates {
	channel: Pick<Channel, 'id' | 'name'>;
	provider: Provider;
}

const DESCRIPTION_MAX = 120;

function optionsOf(templates: readonly Template[]): INodePropertyOptions[] {
	return sortedByName(
		templates.map(({ name, language, preview }) => ({
			name: `${titleOf(name)} (${language})`,
			value: `${name}|${language}`,
			...(preview !== '' && { description: shortened(preview) }),
		})),
	);
}

/** 'order_update' → 'Order update' */
function titleOf(name: string): string {
	const words = name.replaceAll('_', ' ').trim();
	return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function shortened(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	const letters = [...line];
	return letters.length > DESCRIPTION_MAX ? `${letters.slice(0, DESCRIPTION_MAX - 1).join('')}…` : line;
}

/** What the press of a button brings back: the button's own text, when nothing else is given. All other fields need a value. */
const OPTIONAL_FIELD = /\.payload$/;

function fieldOf({ id, label, kind, example }: TemplateField): ResourceMapperFields['fields'][number] {
	const means = kind === 'media' ? ' (URL or field)' : example === null ? '' : ` (e.g. ${example})`;
	return {
		id,
		displayName: `${label}${means}`,
		required: !OPTIONAL_FIELD.test(id),
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
		type: 'string',
	};
}

async function parametersOf(ctx: ILoadOptionsFunctions, from: WithTemplates): Promise<ResourceMapperFields> {
	const { channel } = from;
	const chosen = ctx.getCurrentNodeParameter(nameIn({ prefix: channel.id }, 'template'));
	if (typeof chosen !== 'string' || chosen === '') return { fields: [], emptyFieldsNotice: 'Choose a template to see its fields.' };
	if (chosen.startsWith('=')) {
		return {
			fields: [],
			emptyFieldsNotice: 'The template is an expression, so its fields are not known here. Pick one from the list to fill its fields in.',
		};
	}
	const template = (await templatesOf(ctx, from)).find(({ name, language }) => `${name}|${language}` === chosen);
	if (!template) {
		throw new NodeOperationError(
			ctx.getNode(),
			`${channel.name} has no approved template '${chosen.replace('|', "' in the language '")}'. Pick another one, or check its state at ${channel.name}.`,
		);
	}
	return { fields: template.fields.map(fieldOf), emptyFieldsNotice: 'This template has no fields to fill in.' };
}

/** @throws NodeOperationError with the cause as a sentence. */
async function templatesOf(ctx: ILoadOptionsFunctions, { channel, provider }: WithTemplates): Promise<Template[]> {
	const { credentialType } = provider;
	if (!ctx.getNode().credentials?.[credentialType]) {
		throw new NodeOperationError(ctx.getNode(), `Choose a credential for ${channel.name} first: its account has the templates.`);
	}
	try {
		const fields = await ctx.getCredentials(credentialType);
		return (await provider.templates?.(callPorts(provider, fields))) ?? [];
	} catch (error) {
		if (error instanceof ConversationsError || error instanceof InputError) throw new NodeOperationError(ctx.getNode(), error.message);
		throw error;
	}
}

const all: WithTemplates[] = channelIds.flatMap((id) => {
	const { provider, name } = channels[id];
	return provider?.templates ? [{ channel: { id, name }, provider }] : [];
});

type LoadMethod = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;
type MappingMethod = (this: ILoadOptionsFunctions) => Promise<ResourceMapperFields>;

const listMethod = (from: WithTemplates): LoadMethod =>
	async function (this: ILoadOptionsFunctions) {
		return optionsOf(await templatesOf(this, from));
	};

const parametersMethod = (from: WithTemplates): MappingMethod =>
	async function (this: ILoadOptionsFunctions) {
		return await parametersOf(this, from);
	};

/** For `methods` of a node with the fields of templates. */
export const templateMethods: {
	loadOptions: Record<string, LoadMethod>;
	resourceMapping: Record<string, MappingMethod>;
} = {
	loadOptions: Object.fromEntries(all.map((from) => [templateListMethod(from.channel.id), listMethod(from)])),
	resourceMapping: Object.fromEntries(all.map((from) => [templateParametersMethod(from.channel.id), parametersMethod(from)])),
};
