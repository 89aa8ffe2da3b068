const { dest, parallel, src } = require('gulp');

/** Icons are named by nodes and credentials as `file:../../icons/<name>.svg`, so `dist` mirrors the source tree. */
function icons() {
	return src('icons/**/*.{svg,png}', { base: '.', encoding: false }).pipe(dest('dist'));
}

/** Codex files: what n8n's search and its panel of nodes know about a node. */
function codex() {
	return src('nodes/**/*.node.json', { base: '.' }).pipe(dest('dist'));
}

exports.default = parallel(icons, codex);
