/**
 * Bundles the website chat for browsers: page.js, page.css and widget.js in dist/webchat, or in the folder named as argument.
 * Run from the root of the repository.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const OUT = process.argv[2] ?? 'dist/webchat';
/** What a visitor downloads for the widget: launcher and page together. */
const GZIP_MAX_BYTES = 150_000;
/** The server replaces exactly this by the trigger's title and colour. */
const PLACEHOLDER = '"__CHAT_WIDGET_CONFIG__"';

/** @type {import('esbuild').BuildOptions} */
const script = {
	outdir: OUT,
	bundle: true,
	format: 'iife',
	platform: 'browser',
	target: 'es2020',
	minify: true,
	sourcemap: false,
	legalComments: 'none',
	jsx: 'automatic',
	jsxImportSource: 'preact',
	charset: 'utf8',
	logLevel: 'warning',
};
await build({
	...script,
	entryPoints: { page: 'src/webchat/page/main.tsx' },
	// Preact's licence wants to be named where its code is; its own files carry no comment.
	banner: { js: '/*! Includes Preact: MIT License, Copyright (c) 2015-present Jason Miller */' },
});
await build({ ...script, entryPoints: { widget: 'src/webchat/widget/main.ts' } });
await build({
	entryPoints: { page: 'src/webchat/page/page.css' },
	outdir: OUT,
	bundle: true,
	minify: true,
	// No target: esbuild would rewrite color-mix and logical properties that it thinks too new.
	logLevel: 'warning',
});

const widget = await readFile(join(OUT, 'widget.js'), 'utf8');
if (widget.split(PLACEHOLDER).length !== 2) throw new Error(`widget.js must contain ${PLACEHOLDER} exactly once.`);

let total = 0;
for (const name of ['page.js', 'page.css', 'widget.js']) {
	const bytes = await readFile(join(OUT, name));
	const gzipped = gzipSync(bytes, { level: 9 }).length;
	total += gzipped;
	console.log(`${name.padEnd(10)} ${kilobytes(bytes.length)}  gzipped ${kilobytes(gzipped)}`);
}
console.log(`together gzipped ${kilobytes(total)} of ${kilobytes(GZIP_MAX_BYTES)}`);
if (total > GZIP_MAX_BYTES) throw new Error('The website chat has become too large.');

/** @param {number} bytes */
function kilobytes(bytes) {
	return `${(bytes / 1000).toFixed(1)} kB`.padStart(9);
}
