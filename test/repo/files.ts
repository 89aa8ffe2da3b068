import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

/** Paths of all files of the repository, also of those not committed yet; nothing that git ignores. */
export const FILES: readonly string[] = listFiles();

function listFiles(): string[] {
	const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
	const { status, stdout, stderr } = spawnSync('git', list, { cwd: ROOT, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
	if (status !== 0) throw new Error(`git could not list the files: ${stderr}`);
	return stdout.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

export function read(path: string): string {
	return readFileSync(join(ROOT, path), 'utf8');
}

export interface Manifest {
	name: string;
	scripts: Record<string, string>;
	dependencies: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
}

export const MANIFEST = JSON.parse(read('package.json')) as Manifest;
