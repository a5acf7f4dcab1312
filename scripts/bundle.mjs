// Makes dist/ after `tsc` has checked the types: one small CommonJS file for the client path, and one lazily
// required CommonJS chunk per command beside it. Everything is bundled, so an install is one package.
import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {promisify} from 'node:util';
import {build, transform} from 'esbuild';
import {dialogueCommands, followingCommands} from '../build/src/bin/client-parts.js';

const {version} = JSON.parse(await readFile('package.json', 'utf8'));
const dialect = {
	platform: 'node',
	target: 'node20.19',
	// One character outside of Latin-1 would double what V8 keeps of a file.
	charset: 'ascii',
};
const commonJs = {...dialect, supported: {'dynamic-import': false}};
const common = {
	...dialect,
	bundle: true,
	sourcesContent: false,
	define: {'process.env.ZEOCTL_VERSION': JSON.stringify(version)},
	metafile: true,
	logLevel: 'warning',
};

// What is imported lazily is a file of its own beside the importing one, except for the named parts.
const lazyParts = (contained = []) => ({
	name: 'lazy-parts',
	setup(build) {
		build.onResolve({filter: /^\.\.?\//}, ({kind, path: imported}) => {
			const name = path.basename(imported, '.js');
			return kind === 'dynamic-import' && !contained.includes(name)
				? {path: `./${name}.cjs`, external: true}
				: undefined;
		});
	},
});

// A module whose names are looked up, at each use, in one that is loaded then: through the prototype, because
// esbuild's wrapper of a module copies what is its own.
const readWhenUsed = path => ({
	contents: `module.exports = Object.create(new Proxy({}, {get: (_, name) => require(${JSON.stringify(path)})[name]}));`,
});

// Parts of Node that most runs never need are read when they are first used: loading Node's network code alone
// takes a fifth of the time of an empty script. None is wrapped, as esbuild would, which copies all names of a module.
const alwaysLoaded = ['node:fs', 'node:path'];
const withDirectBuiltins = text => {
	const builtins = new Map();
	const declaration =
		/(?:var )?(import_\w+)\s*=\s*(?:__toESM\(\s*)?require\(\s*"(node:[a-z0-9/_]+)"\s*\)(?:(?:,\s*1\s*)?\))?;/g;
	// The map of the sources goes by lines.
	const breaksOf = code => code.replace(/[^\n]/g, '');
	const bare = text.replace(declaration, (declared, name, id) => {
		builtins.set(name, alwaysLoaded.includes(id) ? id.replace(':', '_') : `(require("${id}"))`);
		return breaksOf(declared);
	});
	const used = bare.replace(/\b(import_\w+)\s*\.\s*(default\b)?/g, (use, name, whole) => {
		const builtin = builtins.get(name);
		return builtin === undefined ? use : builtin + (whole ? '' : '.') + breaksOf(use);
	});
	const names = alwaysLoaded.map(id => `${id.replace(':', '_')}=require("${id}")`);
	return used.replace('"use strict";', `"use strict";const ${names.join(',')};`);
};

// What V8 must read and keep of a file grows with each letter of it, so all is made as short as can be. Lines no longer
// than those of the source, and a map beside the file, lead from an error back to where it came from.
const makeCompact = async ({outputFiles}, [head, foot]) => {
	const [code, map] = ['.cjs', '.map'].map(end =>
		outputFiles.find(file => file.path.endsWith(end)),
	);
	const link = map && Buffer.from(map.text).toString('base64');
	const source = map && `//# sourceMappingURL=data:application/json;base64,${link}`;
	const compact = await transform(`${withDirectBuiltins(code.text)}\n${source ?? ''}`, {
		...commonJs,
		format: 'cjs',
		treeShaking: true,
		minify: true,
		lineLimit: 120,
		...(map && {sourcemap: 'external', sourcesContent: false}),
	});
	return [
		{path: code.path, text: `${head}${compact.code.trimEnd()}${foot}\n`},
		...(map ? [{path: map.path, text: compact.map}] : []),
	];
};

// What src/platform/code-cache.ts expects around a file.
const wrapper = ['(function (exports, require, module, __filename, __dirname) {', '})'];

// Modules that a plain `status` never needs, by the name of the file that they get: V8's work grows with every line
// that it must load, also of code that does not run.
const deferredFiles = {
	'src/schema/log-format.ts': 'log-format',
	'src/schema/cron-expression.ts': 'cron-expression',
	'src/settings/server.ts': 'server',
	'src/control/client.ts': 'control-client',
	'src/platform/make-folder.ts': 'make-folder',
	'src/cli/own-name.ts': 'own-name',
	'src/cli/status-for-people.ts': 'status-for-people',
	'src/cli/conf-hint.ts': 'conf-hint',
	'src/platform/nearest-name.ts': 'nearest-name',
	'src/cli/likely-actions.ts': 'likely-actions',
};
const deferredModules = (contained = []) => ({
	name: 'deferred-modules',
	setup(build) {
		build.onResolve({filter: /^\.\.?\//}, ({path: imported, resolveDir, namespace}) => {
			if (namespace === 'deferred') return {path: imported, external: true};
			const file = path.relative('.', path.resolve(resolveDir, imported)).replace(/\.js$/, '.ts');
			const name = deferredFiles[file];
			return name === undefined || contained.includes(name)
				? undefined
				: {path: name, namespace: 'deferred'};
		});
		build.onLoad({filter: /.*/, namespace: 'deferred'}, ({path}) => readWhenUsed(`./${path}.cjs`));
	},
});

const buildCommonJs = (name, entry, more = {}) =>
	build({
		...common,
		entryPoints: {[name]: entry},
		outdir: 'dist/lib',
		write: false,
		format: 'cjs',
		outExtension: {'.js': '.cjs'},
		sourcemap: true,
		...commonJs,
		plugins: [lazyParts()],
		...more,
	});

// The client reads most commands only when they are asked for. Those that talk to a supervisor are in a second copy
// of it, together with what they talk with, and those that follow a file in a third; the supervisor that `start` leaves behind has all it needs in one file.
const buildClient = (name, contained) =>
	buildCommonJs(name, 'src/bin/client.ts', {
		plugins: [lazyParts(contained), deferredModules(contained)],
	});
const bundles = [
	await buildClient('client', []),
	await buildClient('dialogue', [...dialogueCommands, 'control-client']),
	await buildClient('follower', followingCommands),
	await buildCommonJs('supervisor', 'src/bin/supervisor.ts'),
];
const parts = (await Promise.all(bundles.map(bundle => makeCompact(bundle, wrapper)))).flat();

const content = parts.filter(file => file.path.endsWith('.cjs')).map(file => file.text);
const buildId = createHash('sha256').update(content.join('')).digest('hex').slice(0, 12);
const entry = await buildCommonJs('zeoctl', 'src/bin/zeoctl.ts', {
	outdir: 'dist',
	sourcemap: false,
	define: {...common.define, 'process.env.ZEOCTL_BUILD': JSON.stringify(buildId)},
});

const commands = (await readdir('src/cli/commands')).filter(name => name.endsWith('.ts'));
const rest = await build({
	...common,
	entryPoints: {
		...Object.fromEntries(
			commands.map(name => [path.basename(name, '.ts'), `src/cli/commands/${name}`]),
		),
		...Object.fromEntries(Object.entries(deferredFiles).map(([file, name]) => [name, file])),
		'pino-log': 'src/daemon/pino-log.ts',
		'pack-schedule': 'src/daemon/pack-schedule.ts',
		health: 'src/daemon/health.ts',
		monitor: 'src/daemon/monitor.ts',
		'pump-output': 'src/daemon/pump-output.ts',
		'explain-failure': 'src/cli/explain-failure.ts',
		'find-remains': 'src/cli/find-remains.ts',
		'place-advice': 'src/cli/place-advice.ts',
		'refused-conf': 'src/cli/refused-conf.ts',
		'run-tool': 'src/cli/run-tool.ts',
		'start-unit': 'src/cli/start-unit.ts',
		'status-alarms': 'src/cli/status-alarms.ts',
		'status-findings': 'src/cli/status-findings.ts',
		'stop-unit': 'src/cli/stop-unit.ts',
		'unknown-user': 'src/cli/unknown-user.ts',
		'view-unit': 'src/cli/view-unit.ts',
	},
	entryNames: '[name]',
	outdir: 'dist/lib',
	format: 'esm',
	splitting: true,
	write: false,
	sourcemap: 'inline',
	chunkNames: 'shared-[hash]',
	outExtension: {'.js': '.cjs'},
});

const chunks = await Promise.all(
	rest.outputFiles.map(async file => {
		const usesUrl = file.text.includes('import.meta.url');
		const cjs = await transform(file.text, {
			...commonJs,
			format: 'cjs',
			sourcefile: path.basename(file.path),
			sourcemap: 'external',
			sourcesContent: false,
			banner: `"use strict";${usesUrl ? 'const __moduleUrl=require("node:url").pathToFileURL(__filename).href;' : ''}`,
			...(usesUrl && {define: {'import.meta.url': '__moduleUrl'}}),
		});
		return [
			{path: `${file.path}.map`, text: cjs.map},
			{
				path: file.path,
				text: `${withDirectBuiltins(cjs.code)}//# sourceMappingURL=${path.basename(file.path)}.map\n`,
			},
		];
	}),
);

// The entry comes last: a dist/ that holds one is complete.
await rm('dist', {recursive: true, force: true});
await mkdir('dist/lib', {recursive: true});
for (const file of [...parts, ...chunks.flat()]) {
	await writeFile(file.path, file.text);
}
await writeNotices([...bundles, rest].map(({metafile}) => metafile));
for (const {path, text} of await makeCompact(entry, ['#!/usr/bin/env node\n', '']))
	await writeFile(path, text, {mode: 0o755});
await promisify(execFile)(process.execPath, ['scripts/warm.mjs'], {
	env: plainEnvironment(),
});

// The environment of a user who has set nothing that changes how Node compiles.
function plainEnvironment() {
	return Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')),
	);
}

// One file with the licence of every package whose code is inside dist/.
async function writeNotices(metafiles) {
	const inputs = metafiles
		.flatMap(({outputs}) => Object.values(outputs))
		.flatMap(output => Object.entries(output.inputs))
		.filter(([, {bytesInOutput}]) => bytesInOutput > 0)
		.map(([name]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(name)?.[0]);
	const folders = new Set(inputs.filter(Boolean));
	const notices = await Promise.all(
		[...folders].sort().map(async folder => {
			const manifest = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
			const licence = (await readdir(folder)).find(name => /^licen[cs]e/i.test(name));
			if (!licence) throw new Error(`cannot write the notices: ${folder} holds no licence text`);
			const text = await readFile(`${folder}/${licence}`, 'utf8');
			return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${text.trim()}\n`;
		}),
	);
	const head = 'zeoctl contains code of the following packages.\n';
	await writeFile('THIRD-PARTY-NOTICES', [head, ...notices].join(`\n${'-'.repeat(78)}\n\n`));
}
