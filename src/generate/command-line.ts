import type {ServiceFacts} from './service-facts.js';

/** The command line of a verb, as a service calls it. */
export const commandLine = (
	{node, script, conf}: ServiceFacts,
	...verb: readonly string[]
): readonly string[] => [node, script, '-C', conf, ...verb];
