// Makes dist/ after `tsc` has checked the types: one small CommonJS file for the client path, and one lazily
// required CommonJS chunk per command beside it. Everything is bundled, so an install is one package.
import {mkdir, readdir, readFile, rm, writeFile, chmod} from 'node:fs/promises';
import path from 'node:path';
import {build, transform} from 'esbuild';

const {version} = JSON.parse(await readFile('package.json', 'utf8'));
const common = {
	bundle: true,
	platform: 'node',
	target: 'node20.19',
	charset: 'utf8',
	sourcesContent: false,
	define: {'process.env.ZEOCTL_VERSION': JSON.stringify(version)},
	metafile: true,
	logLevel: 'warning',
};

// A command that is imported lazily is a file of its own in lib/.
const lazyCommands = {
	name: 'lazy-commands',
	setup(build) {
		build.onResolve({filter: /^\.\.?\//}, args =>
			args.kind === 'dynamic-import'
				? {path: `./lib/${path.basename(args.path, '.js')}.cjs`, external: true}
				: undefined,
		);
	},
};

await rm('dist', {recursive: true, force: true});
await mkdir('dist/lib', {recursive: true});

const client = await build({
	...common,
	entryPoints: {zeoctl: 'src/bin/zeoctl.ts'},
	outdir: 'dist',
	format: 'cjs',
	outExtension: {'.js': '.cjs'},
	sourcemap: true,
	banner: {js: '#!/usr/bin/env node\n"use strict";'},
	supported: {'dynamic-import': false},
	plugins: [lazyCommands],
});
await chmod('dist/zeoctl.cjs', 0o755);

const commands = (await readdir('src/cli/commands')).filter(name => name.endsWith('.ts'));
const rest = await build({
	...common,
	entryPoints: commands.map(name => `src/cli/commands/${name}`),
	outdir: 'dist/lib',
	format: 'esm',
	splitting: true,
	write: false,
	sourcemap: 'inline',
	chunkNames: 'shared-[hash]',
	outExtension: {'.js': '.cjs'},
});

await Promise.all(
	rest.outputFiles.map(async file => {
		const usesUrl = file.text.includes('import.meta.url');
		const cjs = await transform(file.text, {
			format: 'cjs',
			platform: 'node',
			target: 'node20.19',
			charset: 'utf8',
			sourcefile: path.basename(file.path),
			sourcemap: 'external',
			sourcesContent: false,
			supported: {'dynamic-import': false},
			banner: `"use strict";${usesUrl ? 'const __moduleUrl=require("node:url").pathToFileURL(__filename).href;' : ''}`,
			...(usesUrl && {define: {'import.meta.url': '__moduleUrl'}}),
		});
		await writeFile(file.path, `${cjs.code}//# sourceMappingURL=${path.basename(file.path)}.map\n`);
		await writeFile(`${file.path}.map`, cjs.map);
	}),
);

await writeNotices([client.metafile, rest.metafile]);

// One file with the licence of every package whose code is inside dist/.
async function writeNotices(metafiles) {
	const folders = new Set();
	for (const {inputs} of metafiles) {
		for (const input of Object.keys(inputs)) {
			const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
			if (folder) folders.add(folder);
		}
	}
	const notices = await Promise.all(
		[...folders].sort().map(async folder => {
			const manifest = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
			const licence = (await readdir(folder)).find(name => /^licen[cs]e/i.test(name));
			const text = licence ? await readFile(`${folder}/${licence}`, 'utf8') : '';
			return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${text.trim()}\n`;
		}),
	);
	const head = 'zeoctl contains code of the following packages.\n';
	await writeFile('THIRD-PARTY-NOTICES', [head, ...notices].join(`\n${'-'.repeat(78)}\n\n`));
}
