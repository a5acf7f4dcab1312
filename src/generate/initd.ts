import {renderShellWord} from '../platform/shell-word.js';
import type {Planner} from './plan.js';
import {fillTemplate} from './template.js';

/** The init script of an instance. */
export const planInitd: Planner = (facts, templates) => [
	{
		path: `init.d/zeo-${facts.name}`,
		mode: 0o755,
		content: fillTemplate(templates.initd, {
			name: facts.name,
			'pid-file': facts.pidFile,
			conf: renderShellWord(facts.conf),
			directory: renderShellWord(facts.directory),
			node: renderShellWord(facts.node),
			script: renderShellWord(facts.script),
		}),
	},
];
