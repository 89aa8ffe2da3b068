import { InputError } from '../../core/failure';
import type { CredentialFields } from '../../core/provider';

/** A text field of a credential without white space around it; `fallback` when it is empty. */
export function field(fields: CredentialFields, name: string, fallback = ''): string {
	const value = fields[name];
	const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
	return text === '' ? fallback : text;
}

/** A field that must be filled in. @throws InputError that names it. */
export function requiredField(fields: CredentialFields, name: string, label: string): string {
	const text = field(fields, name);
	if (text === '') throw new InputError(label, `'${label}' of the credential is empty. Fill it in.`);
	return text;
}

/** A base URL without a slash at the end. @throws InputError when it is no web address. */
export function baseUrlField(fields: CredentialFields, name: string, label: string, fallback: string): string {
	const text = field(fields, name, fallback).replace(/\/+$/, '');
	if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
		throw new InputError(label, `'${label}' of the credential is not a web address. Use ${fallback}, or the address of your own gateway.`);
	}
	return text;
}
