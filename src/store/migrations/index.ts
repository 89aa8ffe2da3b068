import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../engines/engine';
import type { Tables } from '../schema';
import { start } from './0001-start';
import { channels } from './0002-channels';
import { moreChannels } from './0003-more-channels';
import { sending } from './0004-sending';

/**
 * One step of the tables' growth. Within a major version steps only add, so that an older build that still runs works
 * on with what a newer one made; a step that takes away or changes begins a new major.
 */
export interface Migration {
	major: number;
	minor: number;
	name: string;
	up(db: Kysely<Tables>, types: ColumnTypes): Promise<void>;
}

/** In order. A list, because a bundled package has no folder to read. */
export const MIGRATIONS: readonly Migration[] = [
	{ major: 1, minor: 1, name: 'start', up: start },
	{ major: 1, minor: 2, name: 'channels', up: channels },
	{ major: 1, minor: 3, name: 'more channels', up: moreChannels },
	{ major: 1, minor: 4, name: 'sending', up: sending },
];
