/** What a column holds. Booleans are 0 or 1, structures are JSON text: the same in every engine. */
export type Cell = string | number | null;

/** One key of a record, and how it is kept in the columns of its table. */
export interface Field<Value, Column extends string> {
	readonly columns: readonly Column[];
	write(value: Value): readonly [Column, Cell][];
	read(cells: Readonly<Record<Column, Cell>>): Value;
}

function single<Value, Column extends string>(
	column: Column,
	write: (value: Value) => Cell,
	read: (cell: Cell) => Value,
): Field<Value, Column> {
	return {
		columns: [column],
		write: (value) => [[column, write(value)]],
		read: (cells) => read(cells[column]),
	};
}

/** Text, a number or null, kept as it is. */
export function plain<Value extends Cell, Column extends string>(column: Column): Field<Value, Column> {
	return single<Value, Column>(column, (value) => value, (cell) => cell as Value);
}

export function flag<Column extends string>(column: Column): Field<boolean, Column> {
	return single(column, (value) => (value ? 1 : 0), (cell) => cell === 1);
}

/** Any JSON value; null is kept as the database's null. */
export function json<Value, Column extends string>(column: Column): Field<Value, Column> {
	return single<Value, Column>(
		column,
		(value) => (value === null || value === undefined ? null : JSON.stringify(value)),
		(cell) => (typeof cell === 'string' ? JSON.parse(cell) : null) as Value,
	);
}

/** A small record with a column for each of its keys, none of which is ever null; null when all of them are. */
export function group<Value extends { [Key in keyof Value]: string | number }, Column extends string>(
	columnOf: Record<keyof NoInfer<Value>, Column>,
): Field<Value | null, Column> {
	const keys = Object.entries(columnOf) as [keyof Value & string, Column][];
	return {
		columns: keys.map(([, column]) => column),
		write: (value) => keys.map(([key, column]) => [column, value === null ? null : value[key]]),
		read: (cells) =>
			keys.every(([, column]) => cells[column] === null)
				? null
				: (Object.fromEntries(keys.map(([key, column]) => [key, cells[column]])) as Value),
	};
}

type Fields<RecordType, Column extends string> = { [Key in keyof RecordType]-?: Field<RecordType[Key], Column> };
type ColumnsOf<F> = { [Key in keyof F]: F[Key] extends { columns: readonly (infer C)[] } ? C : never }[keyof F];

/** Between a record of core and the columns of its table. */
export interface Mapping<RecordType, Column extends string, Row> {
	readonly columns: readonly Column[];
	row(record: RecordType): Pick<Row, Column & keyof Row>;
	/** Only the columns of the keys that are given; undefined when there are none. */
	changes(record: Partial<RecordType>): Partial<Pick<Row, Column & keyof Row>> | undefined;
	record(row: Pick<Row, Column & keyof Row>): RecordType;
}

export function mapping<RecordType extends object, Row>() {
	return <F extends Fields<RecordType, keyof Row & string>>(fields: F): Mapping<RecordType, ColumnsOf<F> & keyof Row & string, Row> => {
		type Column = ColumnsOf<F> & keyof Row & string;
		type Stored = Pick<Row, Column>;
		const all = Object.entries(fields) as [keyof RecordType & string, Field<unknown, Column>][];
		const write = (record: Partial<RecordType>): [Column, Cell][] =>
			all
				.filter(([key]) => record[key] !== undefined)
				.flatMap(([key, field]) => field.write(record[key]));
		return {
			columns: all.flatMap(([, field]) => field.columns),
			row: (record) => Object.fromEntries(write(record)) as Stored,
			changes: (record) => {
				const cells = write(record);
				return cells.length === 0 ? undefined : (Object.fromEntries(cells) as Partial<Stored>);
			},
			record: (row) => {
				const cells = row as Record<Column, Cell>;
				const record: Record<string, unknown> = {};
				for (const [key, field] of all) record[key] = field.read(cells);
				return record as RecordType;
			},
		};
	};
}
