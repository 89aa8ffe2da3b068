import type { INodeProperties } from 'n8n-workflow';
import { nameIn, shownFor, type Section } from './section';

/** A pin on a map. Texts, so that an empty field is told from the point 0, 0. */
export function locationFields(section: Section): INodeProperties[] {
	const displayOptions = shownFor(section, ['location']);
	const field = (label: string, name: string, more: Pick<INodeProperties, 'placeholder' | 'description' | 'required'>): INodeProperties => ({
		displayName: `${section.label}${label}`,
		name: nameIn(section, name),
		type: 'string',
		default: '',
		...more,
		displayOptions,
	});
	return [
		field('Latitude', 'latitude', { required: true, placeholder: 'e.g. 52.5163', description: 'Degrees north of the equator, from -90 to 90' }),
		field('Longitude', 'longitude', { required: true, placeholder: 'e.g. 13.3777', description: 'Degrees east of Greenwich, from -180 to 180' }),
		field('Location Name', 'locationName', { placeholder: 'e.g. Our shop', description: 'What stands beside the pin. Optional.' }),
		field('Location Address', 'locationAddress', { placeholder: 'e.g. Pariser Platz, Berlin', description: 'The address as people read it. Optional.' }),
	];
}
