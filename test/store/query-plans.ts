import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Records, Store } from '../../src/core/store';
import { createStore } from '../../src/store/create';
import { openSqlite } from '../../src/store/engines/sqlite';
import { aFolder, besides } from './sqlite-engine';

/** Steps of plans that read or sort a whole table or index, and why that is well at a million contacts. */
const ALLOWED: readonly { query: RegExp; step: RegExp; because: string }[] = [
	{ query: /from "schema_migrations"/, step: /^SCAN/, because: 'a handful of rows, read when a store opens' },
	{
		query: /from "contacts" where "id" in \(select/,
		step: /ORDER BY/,
		because: 'of the contacts of a tag or channel, when there are few',
	},
	{
		query: /select distinct "claimed_by" from "deliveries"/,
		step: /DISTINCT/,
		because: 'of deliveries that run right now',
	},
	{ query: /from "deliveries" .* order by "created_at"/, step: /ORDER BY/, because: 'of deliveries still pending' },
	{ query: /from "waits" where "execution_id"/, step: /ORDER BY/, because: 'of the waits of one node in one execution' },
	{ query: /from "wait_items" inner join "waits"/, step: /ORDER BY/, because: 'of the items that wait for one contact or message' },
	{ query: /from "agents" where "id" in/, step: /ORDER BY/, because: 'of the agents of one team' },
	{ query: /from "team_members" where "team_id" in/, step: /ORDER BY/, because: 'of the members of one page of teams' },
];

/** Collects what a store is asked and the queries it makes of that, and then looks at how SQLite answers them. */
export function queryPlans() {
	const queries = new Set<string>();
	const operations = new Set<string>();
	const called = new Set<string>();

	function recorded(records: Records): Records {
		const copy: Record<string, unknown> = { ...records };
		for (const [aggregate, methods] of Object.entries(records) as [string, object][]) {
			if (typeof methods === 'function') continue;
			copy[aggregate] = new Proxy(methods, {
				get(target, method) {
					called.add(`${aggregate}.${String(method)}`);
					return Reflect.get(target, method) as unknown;
				},
			});
			for (const method of Object.keys(methods)) operations.add(`${aggregate}.${method}`);
		}
		return copy as unknown as Records;
	}

	return {
		observe: (query: string): void => void queries.add(query),
		watched: (store: Store): Store => ({
			...store,
			records: recorded(store.records),
			atomically: (work) => store.atomically((records) => work(recorded(records))),
		}),
		check(): void {
			test('every operation was seen', () => {
				expect(operations.size).toBeGreaterThan(80);
				expect([...operations].filter((operation) => !called.has(operation))).toEqual([]);
			});

			test('none reads or sorts a whole table, but for those with a reason', async () => {
				const { plans } = await explained([...queries]);
				const allows = (rule: (typeof ALLOWED)[number], { query, step }: Step) =>
					rule.query.test(query) && rule.step.test(step);
				expect(plans.filter((plan) => !ALLOWED.some((rule) => allows(rule, plan)))).toEqual([]);
				expect(ALLOWED.filter((rule) => !plans.some((plan) => allows(rule, plan)))).toEqual([]);
			});

			test('what goes with its owner is found by an index', async () => {
				const { references } = await explained([]);
				expect(references.length).toBeGreaterThan(10);
				expect(references.filter(({ indexed }) => !indexed)).toEqual([]);
			});
		},
	};
}

interface Step {
	query: string;
	step: string;
}

interface Reference {
	table: string;
	column: string;
	indexed: boolean;
}

async function explained(queries: readonly string[]): Promise<{ plans: Step[]; references: Reference[] }> {
	const { folder, remove } = aFolder();
	const file = join(folder, 'empty.sqlite');
	try {
		await (await createStore(await openSqlite({ file }))).close();
		return besides(file, (database) => ({
			plans: queries
				.filter((query) => /^(select|update|delete|insert)/.test(query))
				.flatMap((query) => costly(database, query)),
			references: referencesOf(database),
		}));
	} finally {
		remove();
	}
}

/** Scans of tables, scans of indexes that nothing ends early, and sorts. */
function costly(database: DatabaseSync, query: string): Step[] {
	const steps = database.prepare(`explain query plan ${query}`).all();
	return steps
		.map(({ detail }) => String(detail))
		.filter((step) =>
			/^SCAN (?!.*\b(CONSTANT ROW|VALUES CLAUSE))/.test(step)
				? !(/ USING (COVERING )?INDEX /.test(step) && / limit \?/.test(query))
				: / TEMP B-TREE /.test(step),
		)
		.map((step) => ({ query, step }));
}

function referencesOf(database: DatabaseSync): Reference[] {
	const names = (sql: string): string[] => database.prepare(sql).all().map(({ name }) => String(name));
	return names(`select name from sqlite_master where type = 'table'`).flatMap((table) => {
		const leading = names(`select name from pragma_index_list('${table}')`).flatMap((index) =>
			names(`select name from pragma_index_info('${index}') where seqno = 0`),
		);
		return names(`select "from" as name from pragma_foreign_key_list('${table}')`).map((column) => ({
			table,
			column,
			indexed: leading.includes(column),
		}));
	});
}
