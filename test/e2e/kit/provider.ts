import type { ChannelId } from '../../../src/core/channel';
import type { FakeServer } from '../../fakes/server';

/** A provider on this machine with one person who writes. */
export interface Provider {
	channel: ChannelId;
	credentialType: string;
	/** As n8n keeps it. */
	fields: Record<string, unknown>;
	wrongFields: Record<string, unknown>;
	/** Our end, as items name it. */
	account: string;
	/** Where it sends what happens; '' or null: nowhere. */
	registered(): string | null;
	/** What somebody does at the provider who enters our address there, where it cannot be told; whether it was taken. */
	enter?(url: string): Promise<boolean>;
	/** Whether it was asked for news. */
	isAsked?(): boolean;
	/** Whether these words were sent to it, in whatever form. */
	saw(text: string): boolean;
	/** The person writes; the status that our receiver answers. */
	writes(text: string): Promise<number>;
	/** The person sends a picture. */
	sendsPhoto(photo: Buffer): Promise<number>;
	/** The person presses the first of the choices that were offered last, or writes what it says where there are no buttons. */
	presses(): Promise<number>;
	/** Texts that the person was sent. */
	texts(): string[];
	/** Pictures that the person was sent, as the app fetches and shows them. */
	photos(): Promise<Buffer[]>;
	/** Tells that the newest of them has arrived; absent: the provider never tells. */
	arrives?(): Promise<number>;
	close(): Promise<void>;
}

export interface Json {
	[name: string]: unknown;
}

export const textsIn = (messages: readonly Json[]) => messages.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));

export function overHttp(server: FakeServer): Pick<Provider, 'saw' | 'close'> {
	return {
		saw: (text) => JSON.stringify(server.requests.map(({ bytes }) => bytes.toString())).includes(text),
		close: () => server.close(),
	};
}

export function newest<T>(list: readonly T[]): T {
	const last = list.at(-1);
	if (last === undefined) throw new Error('nothing was sent');
	return last;
}

export async function bytesOf(file: File): Promise<Buffer> {
	return Buffer.from(await file.arrayBuffer());
}

/** What an app shows of an address; it shows nothing of what is not an image. */
export async function shown(fetched: Promise<Response>): Promise<Buffer> {
	const response = await fetched;
	if (response.status !== 200 || response.headers.get('content-type') !== 'image/png') throw new Error(`no picture: ${response.status}`);
	return Buffer.from(await response.arrayBuffer());
}

export function fieldsOf({ fields, wrongFields }: { fields: object; wrongFields: object }) {
	return { fields: { ...fields }, wrongFields: { ...wrongFields } };
}
