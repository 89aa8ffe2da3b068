import type { Response } from 'express';
import type { Refusal } from '../../channels/webchat/wire';

/** A request that is not taken; its sentence is for the visitor. */
export class Refused extends Error {
	override readonly name = 'Refused';
	constructor(
		readonly status: number,
		readonly code: Refusal['error']['code'],
		message: string,
		readonly retryAfterMs?: number,
	) {
		super(message);
	}
}

export function refuse(res: Response, { status, code, message, retryAfterMs }: Refused): void {
	if (retryAfterMs !== undefined) res.setHeader('Retry-After', Math.ceil(retryAfterMs / 1000));
	const body: Refusal = { error: { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) } };
	res.status(status).json(body);
}
