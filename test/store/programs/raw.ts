import { DatabaseSync } from 'node:sqlite';

/** Another program that has the database (its argument) open and runs the statements that its parent sends. */
const database = new DatabaseSync(process.argv[2] ?? '');
process.on('message', (statement) => {
	database.exec(String(statement));
	process.send?.('done');
});
process.send?.('ready');
