/** The fields of a thrown thing that are texts, by name; undefined: there is none, or it is empty. */
export function textsOf(error: unknown): (name: string) => string | undefined {
	return (name) => {
		if (typeof error !== 'object' || error === null) return undefined;
		const value: unknown = Reflect.get(error, name);
		return typeof value === 'string' && value !== '' ? value : undefined;
	};
}

/** Some servers repeat the line that they did not like. */
export function withoutSecret(response: string, password: string): string {
	if (password === '') return response;
	// Of the three ways a text can stand in base64 the part that does not depend on its neighbours.
	const encoded = [0, 1, 2].map((offset) => {
		const text = Buffer.from('\0'.repeat(offset) + password).toString('base64').replace(/=+$/, '');
		return text.slice(offset === 0 ? 0 : offset + 1, -2);
	});
	return [password, ...encoded].filter(({ length }) => length >= 4).reduce((text, secret) => text.replaceAll(secret, '…'), response);
}

export function flagOf(error: unknown, name: string): boolean {
	return typeof error === 'object' && error !== null && Reflect.get(error, name) === true;
}
