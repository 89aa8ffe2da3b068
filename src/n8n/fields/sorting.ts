/** n8n lists options by name. */
export function sortedByName<T extends { name: string }>(options: readonly T[]): T[] {
	return options.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** n8n lists the fields of a collection by what they are called. */
export function sortedByDisplayName<T extends { displayName: string }>(fields: readonly T[]): T[] {
	return fields.toSorted((a, b) => a.displayName.localeCompare(b.displayName, 'en'));
}
