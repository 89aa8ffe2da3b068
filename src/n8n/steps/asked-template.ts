import type { AuthoredText } from '../../core/authored';
import { InputError } from '../../core/failure';
import { libraryEntry, type AskedFile } from './asked-files';
import { partOf, wholeText, type Given, type Parameters } from './authored';
import { textOf } from './values';

/** A value for one of a template's fields: a text, or where its file comes from. */
export type AskedParameter = { id: string; text: AuthoredText } | { id: string; file: AskedFile };

export interface AskedTemplate {
	kind: 'template';
	name: string;
	language: string;
	parameters: AskedParameter[];
	/** Fields that the provider wants a value for. */
	required: { id: string; label: string }[];
}

/** 'order_update|en_US', as the list of templates has it. */
export function templateOf(parameters: Parameters): AskedTemplate {
	const chosen = textOf('Template', parameters.value('template', '')).trim();
	const [name = '', language = '', ...more] = chosen.split('|').map((part) => part.trim());
	if (chosen !== '' && (name === '' || language === '' || more.length > 0)) {
		throw new InputError(
			'Template',
			"'Template' is not a name and a language with | between them. Pick a template from the list, or write e.g. order_update|en_US.",
		);
	}
	const mapper = parameters.given('templateParameters', {});
	const schema = schemaOf(mapper);
	return { kind: 'template', name, language, parameters: parametersOf(parameters, mapper, schema), required: requiredOf(schema) };
}

/** One of the template's fields, as it was when the editor loaded them. */
interface Column {
	id?: unknown;
	displayName?: unknown;
	required?: unknown;
}

/** Empty where parameters were set by hand. */
function schemaOf(mapper: Given): Column[] {
	const schema = partOf(mapper, 'schema').value;
	return Array.isArray(schema) ? (schema as Column[]) : [];
}

function requiredOf(schema: readonly Column[]): AskedTemplate['required'] {
	return schema.flatMap(({ id, displayName, required }) =>
		required === true && typeof id === 'string' ? [{ id, label: typeof displayName === 'string' ? displayName : id }] : [],
	);
}

/** Fields of templates that take a file. */
const MEDIA_FIELD = /^header\.(image|video|document)$/;
const WEB_ADDRESS = /^https?:\/\//i;

/** The values of the resource mapper. Empty ones are left out, as are those of a template that was chosen before. */
function parametersOf(parameters: Parameters, mapper: Given, schema: readonly Column[]): AskedParameter[] {
	const values = partOf(mapper, 'value');
	const known = new Set(schema.map(({ id }) => id));
	return Object.keys(values.value ?? {}).flatMap((id): AskedParameter[] => {
		const text = parameters.textOf(id, partOf(values, id));
		const whole = wholeText(text).trim();
		if (whole === '' || (known.size > 0 && !known.has(id))) return [];
		if (!MEDIA_FIELD.test(id) || WEB_ADDRESS.test(whole)) return [{ id, text }];
		return [{ id, file: libraryEntry(whole) ?? { field: whole } }];
	});
}
