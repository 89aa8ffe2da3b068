import type { HttpBody } from '../../core/http';

/** A body as it goes over the wire. */
export interface EncodedBody {
	bytes: Buffer | undefined;
	headers: Readonly<Record<string, string>>;
}

/** Whole, so that its length is known: some providers take no chunked requests. */
export async function encodeBody(body: HttpBody | undefined): Promise<EncodedBody> {
	if (body === undefined) return { bytes: undefined, headers: {} };
	if ('json' in body) return { bytes: Buffer.from(JSON.stringify(body.json)), headers: { 'content-type': 'application/json' } };
	if ('form' in body) {
		return {
			bytes: Buffer.from(encodeForm(body.form)),
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
		};
	}
	const form = new FormData();
	for (const part of body.multipart) {
		if ('value' in part) form.append(part.name, part.value);
		else form.append(part.name, new Blob([new Uint8Array(part.bytes)], { type: part.mime }), part.filename);
	}
	// The platform's own encoding of a form; its type names the boundary.
	const encoded = new Response(form);
	return {
		bytes: Buffer.from(await encoded.arrayBuffer()),
		headers: { 'content-type': encoded.headers.get('content-type') ?? 'multipart/form-data' },
	};
}

function encodeForm(form: Extract<HttpBody, { form: unknown }>['form']): string {
	const encoded = new URLSearchParams();
	for (const [name, value] of Object.entries(form)) {
		for (const each of typeof value === 'string' ? [value] : value) encoded.append(name, each);
	}
	return encoded.toString();
}
