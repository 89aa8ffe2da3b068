/** What a column holds. Booleans are 0 or 1, structures are JSON text: the same in every engine. */
export type Cell = string | number | null;

export interface Field<Value, Column extends string> {
	readonly column: Column;
	write(value: Value): Cell;
	read(cell: Cell): Value;
}

/** Text, a number or null, kept as it is. */
export function plain<Value extends Cell, Column extends string>(column: Column): Field<Value, Column> {
	return { column, write: (value) => value, read: (cell) => cell as Value };
}

export function flag<Column extends string>(column: Column): Field<boolean, Column> {
	return { column, write: (value) => (value ? 1 : 0), read: (cell) => cell === 1 };
}

/** Any JSON value; null is kept as the database's null. */
export function json<Value, Column extends string>(column: Column): Field<Value, Column> {
	return {
		column,
		write: (value) => (value === null || value === undefined ? null : JSON.stringify(value)),
		read: (cell) => (typeof cell === 'string' ? JSON.parse(cell) : null) as Value,
	};
}

type Fields<RecordType, Column extends string> = { [Key in keyof RecordType]-?: Field<RecordType[Key], Column> };
type ColumnsOf<F> = { [Key in keyof F]: F[Key] extends { column: infer C } ? C : never }[keyof F];

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
				.map(([key, field]) => [field.column, field.write(record[key])]);
		return {
			columns: all.map(([, field]) => field.column),
			row: (record) => Object.fromEntries(write(record)) as Stored,
			changes: (record) => {
				const cells = write(record);
				return cells.length === 0 ? undefined : (Object.fromEntries(cells) as Partial<Stored>);
			},
			record: (row) => {
				const cells = row as Record<Column, Cell>;
				const record: Record<string, unknown> = {};
				for (const [key, field] of all) record[key] = field.read(cells[field.column]);
				return record as RecordType;
			},
		};
	};
}
