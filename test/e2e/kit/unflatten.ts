/**
 * Reads the text form in which n8n keeps execution data: a JSON list in which every text inside an object or list is
 * the index of its value, so that objects may be shared.
 */
export function unflatten(text: string): unknown {
	const table = JSON.parse(text) as unknown[];
	const built = new Map<number, unknown>();
	const at = (index: number): unknown => {
		const raw = table[index];
		if (typeof raw !== 'object' || raw === null) return raw;
		if (built.has(index)) return built.get(index);
		const target = Array.isArray(raw) ? [] : {};
		built.set(index, target);
		for (const [key, part] of Object.entries(raw)) {
			Object.assign(target, { [key]: typeof part === 'string' ? at(Number(part)) : part });
		}
		return target;
	};
	return at(0);
}
