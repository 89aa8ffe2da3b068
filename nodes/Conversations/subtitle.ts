import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** e.g. 'Create or Update: Contact': an n8n expression that gives the names of what is chosen. */
export function subtitleOf(properties: readonly INodeProperties[]): string {
	const names = (field: string) =>
		JSON.stringify(
			Object.fromEntries(
				properties
					.filter(({ name }) => name === field)
					.flatMap(({ options }) => options as INodePropertyOptions[])
					.map(({ value, name }) => [value, name]),
			),
		);
	return `={{ (${names('operation')})[$parameter["operation"]] + ": " + (${names('resource')})[$parameter["resource"]] }}`;
}
