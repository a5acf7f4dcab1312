import {renderShellWord} from '../platform/shell-word.js';
import type {GeneratedFile} from './plan.js';
import type {ServiceFacts} from './service-facts.js';
import {fillTemplate} from './template.js';
import type {Templates} from './templates.js';

/** The init script of an instance. */
export const planInitd = (facts: ServiceFacts, templates: Templates): readonly GeneratedFile[] => [
	{
		path: `init.d/zeo-${facts.name}`,
		mode: 0o755,
		content: fillTemplate(templates.initd, {
			name: facts.name,
			conf: renderShellWord(facts.conf),
			directory: renderShellWord(facts.directory),
			node: renderShellWord(facts.node),
			script: renderShellWord(facts.script),
		}),
		kind: 'initd',
	},
];
