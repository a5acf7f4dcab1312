import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {checkRoot} from '../../src/scaffold/answer-checks.js';
import type {Answers} from '../../src/scaffold/answers.js';
import {planFolders, planInstance} from '../../src/scaffold/instance-plan.js';
import {loadSettings} from '../../src/settings/load.js';
import type {Settings} from '../../src/settings/settings.js';
import {hostileAnswers, hostileFolderNames, settleHostile} from './hostile-answers.js';
import {machineOf} from './scaffold.js';
import {temporaryFolder} from './temporary-folder.js';

/** An instance that was made of hostile answers. */
export type Instance = {
	readonly folder: string;
	/** Absolute. */
	readonly logs: string;
	readonly answers: Answers;
	/** A stand-in for Node, which shows its words and its folder. */
	readonly node: string;
	readonly script: string;
	conf(kind: string): string;
};

const show = `#!/bin/sh
{ pwd; for word do printf "[%s]\\n" "$word"; done; } | tee "$0.said"
`;

/** What the stand-in prints. */
export const shown = (folder: string, words: readonly string[]): string =>
	[folder, ...words.map(word => `[${word}]`), ''].join('\n');

/** Instances of all answers that are accepted, on disk, as `init` writes them. */
export const makeInstances = (t: ExecutionContext, howMany: number): readonly Instance[] => {
	const root = temporaryFolder(t);
	const folders = hostileFolderNames(howMany).map(name => path.join(root, name));
	const instances = hostileAnswers(howMany).flatMap((given, index) => {
		const folder = folders[index] ?? root;
		if (checkRoot(folder) !== undefined) return [];
		mkdirSync(folder);
		return [makeInstance(root, folder, given)];
	});
	t.true(instances.length > howMany / 4);
	return instances;
};

const makeInstance = (root: string, folder: string, given: Partial<Answers>): Instance => {
	const machine = machineOf({folder});
	// With authentication the confs name files that are made later.
	const {answers: settled} = settleHostile({...given, use_zeo_auth: 'no'}, machine);
	const isInside = path.resolve(folder, settled.logs_directory).startsWith(`${root}/`);
	const answers = isInside ? settled : {...settled, logs_directory: 'var/log'};
	const node = path.join(folder, 'node');
	const script = path.join(folder, 'zeoctl.cjs');
	const place = {folder, node, script, requirements: 'ZEO\n'};
	for (const each of planFolders(answers, place)) mkdirSync(each.path, {recursive: true});
	for (const {path: file, mode, content} of planInstance(answers, place)) {
		writeFileSync(path.join(folder, file), content, {mode});
	}
	writeFileSync(node, show, {mode: 0o755});
	writeFileSync(script, '');
	const conf = (kind: string): string => `${folder}/etc/${answers.project_slug}-${kind}.conf`;
	return {folder, logs: path.resolve(folder, answers.logs_directory), answers, node, script, conf};
};

/** What `zeoctl` reads of it. */
export const load = ({folder, conf}: Instance): Settings =>
	loadSettings({overrides: {configFile: conf('zeoctl')}, environment: {}, cwd: folder});
